import type { Facets, FacetValue, SearchFilters } from '../port.ts';
import { priceBucketOf, priceBuckets, priceFacetValue } from '../price-buckets.ts';
import type { Columns, Dictionary } from './columns.ts';

const manyValued = 20;
const bestStep = 4;

/** Codes that a facet's filter lets through; undefined: no filter. Values nobody has let nothing through. */
const chosen = (dictionary: Dictionary, values: readonly string[] | undefined): Uint8Array | undefined => {
  if (values === undefined || values.length === 0) return undefined;
  const codes = new Uint8Array(dictionary.size());
  for (const value of values) {
    const code = dictionary.find(value);
    if (code !== undefined) codes[code] = 1;
  }
  return codes;
};

const anyOf = (allowed: Uint8Array, codes: readonly number[]): boolean => {
  for (const code of codes) if (allowed[code] === 1) return true;
  return false;
};

/** Values with a count, most first, then by value; the chosen ones are always among them. */
const listed = (
  dictionary: Dictionary,
  counts: Uint32Array,
  selected: readonly string[] = [],
  limit = Number.POSITIVE_INFINITY,
) => {
  const values: FacetValue[] = [];
  for (const [code, count] of counts.entries())
    if (count > 0 || selected.includes(dictionary.value(code)))
      values.push({ value: dictionary.value(code), label: dictionary.label(code), count });
  values.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  return values.filter((each, place) => place < limit || selected.includes(each.value));
};

const facetOf = { category: 1, tag: 2, kind: 4, worksWith: 8, price: 16, rating: 32 } as const;

/**
 * One pass over the rows that match the text: the rows that pass every filter, and each facet counted over the rows that
 * pass every filter but its own. A row that fails one facet's filter counts in that facet alone.
 */
export const filterAndCount = (
  columns: Columns,
  rows: Uint32Array,
  filters: SearchFilters,
  withFacets: boolean,
): { readonly hits: Uint32Array; readonly facets: Facets | undefined } => {
  const category = chosen(columns.categories, filters.category);
  const tag = chosen(columns.tagNames, filters.tag);
  const kind = chosen(columns.kinds, filters.kind);
  const worksWith = chosen(columns.services, filters.worksWith);
  const vendor = filters.vendorId === undefined ? undefined : (columns.vendors.find(filters.vendorId) ?? -1);
  const except = chosen(columns.vendors, filters.exceptVendors);
  const priced = filters.minPrice !== undefined || filters.maxPrice !== undefined;
  const currency = priced ? (columns.currencies.find(filters.currency ?? 'USD') ?? -1) : undefined;
  const { minPrice = Number.NEGATIVE_INFINITY, maxPrice = Number.POSITIVE_INFINITY, minRating = 0 } = filters;

  const counts = {
    category: new Uint32Array(columns.categories.size()),
    tag: new Uint32Array(columns.tagNames.size()),
    kind: new Uint32Array(columns.kinds.size()),
    worksWith: new Uint32Array(columns.services.size()),
    price: new Uint32Array(columns.currencies.size() * priceBuckets),
    /** By whole stars; what reaches one step reaches those below it. */
    rating: new Uint32Array(bestStep + 1),
  };
  const add = (into: Uint32Array, code: number): void => {
    into[code] = (into[code] ?? 0) + 1;
  };
  const hits = new Uint32Array(rows.length);
  let total = 0;

  for (const row of rows) {
    if (vendor !== undefined && columns.vendor[row] !== vendor) continue;
    if (except !== undefined && except[columns.vendor[row] ?? 0] === 1) continue;
    const categoryCode = columns.category[row] ?? 0;
    const kindCode = columns.kind[row] ?? 0;
    const currencyCode = columns.currency[row] ?? 0;
    const price = columns.price[row] ?? 0;
    const rating = columns.rating[row] ?? 0;
    const tagCodes = columns.tags[row] ?? [];
    const serviceCodes = columns.worksWith[row] ?? [];
    let failed = 0;
    if (category !== undefined && category[categoryCode] !== 1) failed |= facetOf.category;
    if (kind !== undefined && kind[kindCode] !== 1) failed |= facetOf.kind;
    if (tag !== undefined && !anyOf(tag, tagCodes)) failed |= facetOf.tag;
    if (worksWith !== undefined && !anyOf(worksWith, serviceCodes)) failed |= facetOf.worksWith;
    if (currency !== undefined && (currencyCode !== currency || price < minPrice || price > maxPrice))
      failed |= facetOf.price;
    if (rating < minRating) failed |= facetOf.rating;
    if (failed === 0) hits[total++] = row;
    if (!withFacets) continue;
    const counted = (facet: number): boolean => failed === 0 || failed === facet;
    if (counted(facetOf.category)) add(counts.category, categoryCode);
    if (counted(facetOf.kind)) add(counts.kind, kindCode);
    if (counted(facetOf.tag)) for (const code of tagCodes) add(counts.tag, code);
    if (counted(facetOf.worksWith)) for (const code of serviceCodes) add(counts.worksWith, code);
    if (counted(facetOf.price)) add(counts.price, currencyCode * priceBuckets + priceBucketOf(price));
    if (counted(facetOf.rating)) add(counts.rating, Math.min(bestStep, Math.floor(rating)));
  }

  if (!withFacets) return { hits: hits.subarray(0, total), facets: undefined };
  const price: FacetValue[] = [];
  for (const [slot, count] of counts.price.entries())
    if (count > 0)
      price.push(
        priceFacetValue(columns.currencies.value(Math.floor(slot / priceBuckets)), slot % priceBuckets, count),
      );
  const rating: FacetValue[] = [];
  for (let step = bestStep, count = 0; step >= 1; step -= 1) {
    count += counts.rating[step] ?? 0;
    if (count > 0) rating.push({ value: String(step), label: `${step} and more`, count });
  }
  const inCurrency = (each: FacetValue): string => each.value.slice(0, 3);
  return {
    hits: hits.subarray(0, total),
    facets: {
      category: listed(columns.categories, counts.category, filters.category),
      tag: listed(columns.tagNames, counts.tag, filters.tag, manyValued),
      kind: listed(columns.kinds, counts.kind, filters.kind),
      worksWith: listed(columns.services, counts.worksWith, filters.worksWith, manyValued),
      // Buckets of one currency already ascend; sorting by currency keeps them so.
      price: price.sort((a, b) => (inCurrency(a) === inCurrency(b) ? 0 : inCurrency(a) < inCurrency(b) ? -1 : 1)),
      rating,
    },
  };
};
