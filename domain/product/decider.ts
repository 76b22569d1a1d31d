import type { Decider } from '../decider.ts';
import { domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import type { DraftProduct, ProductCommand } from './commands.ts';
import type { ProductEvent } from './events.ts';
import { type ListingBody, listingChanges, listingFrom } from './listing.ts';
import { evolve, type KnownProduct, type Product } from './product.ts';
import { approve, reject, submit, suspend } from './review.ts';
import { saleFollows } from './sale.ts';
import { addVersion, recordScan, yankVersion } from './versions.ts';

const draft = (command: DraftProduct, product: Product): readonly ProductEvent[] => {
  if (product.status !== 'none') throw domainError('PRODUCT_STATE', 'The product exists already');
  const { productId, vendorId, slug, listing } = command;
  return [{ type: 'ProductDrafted', data: { productId, vendorId, slug, ...listingFrom(listing) } }];
};

const revise = (changes: Partial<ListingBody>, product: KnownProduct): readonly ProductEvent[] => {
  const changed = listingChanges(changes, product.listing);
  if (Object.keys(changed).length === 0) return [];
  return [{ type: 'ProductRevised', data: { productId: product.productId, changes: changed } }];
};

/** The events, and what follows from them for the sale. */
const andSale = (
  product: Product,
  events: readonly ProductEvent[],
  approvalRequired: boolean,
): readonly ProductEvent[] => [...events, ...saleFollows(events.reduce(evolve, product), approvalRequired)];

const decide = (command: ProductCommand, product: Product): readonly ProductEvent[] => {
  if (command.type === 'DraftProduct') return draft(command, product);
  if (product.status === 'none') throw domainError('NOT_FOUND');
  switch (command.type) {
    case 'ReviseProduct':
      if (product.status === 'retired') throw domainError('PRODUCT_RETIRED');
      // The kind says how a file is checked (a workflow is searched for secrets).
      if (product.versions.length > 0 && (command.changes.kind ?? product.listing.kind) !== product.listing.kind)
        throw domainError('PRODUCT_STATE', 'The kind is fixed once a version was uploaded');
      return revise(command.changes, product);
    case 'AddVersion':
      if (product.status === 'retired') throw domainError('PRODUCT_RETIRED');
      return addVersion(command, product);
    case 'RecordScan':
      return andSale(product, recordScan(command, product), command.approvalRequired);
    case 'YankVersion':
      return andSale(product, yankVersion(command, product), command.approvalRequired);
    case 'SubmitProduct':
      return andSale(product, submit(product, command.vendorStatus), command.approvalRequired);
    case 'ApproveProduct':
      return andSale(product, approve(product, command.reason), command.approvalRequired);
    case 'RejectProduct':
      return reject(product, command.reason);
    case 'SuspendProduct':
      return suspend(product, command.reason);
    case 'RetireProduct':
      return product.status === 'retired' ? [] : [{ type: 'ProductRetired', data: { productId: product.productId } }];
    default:
      return unreachable(command);
  }
};

/** Streams `product-<productId>`. A verdict and a yank are taken in every state, also of a retired product. */
export const productDecider: Decider<ProductCommand, Product, ProductEvent> = {
  category: 'product',
  initial: { status: 'none' },
  decide,
  evolve,
};
