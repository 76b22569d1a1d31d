import { type ProductDocument, products } from '../../projections/products/products.ts';
import { type VendorDocument, vendors } from '../../projections/vendors/vendors.ts';
import type { ReadModels } from '../read-models.ts';

export type Waiting = {
  readonly type: 'vendor' | 'product';
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly vendorId: string;
  readonly since: string;
  readonly version?: { readonly version: string; readonly state: string };
};

const waitingVendor = ({ id, slug, displayName, registeredAt }: VendorDocument): Waiting => ({
  ...{ type: 'vendor', id, slug, title: displayName, vendorId: id },
  since: registeredAt,
});

const waitingProduct = (product: ProductDocument): Waiting => {
  const { id, slug, title, vendorId, submittedAt, createdAt } = product;
  const newest = product.versions.findLast(({ state }) => state !== 'yanked');
  const version = newest === undefined ? {} : { version: { version: newest.version, state: newest.state } };
  return { type: 'product', id, slug, title, vendorId, since: submittedAt ?? createdAt, ...version };
};

/** Pending vendors, and submitted products that no administrator agreed to yet; the oldest first. */
export const waitingForApproval = async (models: ReadModels): Promise<readonly Waiting[]> => {
  const waiting: Waiting[] = [];
  const since = (field: string) => [{ field, direction: 'asc' }] as const;
  for await (const vendor of models.each(vendors, { where: { state: 'pending' }, order: since('registeredAt') }))
    waiting.push(waitingVendor(vendor));
  for await (const product of models.each(products, { where: { state: 'submitted' }, order: since('submittedAt') }))
    if (!product.approved) waiting.push(waitingProduct(product));
  return waiting.sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : a.id < b.id ? -1 : 1));
};
