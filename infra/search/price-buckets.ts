import type { FacetValue } from './port.ts';

/** Lower bounds in minor units, the same numbers for every currency; the first bucket is what is free. */
const lowerBounds = [0, 1, 1000, 2500, 5000, 10_000] as const;

export const priceBuckets = lowerBounds.length;

/** The bucket of a price in minor units. */
export const priceBucketOf = (price: number): number => {
  let bucket = lowerBounds.length - 1;
  while (bucket > 0 && price < (lowerBounds[bucket] ?? 0)) bucket -= 1;
  return bucket;
};

/** Formatters are slow to make and a market has few currencies. */
const formatters = new Map<string, (minor: number) => string>();
const formatterOf = (currency: string): ((minor: number) => string) => {
  const known = formatters.get(currency);
  if (known !== undefined) return known;
  const money = new Intl.NumberFormat('en', { style: 'currency', currency });
  const unit = 10 ** (money.resolvedOptions().maximumFractionDigits ?? 2);
  const format = (minor: number): string => money.format(minor / unit);
  formatters.set(currency, format);
  return format;
};

/**
 * A bucket as a facet value: `USD:1000-2499`, bounds inclusive in minor units; the last one has no upper bound.
 * @throws RangeError when `currency` is no three letters
 */
export const priceFacetValue = (currency: string, bucket: number, count: number): FacetValue => {
  const shown = formatterOf(currency);
  const from = lowerBounds[bucket] ?? 0;
  const next = lowerBounds[bucket + 1];
  if (next === undefined) return { value: `${currency}:${from}-`, label: `${shown(from)} and more`, count };
  const label =
    bucket === 0
      ? `Free (${currency})`
      : bucket === 1
        ? `Under ${shown(next)}`
        : `${shown(from)} to ${shown(next - 1)}`;
  return { value: `${currency}:${from}-${next - 1}`, label, count };
};
