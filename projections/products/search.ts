import type { Recorded } from '../../domain/event/recorded.ts';
import { categorySlug } from '../../domain/slug/slugify.ts';
import type { SearchEntry } from '../../infra/search/port.ts';
import { projection } from '../definition.ts';
import { averageOf, noStars, type Stars, withEditedReview, withoutReview, withReview } from '../reviews/stars.ts';
import { factsOf, factsRevised, type ListedFacts } from './listing.ts';

type OfProduct = Recorded<{ readonly type: string; readonly data: { readonly productId: string } }>;
const productId = (event: OfProduct): string => event.data.productId;
const listed =
  (onSale: boolean) =>
  (entry: RatedEntry | undefined): RatedEntry | undefined =>
    entry && { ...entry, listed: onSale };

const searchable = (facts: ListedFacts) => ({
  title: facts.title,
  description: facts.description === '' ? facts.summary : facts.description,
  category: categorySlug(facts.category),
  categoryLabel: facts.category,
  tags: facts.tags,
  kind: facts.kind,
  worksWith: facts.integrations,
  price: facts.price,
  currency: facts.currency,
});

/** The revision applied to what search knows; the summary is not kept apart. */
const revised = (entry: RatedEntry, changes: Parameters<typeof factsRevised>[1]): RatedEntry => {
  const { title, description, categoryLabel: category, tags, kind, worksWith: integrations, price, currency } = entry;
  const before = { title, summary: description, description, category, tags, kind, integrations, price, currency };
  return { ...entry, ...searchable(factsRevised(before, changes)) };
};

/** What search is given, and what its rating is folded from. */
export type RatedEntry = SearchEntry & { readonly stars: Stars };
const rated = (entry: RatedEntry | undefined): RatedEntry | undefined =>
  entry && { ...entry, rating: averageOf(entry.stars) };

/** What search knows of every product; only listed ones are found. */
export const search = projection<RatedEntry>('search', { version: 2, sink: 'search' })
  .on('ProductDrafted', productId, (_, { data }) => ({
    ...searchable(factsOf(data)),
    id: data.productId,
    vendorId: data.vendorId,
    rating: 0,
    stars: noStars,
    sold: 0,
    publishedAt: 0,
    listed: false,
  }))
  .on('ProductRevised', productId, (entry, { data }) => entry && revised(entry, data.changes))
  .on(
    'ProductPublished',
    productId,
    (entry, { metadata }) =>
      entry && { ...entry, listed: true, publishedAt: entry.publishedAt || Date.parse(metadata.occurredAt) },
  )
  .on('ProductSuspended', productId, listed(false))
  .on('ProductReinstated', productId, listed(true))
  .on('ProductRetired', productId, listed(false))
  .on(
    'ReviewPublished',
    (event) => event.data.productId,
    (entry, event) => rated(withReview(entry, event)),
  )
  .on(
    'ReviewEdited',
    (event) => event.data.productId,
    (entry, event) => rated(withEditedReview(entry, event)),
  )
  .on(
    'ReviewExcluded',
    (event) => event.data.productId,
    (entry, event) => rated(withoutReview(entry, event)),
  )
  .on(
    'ReviewRestored',
    (event) => event.data.productId,
    (entry, event) => rated(withReview(entry, event)),
  )
  .on(
    'LicenseIssued',
    (event) => event.data.productId,
    (entry) => entry && { ...entry, sold: entry.sold + 1 },
  );
