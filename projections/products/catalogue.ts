import type { Recorded } from '../../domain/event/recorded.ts';
import { projection } from '../definition.ts';
import { noStars, type Stars, withEditedReview, withoutReview, withReview } from '../reviews/stars.ts';
import { factsOf, factsRevised } from './listing.ts';

/** A card of the storefront. The vendor's name is joined when queried. */
export type CardDocument = {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly summary: string;
  readonly price: number;
  readonly currency: string;
  readonly kind: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly vendorId: string;
  readonly sold: number;
  readonly stars: Stars;
  readonly nodeCount: number | null;
  readonly integrations: readonly string[];
  readonly version: string | null;
  readonly publishedAt: string | null;
  /** On sale now; cards of drafts wait here unseen. */
  readonly listed: boolean;
  /** Node counts of scanned versions, for the one that goes on sale. */
  readonly nodeCounts: { readonly [version: string]: number | null };
};

type OfProduct = Recorded<{ readonly type: string; readonly data: { readonly productId: string } }>;
const productId = (event: OfProduct): string => event.data.productId;
const listed =
  (onSale: boolean) =>
  (card: CardDocument | undefined): CardDocument | undefined =>
    card && { ...card, listed: onSale };

const selling = (card: CardDocument, version: string): CardDocument => ({
  ...card,
  version,
  nodeCount: card.nodeCounts[version] ?? null,
});

export const catalogue = projection<CardDocument>('catalogue', {
  version: 2,
  sink: 'documents',
  indexes: [['listed', 'category']],
})
  .on('ProductDrafted', productId, (_, { data }) => {
    const { title, summary, price, currency, kind, category, tags, integrations } = factsOf(data);
    return {
      id: data.productId,
      slug: data.slug,
      ...{ title, summary, price, currency, kind, category, tags, integrations },
      vendorId: data.vendorId,
      sold: 0,
      stars: noStars,
      nodeCount: null,
      version: null,
      publishedAt: null,
      listed: false,
      nodeCounts: {},
    };
  })
  .on('ProductRevised', productId, (card, { data }) => {
    if (card === undefined) return undefined;
    const { title, summary, price, currency, kind, category, tags, integrations } = factsRevised(
      { ...card, description: '' },
      data.changes,
    );
    return { ...card, title, summary, price, currency, kind, category, tags, integrations };
  })
  .on(
    'VersionScanned',
    productId,
    (card, { data }) => card && { ...card, nodeCounts: { ...card.nodeCounts, [data.version]: data.nodeCount ?? null } },
  )
  .on(
    'ProductPublished',
    productId,
    (card, { data, metadata }) =>
      card && { ...selling(card, data.version), listed: true, publishedAt: card.publishedAt ?? metadata.occurredAt },
  )
  .on('ProductVersionReleased', productId, (card, { data }) => card && selling(card, data.version))
  .on('ProductSuspended', productId, listed(false))
  .on('ProductReinstated', productId, listed(true))
  .on('ProductRetired', productId, listed(false))
  .on('ReviewPublished', (event) => event.data.productId, withReview<CardDocument>)
  .on('ReviewEdited', (event) => event.data.productId, withEditedReview<CardDocument>)
  .on('ReviewExcluded', (event) => event.data.productId, withoutReview<CardDocument>)
  .on('ReviewRestored', (event) => event.data.productId, withReview<CardDocument>)
  .on(
    'LicenseIssued',
    (event) => event.data.productId,
    (card) => card && { ...card, sold: card.sold + 1 },
  );
