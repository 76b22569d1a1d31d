import type { Recorded } from '../../domain/event/recorded.ts';
import { categorySlug } from '../../domain/slug/slugify.ts';
import type { SearchEntry } from '../../infra/search/port.ts';
import { projection } from '../definition.ts';
import { factsOf, factsRevised, type ListedFacts } from './listing.ts';

type OfProduct = Recorded<{ readonly type: string; readonly data: { readonly productId: string } }>;
const productId = (event: OfProduct): string => event.data.productId;
const listed =
  (onSale: boolean) =>
  (entry: SearchEntry | undefined): SearchEntry | undefined =>
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
const revised = (entry: SearchEntry, changes: Parameters<typeof factsRevised>[1]): SearchEntry => {
  const { title, description, categoryLabel: category, tags, kind, worksWith: integrations, price, currency } = entry;
  const before = { title, summary: description, description, category, tags, kind, integrations, price, currency };
  return { ...entry, ...searchable(factsRevised(before, changes)) };
};

/** What search knows of every product; only listed ones are found. */
export const search = projection<SearchEntry>('search', { version: 1, sink: 'search' })
  .on('ProductDrafted', productId, (_, { data }) => ({
    ...searchable(factsOf(data)),
    id: data.productId,
    vendorId: data.vendorId,
    rating: 0,
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
    'LicenseIssued',
    (event) => event.data.productId,
    (entry) => entry && { ...entry, sold: entry.sold + 1 },
  );
