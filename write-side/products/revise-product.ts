import { domainError } from '../../domain/errors.ts';
import { productDecider } from '../../domain/product/decider.ts';
import type { ListingBody } from '../../domain/product/listing.ts';
import type { Product } from '../../domain/product/product.ts';
import type { CommandContext } from '../handling/context.ts';
import type { Handled, Handling, HandlingOptions } from '../handling/handling.ts';

/**
 * Changes the listing. The kind says how a file is checked (a workflow is searched for secrets), so it is fixed once there
 * is a version: decided on the very revision that was looked at.
 * @throws DomainError PRODUCT_STATE, and as `ReviseProduct`
 */
export const reviseProduct = async (
  handling: Handling,
  productId: string,
  changes: Partial<ListingBody>,
  context: CommandContext,
  options: HandlingOptions,
): Promise<Handled<Product>> => {
  const revise = { type: 'ReviseProduct', changes } as const;
  const { state, revision } = await handling.load(productDecider, productId);
  if (state.status === 'none' || changes.kind === undefined || changes.kind === state.listing.kind) {
    return handling.handle(productDecider, productId, revise, context, options);
  }
  if (state.versions.length > 0) throw domainError('PRODUCT_STATE', 'The kind is fixed once a version was uploaded');
  return handling.handle(productDecider, productId, revise, context, { ifRevision: options.ifRevision ?? revision });
};
