import type { Listing } from '../../domain/product/events.ts';

/** The part of a listing that cards, pages and search share; `price` is the cheapest tier's, minor units. */
export type ListedFacts = {
  readonly title: string;
  readonly summary: string;
  readonly description: string;
  readonly integrations: readonly string[];
  readonly kind: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly currency: string;
  readonly price: number;
};

/** What a revision says; absent and undefined: as it was. */
export type ListingChanges = { readonly [Field in keyof Listing]?: Listing[Field] | undefined };

const cheapest = (tiers: Listing['tiers']): number => Math.min(...tiers.map((tier) => tier.price));

export const factsOf = (listing: Listing): ListedFacts => ({
  title: listing.title,
  summary: listing.summary,
  description: listing.description,
  integrations: listing.integrations,
  kind: listing.kind,
  category: listing.category,
  tags: listing.tags,
  currency: listing.currency,
  price: cheapest(listing.tiers),
});

/** The facts after a revision; what is not in `changes` stays. */
export const factsRevised = (facts: ListedFacts, changes: ListingChanges): ListedFacts => ({
  title: changes.title ?? facts.title,
  summary: changes.summary ?? facts.summary,
  description: changes.description ?? facts.description,
  integrations: changes.integrations ?? facts.integrations,
  kind: changes.kind ?? facts.kind,
  category: changes.category ?? facts.category,
  tags: changes.tags ?? facts.tags,
  currency: changes.currency ?? facts.currency,
  price: changes.tiers === undefined ? facts.price : cheapest(changes.tiers),
});
