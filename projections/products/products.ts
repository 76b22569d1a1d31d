import type { Recorded } from '../../domain/event/recorded.ts';
import type { Finding, LicenseTier } from '../../domain/product/events.ts';
import { projection } from '../definition.ts';
import { noStars, type Stars, withEditedReview, withoutReview, withReview } from '../reviews/stars.ts';
import { factsOf, factsRevised, type ListedFacts } from './listing.ts';

export type VersionDocument = {
  readonly version: string;
  readonly state: 'scanning' | 'clean' | 'infected' | 'blocked' | 'yanked';
  readonly sha256: string;
  readonly size: number;
  readonly fileName: string;
  readonly notes: string | null;
  readonly findings: readonly Finding[];
  readonly nodeCount: number | null;
  readonly integrations: readonly string[];
  readonly previewKey: string | null;
  readonly uploadedAt: string;
};

export type ProductDocument = ListedFacts & {
  readonly id: string;
  readonly vendorId: string;
  readonly slug: string;
  readonly state: 'draft' | 'submitted' | 'rejected' | 'published' | 'suspended' | 'retired';
  readonly tiers: readonly LicenseTier[];
  readonly stock: number | null;
  readonly versions: readonly VersionDocument[];
  /** The version on sale. */
  readonly saleVersion: string | null;
  readonly reasons: readonly string[];
  readonly sold: number;
  readonly stars: Stars;
  readonly createdAt: string;
  /** When publication was asked for last; an administrator's consent that came since. */
  readonly submittedAt: string | null;
  readonly approved: boolean;
  readonly publishedAt: string | null;
  readonly revision: string;
};

type OfProduct = Recorded<{ readonly type: string; readonly data: { readonly productId: string } }>;
const productId = (event: OfProduct): string => event.data.productId;
const inState =
  (state: ProductDocument['state']) =>
  (product: ProductDocument | undefined, event: OfProduct): ProductDocument | undefined =>
    product && { ...product, state, revision: event.revision.toString() };

const withVersion = (
  product: ProductDocument,
  version: string,
  change: (known: VersionDocument) => VersionDocument,
): readonly VersionDocument[] => product.versions.map((known) => (known.version === version ? change(known) : known));

/** The product page, for everybody and for its vendor: whole, in every state; who sees what is decided when queried. */
export const products = projection<ProductDocument>('products', {
  version: 2,
  sink: 'documents',
  indexes: [['slug'], ['vendorId', 'createdAt'], ['state', 'createdAt'], ['state', 'submittedAt']],
})
  .on('ProductDrafted', productId, (_, { data, metadata, revision }) => ({
    ...factsOf(data),
    id: data.productId,
    vendorId: data.vendorId,
    slug: data.slug,
    state: 'draft',
    tiers: data.tiers,
    stock: data.stock,
    versions: [],
    saleVersion: null,
    reasons: [],
    sold: 0,
    stars: noStars,
    createdAt: metadata.occurredAt,
    submittedAt: null,
    approved: false,
    publishedAt: null,
    revision: revision.toString(),
  }))
  .on(
    'ProductRevised',
    productId,
    (product, { data, revision }) =>
      product && {
        ...product,
        ...factsRevised(product, data.changes),
        tiers: data.changes.tiers ?? product.tiers,
        stock: data.changes.stock === undefined ? product.stock : data.changes.stock,
        revision: revision.toString(),
      },
  )
  .on(
    'VersionUploaded',
    productId,
    (product, { data, metadata, revision }) =>
      product && {
        ...product,
        versions: [
          ...product.versions,
          {
            version: data.version,
            state: 'scanning',
            sha256: data.sha256,
            size: data.size,
            fileName: data.fileName,
            notes: data.notes ?? null,
            findings: [],
            nodeCount: null,
            integrations: [],
            previewKey: null,
            uploadedAt: metadata.occurredAt,
          },
        ],
        revision: revision.toString(),
      },
  )
  .on(
    'VersionScanned',
    productId,
    (product, { data, revision }) =>
      product && {
        ...product,
        versions: withVersion(product, data.version, (known) => ({
          ...known,
          state: data.verdict,
          findings: data.findings,
          nodeCount: data.nodeCount ?? null,
          integrations: data.integrations ?? [],
          previewKey: data.previewKey ?? null,
        })),
        revision: revision.toString(),
      },
  )
  .on(
    'VersionYanked',
    productId,
    (product, { data, revision }) =>
      product && {
        ...product,
        versions: withVersion(product, data.version, (known) => ({ ...known, state: 'yanked' })),
        saleVersion: product.saleVersion === data.version ? null : product.saleVersion,
        revision: revision.toString(),
      },
  )
  .on(
    'ProductSubmitted',
    productId,
    (product, { metadata, revision }) =>
      product && {
        ...product,
        submittedAt: metadata.occurredAt,
        state: product.state === 'draft' || product.state === 'rejected' ? 'submitted' : product.state,
        reasons: [],
        revision: revision.toString(),
      },
  )
  .on(
    'ProductApproved',
    productId,
    (product, { revision }) => product && { ...product, approved: true, revision: revision.toString() },
  )
  .on(
    'ProductRejected',
    productId,
    (product, { data, revision }) =>
      product && {
        ...product,
        state: 'rejected',
        // A verdict does not take the consent back.
        approved: data.by === 'scan' && product.approved,
        reasons: data.reasons,
        revision: revision.toString(),
      },
  )
  .on(
    'ProductPublished',
    productId,
    (product, { data, metadata, revision }) =>
      product && {
        ...product,
        state: 'published',
        saleVersion: data.version,
        publishedAt: product.publishedAt ?? metadata.occurredAt,
        revision: revision.toString(),
      },
  )
  .on(
    'ProductVersionReleased',
    productId,
    (product, { data, revision }) =>
      product && { ...product, saleVersion: data.version, revision: revision.toString() },
  )
  .on('ProductSuspended', productId, inState('suspended'))
  .on('ProductReinstated', productId, inState('published'))
  .on('ProductRetired', productId, inState('retired'))
  .on('ReviewPublished', (event) => event.data.productId, withReview<ProductDocument>)
  .on('ReviewEdited', (event) => event.data.productId, withEditedReview<ProductDocument>)
  .on('ReviewExcluded', (event) => event.data.productId, withoutReview<ProductDocument>)
  .on('ReviewRestored', (event) => event.data.productId, withReview<ProductDocument>)
  .on(
    'LicenseIssued',
    (event) => event.data.productId,
    (product) => product && { ...product, sold: product.sold + 1 },
  );
