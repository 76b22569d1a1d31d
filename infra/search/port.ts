/** What a product offers to search. Amounts are integer minor units of `currency`. */
export type SearchEntry = {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly vendorId: string;
  /** Slug and label. */
  readonly category: string;
  readonly categoryLabel: string;
  readonly tags: readonly string[];
  readonly kind: string;
  readonly worksWith: readonly string[];
  readonly price: number;
  readonly currency: string;
  /** 0–5, 0 without reviews. */
  readonly rating: number;
  readonly sold: number;
  /** Milliseconds since the epoch; 0 before. */
  readonly publishedAt: number;
  /** Only listed entries are found or counted; the others (drafts, suspended, retired) wait with the facts they will need. */
  readonly listed: boolean;
};

export type SearchFilters = {
  /** OR within a facet, AND across facets; absent or empty: no filter. */
  readonly category?: readonly string[];
  readonly tag?: readonly string[];
  readonly kind?: readonly string[];
  readonly worksWith?: readonly string[];
  readonly vendorId?: string;
  /** Inclusive, minor units of `currency` (default USD); entries in other currencies are left out then. */
  readonly minPrice?: number;
  readonly maxPrice?: number;
  /** Of `minPrice` and `maxPrice`; alone it filters nothing. */
  readonly currency?: string;
  readonly minRating?: number;
  /** Vendors whose entries are neither found nor counted. No part of what a cursor belongs to: it may change between pages. */
  readonly exceptVendors?: readonly string[];
};

export type SearchSort = 'relevance' | 'newest' | 'price' | '-price' | 'rating' | 'bestselling';

export type SearchQuery = {
  readonly text?: string;
  readonly filters: SearchFilters;
  readonly sort: SearchSort;
  readonly limit: number;
  /**
   * Opaque, from the page before; a broken one, or one of another search, is refused. What is not written to meanwhile is neither
   * skipped nor repeated; the limit may change from page to page.
   */
  readonly cursor?: string;
  /** True: the words as typed, no correction. */
  readonly exact?: boolean;
  /** False: hits only. */
  readonly facets?: boolean;
};

export type FacetValue = { readonly value: string; readonly label: string; readonly count: number };
/**
 * Most frequent first, then by value; chosen values are always listed, be their count 0. `tag` and `worksWith` list the 20 most
 * frequent. `price`: buckets `<currency>:<from>-<to>` in minor units, inclusive, the last one without `to`. `rating`: `4`
 * means 4 and more, and so on down to `1`.
 */
export type Facets = {
  readonly category: readonly FacetValue[];
  readonly tag: readonly FacetValue[];
  readonly kind: readonly FacetValue[];
  readonly worksWith: readonly FacetValue[];
  readonly price: readonly FacetValue[];
  readonly rating: readonly FacetValue[];
};

export type SearchAnswer = {
  readonly ids: readonly string[];
  readonly nextCursor: string | undefined;
  /** Exact. */
  readonly total: number;
  /** Each facet counted without its own filter. */
  readonly facets: Facets | undefined;
  readonly correction: { readonly from: string; readonly to: string } | undefined;
};

export type Search = {
  /** @throws InvalidCursor */
  query(query: SearchQuery): Promise<SearchAnswer>;
  /** Words that complete the last one typed, best first. */
  suggest(text: string, limit: number): Promise<readonly string[]>;
};

export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
}
