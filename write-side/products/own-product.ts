import { accountDecider } from '../../domain/account/account.ts';
import { domainError } from '../../domain/errors.ts';
import { productDecider } from '../../domain/product/decider.ts';
import type { KnownProduct } from '../../domain/product/product.ts';
import { type Vendor, vendorDecider } from '../../domain/vendor/vendor.ts';
import type { Identity } from '../../infra/http/port.ts';
import type { Handling } from '../handling/handling.ts';

/** The id of the caller's vendor, from the log; undefined: the account has none. */
export const findVendorOf = async (handling: Handling, { accountId }: Identity): Promise<string | undefined> => {
  const { state } = await handling.load(accountDecider, accountId);
  return state.status === 'none' ? undefined : state.vendorId;
};

/** @throws DomainError VENDOR_STATE: the role alone (an administrator gave it) makes no vendor */
export const vendorOf = async (handling: Handling, identity: Identity): Promise<string> => {
  const vendorId = await findVendorOf(handling, identity);
  if (vendorId === undefined) throw domainError('VENDOR_STATE', 'The account has no vendor yet: register one first.');
  return vendorId;
};

/** @throws DomainError NOT_FOUND */
export const knownProduct = async (handling: Handling, productId: string): Promise<KnownProduct> => {
  const { state } = await handling.load(productDecider, productId);
  if (state.status === 'none') throw domainError('NOT_FOUND');
  return state;
};

/** The caller's own product and its vendor. @throws DomainError NOT_FOUND: somebody else's is as absent as none */
export const ownProduct = async (
  handling: Handling,
  productId: string,
  identity: Identity,
): Promise<{ readonly product: KnownProduct; readonly vendor: Vendor }> => {
  const product = await knownProduct(handling, productId);
  const { state: vendor } = await handling.load(vendorDecider, product.vendorId);
  if (vendor.status === 'none' || vendor.ownerId !== identity.accountId) throw domainError('NOT_FOUND');
  return { product, vendor };
};
