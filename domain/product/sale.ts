import type { ProductEvent } from './events.ts';
import { newestClean, newestVersion, type Product } from './product.ts';
import { badVersion } from './readiness.ts';

/**
 * What follows by itself from the product as it is now; decided in the same append as what led there, so that no other
 * process is needed. Submitted: published once its newest version is clean and approval is there or not required;
 * rejected when it is bad. Published: always sells its newest clean version; when the last one was yanked it is
 * suspended, until the next clean one brings it back.
 */
export const saleFollows = (product: Product, approvalRequired: boolean): readonly ProductEvent[] => {
  if (product.status === 'none') return [];
  const { productId } = product;
  const clean = newestClean(product);
  if (product.status === 'submitted') {
    const newest = newestVersion(product);
    if (newest === undefined) return [];
    const reasons = [...badVersion(newest)];
    if (reasons.length > 0) return [{ type: 'ProductRejected', data: { productId, by: 'scan', reasons } }];
    if (newest.state !== 'clean' || (approvalRequired && !product.approved)) return [];
    return [{ type: 'ProductPublished', data: { productId, version: newest.version } }];
  }
  if (product.status === 'published') {
    if (clean === undefined)
      return [{ type: 'ProductSuspended', data: { productId, reason: 'No version is left to sell' } }];
    if (clean.version === product.saleVersion) return [];
    return [{ type: 'ProductVersionReleased', data: { productId, version: clean.version } }];
  }
  if (product.status === 'suspended' && product.cause === 'noVersion' && clean !== undefined)
    return reinstated(product, clean.version, 'A version can be sold again');
  return [];
};

/** Back on sale, with `version`. */
export const reinstated = (
  product: Extract<Product, { status: 'suspended' }>,
  version: string,
  reason: string | undefined,
): readonly ProductEvent[] => {
  const { productId } = product;
  return [
    { type: 'ProductReinstated', data: reason === undefined ? { productId } : { productId, reason } },
    ...(version === product.saleVersion
      ? []
      : [{ type: 'ProductVersionReleased', data: { productId, version } } satisfies ProductEvent]),
  ];
};
