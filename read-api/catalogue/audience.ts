import { domainError } from '../../domain/errors.ts';
import type { Identity } from '../../infra/http/port.ts';
import { licenses } from '../../projections/licenses/licenses.ts';
import { type ProductDocument, products, type VersionDocument } from '../../projections/products/products.ts';
import { type VendorDocument, vendors } from '../../projections/vendors/vendors.ts';
import type { ReadModels } from '../read-models.ts';
import { isAdmin, isOwnVendor } from '../who-owns.ts';

/** As whom somebody sees a product; `owner` holds a licence of it. */
export type Audience = 'vendor' | 'admin' | 'owner' | 'stranger';
export type SeenProduct = {
  readonly product: ProductDocument;
  readonly vendor: VendorDocument;
  readonly audience: Audience;
};

/** What a product page and its audience are read from. */
export const pageReads = [products.name, vendors.name, licenses.name];

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

const findProduct = async (models: ReadModels, idOrSlug: string): Promise<ProductDocument | undefined> => {
  if (uuid.test(idOrSlug)) return models.get(products, idOrSlug.toLowerCase());
  const [product] = await models.find(products, { where: { slug: idOrSlug }, limit: 1 });
  return product;
};

const holdsLicense = async (models: ReadModels, productId: string, identity: Identity): Promise<boolean> => {
  const held = await models.find(licenses, {
    where: { ownerId: identity.accountId, productId, state: { in: ['active', 'suspended'] } },
    limit: 1,
  });
  return held.length > 0;
};

/** Whether anyone may buy it: what a suspended vendor sells is off sale until the vendor is back. */
export const isOnSale = (product: ProductDocument, vendor: VendorDocument): boolean =>
  product.state === 'published' && vendor.state === 'approved';

const audienceOf = async (
  models: ReadModels,
  product: ProductDocument,
  vendor: VendorDocument,
  identity: Identity | undefined,
): Promise<Audience | undefined> => {
  if (isOwnVendor(vendor, identity)) return 'vendor';
  if (isAdmin(identity)) return 'admin';
  if (isOnSale(product, vendor)) return 'stranger';
  return identity !== undefined && (await holdsLicense(models, product.id, identity)) ? 'owner' : undefined;
};

/**
 * A product as the caller may see it: strangers while it is on sale, owners of a licence also afterwards, its vendor and
 * administrators always.
 * @throws DomainError NOT_FOUND; READ_MODEL_BEHIND when its vendor is not there yet
 */
export const seenProduct = async (
  models: ReadModels,
  idOrSlug: string,
  identity: Identity | undefined,
): Promise<SeenProduct> => {
  const product = await findProduct(models, idOrSlug);
  if (product === undefined) throw domainError('NOT_FOUND');
  const vendor = await models.get(vendors, product.vendorId);
  if (vendor === undefined) throw domainError('READ_MODEL_BEHIND');
  const audience = await audienceOf(models, product, vendor, identity);
  if (audience === undefined) throw domainError('NOT_FOUND');
  return { product, vendor, audience };
};

/** The versions that the audience sees, in the order of upload. */
export const versionsFor = ({ product, audience }: SeenProduct): readonly VersionDocument[] =>
  audience === 'vendor' || audience === 'admin'
    ? product.versions
    : product.versions.filter(({ state }) => state === 'clean' || state === 'yanked');
