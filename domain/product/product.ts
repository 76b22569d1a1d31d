import { unreachable } from '../unreachable.ts';
import type { Finding, Listing, ProductEvent } from './events.ts';

export type VersionState = 'scanning' | 'clean' | 'infected' | 'blocked' | 'yanked';
export type ProductVersion = {
  readonly version: string;
  readonly state: VersionState;
  readonly objectKey: string;
  readonly sha256: string;
  readonly size: number;
  readonly fileName: string;
  readonly notes?: string | undefined;
  readonly findings: readonly Finding[];
  readonly nodeCount?: number | undefined;
  readonly integrations?: readonly string[] | undefined;
  readonly previewKey?: string | undefined;
};

export type ProductFacts = {
  readonly productId: string;
  readonly vendorId: string;
  readonly slug: string;
  readonly listing: Listing;
  /** In the order of upload, which is that of precedence. */
  readonly versions: readonly ProductVersion[];
  /** On sale now (`published`) or put on sale last; null: never. */
  readonly saleVersion: string | null;
  /** An administrator agreed, and did not reject since. */
  readonly approved: boolean;
  /** How often the vendor has set the stock; 0: never limited. */
  readonly stockLevel: number;
};

/** `noVersion`: the last version that could be sold was yanked; the next clean one brings it back. */
export type SuspensionCause = 'admin' | 'noVersion';

export type Product =
  | { readonly status: 'none' }
  | (ProductFacts & { readonly status: 'draft' | 'submitted' | 'retired' })
  | (ProductFacts & { readonly status: 'published'; readonly saleVersion: string })
  | (ProductFacts & { readonly status: 'rejected'; readonly by: 'admin' | 'scan'; readonly reasons: readonly string[] })
  | (ProductFacts & { readonly status: 'suspended'; readonly cause: SuspensionCause; readonly reason?: string });
export type KnownProduct = Exclude<Product, { status: 'none' }>;

/** The version of that number, if there is one. */
export const versionOf = (product: ProductFacts, version: string): ProductVersion | undefined =>
  product.versions.find((v) => v.version === version);

/** The newest version that was not yanked: the one that readiness and publication look at. */
export const newestVersion = (product: ProductFacts): ProductVersion | undefined =>
  product.versions.findLast((v) => v.state !== 'yanked');

/** The newest version that may be sold. */
export const newestClean = (product: ProductFacts): ProductVersion | undefined =>
  product.versions.findLast((v) => v.state === 'clean');

const factsOf = (product: KnownProduct): ProductFacts => {
  const { productId, vendorId, slug, listing, versions, saleVersion, approved, stockLevel } = product;
  return { productId, vendorId, slug, listing, versions, saleVersion, approved, stockLevel };
};

const drafted = ({
  productId,
  vendorId,
  slug,
  ...listing
}: Extract<ProductEvent, { type: 'ProductDrafted' }>['data']): Product => ({
  status: 'draft',
  productId,
  vendorId,
  slug,
  listing,
  versions: [],
  saleVersion: null,
  approved: false,
  stockLevel: listing.stock === null ? 0 : 1,
});

const withVersion = (
  product: KnownProduct,
  version: string,
  change: (v: ProductVersion) => ProductVersion,
): Product => ({
  ...product,
  versions: product.versions.map((v) => (v.version === version ? change(v) : v)),
});

const revised = (
  product: KnownProduct,
  changes: Extract<ProductEvent, { type: 'ProductRevised' }>['data']['changes'],
): Product => {
  const listing: Listing = Object.assign({}, product.listing, changes);
  return { ...product, listing, stockLevel: product.stockLevel + (changes.stock === undefined ? 0 : 1) };
};

const suspended = (product: KnownProduct, reason: string | undefined): Product => {
  if (product.status !== 'published' && product.status !== 'suspended') return product;
  const sellable = product.status === 'suspended' || newestClean(product) !== undefined;
  const cause: SuspensionCause = sellable ? 'admin' : 'noVersion';
  return { ...factsOf(product), status: 'suspended', cause, ...(reason === undefined ? {} : { reason }) };
};

/** Total: an event that can't be changes nothing. */
export const evolve = (product: Product, event: ProductEvent): Product => {
  if (event.type === 'ProductDrafted') return product.status === 'none' ? drafted(event.data) : product;
  if (product.status === 'none') return product;
  switch (event.type) {
    case 'ProductRevised':
      return revised(product, event.data.changes);
    case 'VersionUploaded': {
      const { productId: _, ...upload } = event.data;
      if (versionOf(product, upload.version) !== undefined) return product;
      return { ...product, versions: [...product.versions, { ...upload, state: 'scanning', findings: [] }] };
    }
    case 'VersionScanned': {
      const { verdict, findings, nodeCount, integrations, previewKey } = event.data;
      return withVersion(product, event.data.version, (v) =>
        v.state === 'scanning' ? { ...v, state: verdict, findings, nodeCount, integrations, previewKey } : v,
      );
    }
    case 'VersionYanked':
      return withVersion(product, event.data.version, (v) => ({ ...v, state: 'yanked' }));
    case 'ProductSubmitted':
      return product.status === 'draft' || product.status === 'rejected'
        ? { ...factsOf(product), status: 'submitted' }
        : product;
    case 'ProductApproved':
      return product.status === 'submitted' ? { ...product, approved: true } : product;
    case 'ProductRejected': {
      if (product.status !== 'submitted' && product.status !== 'rejected') return product;
      const { by, reasons } = event.data;
      const facts = factsOf(product);
      return { ...facts, status: 'rejected', approved: by === 'scan' && facts.approved, by, reasons };
    }
    case 'ProductPublished':
      return product.status === 'submitted'
        ? { ...product, status: 'published', saleVersion: event.data.version }
        : product;
    case 'ProductVersionReleased':
      return product.status === 'published' ? { ...product, saleVersion: event.data.version } : product;
    case 'ProductSuspended':
      return suspended(product, event.data.reason);
    case 'ProductReinstated':
      return product.status === 'suspended' && product.saleVersion !== null
        ? { ...factsOf(product), status: 'published', saleVersion: product.saleVersion }
        : product;
    case 'ProductRetired':
      return { ...factsOf(product), status: 'retired' };
    default:
      return unreachable(event);
  }
};
