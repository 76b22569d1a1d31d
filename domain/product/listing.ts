import { domainError, type FieldError } from '../errors.ts';
import type { Money } from '../money/money.ts';
import { labelSlug } from '../slug/slugify.ts';
import type { LicenseTier, Listing, ProductKind } from './events.ts';
import { firstSentence } from './summary.ts';

export type TierBody = {
  readonly id: string;
  readonly name: string;
  readonly price: Money;
  readonly activationLimit: number;
  readonly validDays?: number;
};
/** What a vendor sends of a product. Amounts are integers already; texts are as typed. */
export type ListingBody = {
  readonly title: string;
  readonly summary?: string;
  readonly description: string;
  readonly integrations?: readonly string[];
  readonly kind: ProductKind;
  readonly category: string;
  readonly tags: readonly string[];
  /** Alone: one tier `standard`. Beside `licenseTiers`: must be the cheapest one's price, or be absent. */
  readonly price?: Money;
  readonly licenseTiers?: readonly TierBody[];
  /** How many may be sold from now on; null or absent: no limit. */
  readonly stock?: number | null;
};

type Prices = Pick<Listing, 'currency' | 'tiers'>;

const refuse = (errors: readonly FieldError[]): void => {
  if (errors.length > 0) throw domainError('INVALID_INPUT', undefined, { errors });
};

const texts = {
  title: (title: string) => title.replace(/\s+/g, ' ').trim(),
  integrations: (names: readonly string[]) => [...new Set(names.map((n) => n.trim()).filter((n) => n !== ''))],
  tags: (tags: readonly string[]) => [...new Set(tags.map(labelSlug).filter((t) => t !== ''))],
};

const titleErrors = (title: string): FieldError[] =>
  title.length >= 1 && title.length <= 120 ? [] : [{ path: 'title', message: 'must have 1 to 120 characters' }];

const tierErrors = (tiers: readonly TierBody[], price: Money | undefined): FieldError[] => {
  const [first] = tiers;
  if (first === undefined) return [{ path: 'licenseTiers', message: 'must have at least one tier' }];
  const { currency } = price ?? first.price;
  const seen = new Set<string>();
  const errors = tiers.flatMap(({ id, price: own }, i): FieldError[] => {
    const path = `licenseTiers.${i}`;
    const twice = seen.has(id);
    seen.add(id);
    return [
      ...(id.trim() === '' ? [{ path: `${path}.id`, message: 'must not be empty' }] : []),
      ...(twice ? [{ path: `${path}.id`, message: `the id ${id} is there twice` }] : []),
      ...(own.currency === currency ? [] : [{ path: `${path}.price.currency`, message: `must be ${currency}` }]),
    ];
  });
  const cheapest = Math.min(...tiers.map((tier) => tier.price.amount));
  if (price !== undefined && price.amount !== cheapest)
    errors.push({ path: 'price.amount', message: `must be the cheapest tier's ${cheapest}, or be left out` });
  return errors;
};

const pricesOf = (tiers: readonly TierBody[], currency: string): Prices => ({
  currency,
  // Members in the order of the schema: as they are read back from the log, so that equal tiers compare equal.
  tiers: tiers.map(({ id, name, price, activationLimit, validDays }): LicenseTier => {
    const tier = { id, name, price: price.amount, activationLimit };
    return validDays === undefined ? tier : { ...tier, validDays };
  }),
});

const standard = (price: Money): TierBody => ({ id: 'standard', name: 'Standard', price, activationLimit: 3 });

/**
 * The listing that a body means: texts trimmed, tags made slugs without doubles, summary from the description, prices as
 * tiers. @throws INVALID_INPUT naming every bad field: title, doubled tier ids, mixed currencies, a price that isn't the
 * cheapest tier's, no price at all.
 */
export const listingFrom = (body: ListingBody): Listing => {
  const title = texts.title(body.title);
  const tiers = body.licenseTiers ?? (body.price === undefined ? undefined : [standard(body.price)]);
  refuse([
    ...titleErrors(title),
    ...(tiers === undefined
      ? [{ path: 'price', message: 'a price or licenseTiers are needed' }]
      : tierErrors(tiers, body.price)),
  ]);
  const description = body.description.trim();
  return {
    title,
    summary: body.summary?.trim() || firstSentence(description),
    description,
    integrations: texts.integrations(body.integrations ?? []),
    kind: body.kind,
    category: texts.title(body.category),
    tags: texts.tags(body.tags),
    ...pricesOf(tiers ?? [], tiers?.[0]?.price.currency ?? ''),
    stock: body.stock ?? null,
  };
};

const revisedPrices = ({ price, licenseTiers }: Partial<ListingBody>, listing: Listing): Partial<Prices> => {
  if (licenseTiers !== undefined) {
    refuse(tierErrors(licenseTiers, price));
    return pricesOf(licenseTiers, licenseTiers[0]?.price.currency ?? listing.currency);
  }
  if (price === undefined) return {};
  const [only, ...others] = listing.tiers;
  if (only !== undefined && others.length === 0)
    return { currency: price.currency, tiers: [{ ...only, price: price.amount }] };
  const cheapest = Math.min(...listing.tiers.map((tier) => tier.price));
  if (price.amount === cheapest && price.currency === listing.currency) return {};
  throw domainError('INVALID_INPUT', undefined, {
    errors: [{ path: 'price', message: 'the product has several tiers: send licenseTiers' }],
  });
};

const revisedSummary = (changes: Partial<ListingBody>, listing: Listing): { summary?: string } => {
  const description = changes.description ?? listing.description;
  if (changes.summary !== undefined) return { summary: changes.summary.trim() || firstSentence(description) };
  // A summary that was made from the description follows it.
  return listing.summary === firstSentence(listing.description) ? { summary: firstSentence(description) } : {};
};

/**
 * Only what the changes really change of the listing. A `price` alone is the price of the only tier; of several tiers it
 * may only repeat the cheapest. `stock` with a number is always a change: so many may be sold from now on.
 * @throws INVALID_INPUT as `listingFrom`
 */
export const listingChanges = (changes: Partial<ListingBody>, listing: Listing): Partial<Listing> => {
  const { title, description, integrations, kind, category, tags, stock } = changes;
  const wanted: Partial<Listing> = {
    ...(title === undefined ? {} : { title: texts.title(title) }),
    ...revisedSummary(changes, listing),
    ...(description === undefined ? {} : { description: description.trim() }),
    ...(integrations === undefined ? {} : { integrations: texts.integrations(integrations) }),
    ...(kind === undefined ? {} : { kind }),
    ...(category === undefined ? {} : { category: texts.title(category) }),
    ...(tags === undefined ? {} : { tags: texts.tags(tags) }),
    ...revisedPrices(changes, listing),
    ...(stock === undefined ? {} : { stock }),
  };
  refuse(wanted.title === undefined ? [] : titleErrors(wanted.title));
  const now: Readonly<Record<string, unknown>> = listing;
  const changed = Object.entries(wanted).filter(
    ([field, value]) => (field === 'stock' && value !== null) || JSON.stringify(value) !== JSON.stringify(now[field]),
  );
  return Object.fromEntries(changed);
};
