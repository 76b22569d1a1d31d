import type { Facets, FacetValue, SearchEntry, SearchFilters } from './port.ts';
import { priceBucketOf, priceFacetValue } from './price-buckets.ts';

const wordsIn = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().split(' '));

type Predicates = Readonly<Record<keyof Facets | 'vendorId' | 'exceptVendors', (entry: SearchEntry) => boolean>>;

const predicatesOf = (filters: SearchFilters): Predicates => {
  const { minPrice = 0, maxPrice = Number.POSITIVE_INFINITY, currency = 'USD' } = filters;
  const priced = filters.minPrice !== undefined || filters.maxPrice !== undefined;
  const among = (chosen: readonly string[] = [], values: readonly string[]): boolean =>
    chosen.length === 0 || values.some((value) => chosen.includes(value));
  return {
    category: (entry) => among(filters.category, [entry.category]),
    tag: (entry) => among(filters.tag, entry.tags),
    kind: (entry) => among(filters.kind, [entry.kind]),
    worksWith: (entry) => among(filters.worksWith, entry.worksWith),
    price: (entry) => !priced || (entry.currency === currency && entry.price >= minPrice && entry.price <= maxPrice),
    rating: (entry) => entry.rating >= (filters.minRating ?? 0),
    exceptVendors: (entry) => !(filters.exceptVendors ?? []).includes(entry.vendorId),
    vendorId: (entry) => filters.vendorId === undefined || entry.vendorId === filters.vendorId,
  };
};

/** Which entries a search must find and what each facet must count, the slow and obvious way. */
export const bruteForce = (entries: readonly SearchEntry[], words: readonly string[], filters: SearchFilters) => {
  const matching = entries.filter((entry) => {
    const held = wordsIn(`${entry.title} ${entry.description}`);
    return entry.listed && words.every((word) => held.has(word));
  });
  const predicates = Object.entries(predicatesOf(filters));
  const passing = (without?: keyof Facets): readonly SearchEntry[] =>
    matching.filter((entry) => predicates.every(([facet, holds]) => facet === without || holds(entry)));

  const count = (
    facet: keyof Facets,
    valuesOf: (entry: SearchEntry) => readonly string[],
  ): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const entry of passing(facet))
      for (const value of valuesOf(entry)) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  };
  return {
    ids: passing().map((entry) => entry.id),
    counts: {
      category: count('category', (entry) => [entry.category]),
      tag: count('tag', (entry) => entry.tags),
      kind: count('kind', (entry) => [entry.kind]),
      worksWith: count('worksWith', (entry) => entry.worksWith),
      price: count('price', (entry) => [priceFacetValue(entry.currency, priceBucketOf(entry.price), 0).value]),
      rating: count('rating', (entry) => ['4', '3', '2', '1'].filter((step) => entry.rating >= Number(step))),
    } satisfies Record<keyof Facets, ReadonlyMap<string, number>>,
  };
};

/** A facet's counts as a map, without those that are only listed because they are chosen. */
export const countsOf = (values: readonly FacetValue[]): ReadonlyMap<string, number> =>
  new Map(values.filter((each) => each.count > 0).map((each) => [each.value, each.count]));
