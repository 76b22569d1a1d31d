import { type DomainError, domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import type { VendorStatus } from '../vendor/vendor.ts';
import type { ProductEvent } from './events.ts';
import { type KnownProduct, newestClean } from './product.ts';
import { missing } from './readiness.ts';
import { reinstated } from './sale.ts';

const notReady = (reasons: readonly string[]): DomainError =>
  domainError('NOT_READY', reasons.join(' '), { reasons: [...reasons] });
const wrongState = (product: KnownProduct): DomainError =>
  product.status === 'retired'
    ? domainError('PRODUCT_RETIRED')
    : domainError('PRODUCT_STATE', `The product is ${product.status}`);
const because = (productId: string, reason: string | undefined) =>
  reason === undefined ? { productId } : { productId, reason };

/** Asks for publication; legal while a scan runs. @throws PRODUCT_RETIRED, VENDOR_NOT_APPROVED, NOT_READY, PRODUCT_STATE */
export const submit = (product: KnownProduct, vendor: VendorStatus): readonly ProductEvent[] => {
  if (product.status === 'retired') throw wrongState(product);
  if (vendor !== 'approved') throw domainError('VENDOR_NOT_APPROVED');
  if (product.status === 'submitted' || product.status === 'published') return [];
  if (product.status === 'suspended' && product.cause === 'admin') throw wrongState(product);
  const reasons = missing(product);
  if (reasons.length > 0) throw notReady(reasons);
  // Suspended for want of a version: a scan runs, and its verdict brings the product back by itself.
  return product.status === 'suspended' ? [] : [{ type: 'ProductSubmitted', data: { productId: product.productId } }];
};

/** Consents, also while a scan runs; reinstates what is suspended. @throws PRODUCT_RETIRED, PRODUCT_STATE, NOT_READY */
export const approve = (product: KnownProduct, reason: string | undefined): readonly ProductEvent[] => {
  switch (product.status) {
    case 'published':
      return [];
    case 'submitted':
      return product.approved ? [] : [{ type: 'ProductApproved', data: because(product.productId, reason) }];
    case 'suspended': {
      const clean = newestClean(product);
      if (clean === undefined) throw notReady(['There is no clean version to sell.']);
      return reinstated(product, clean.version, reason);
    }
    case 'draft':
    case 'rejected':
    case 'retired':
      throw wrongState(product);
    default:
      return unreachable(product);
  }
};

/** Refuses a submitted product and withdraws an earlier approval. @throws PRODUCT_RETIRED, PRODUCT_STATE */
export const reject = (product: KnownProduct, reason: string): readonly ProductEvent[] => {
  if (product.status === 'rejected' && product.by === 'admin') return [];
  if (product.status !== 'submitted' && product.status !== 'rejected') throw wrongState(product);
  return [{ type: 'ProductRejected', data: { productId: product.productId, by: 'admin', reasons: [reason] } }];
};

/** Takes a published product off sale until an administrator reinstates it. @throws PRODUCT_RETIRED, PRODUCT_STATE */
export const suspend = (product: KnownProduct, reason: string | undefined): readonly ProductEvent[] => {
  if (product.status === 'suspended' && product.cause === 'admin') return [];
  if (product.status !== 'published' && product.status !== 'suspended') throw wrongState(product);
  return [{ type: 'ProductSuspended', data: because(product.productId, reason) }];
};
