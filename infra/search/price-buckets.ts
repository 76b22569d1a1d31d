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

/** A bucket as a facet value: `USD:1000-2499`, bounds inclusive in minor units; the last one has no upper bound. */
export const priceFacetValue = (currency: string, bucket: number, count: number): FacetValue => {
  const from = lowerBounds[bucket] ?? 0;
  const next = lowerBounds[bucket + 1];
  const money = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = money.resolvedOptions().maximumFractionDigits ?? 2;
  const shown = (minor: number): string => money.format(minor / 10 ** digits);
  if (next === undefined) return { value: `${currency}:${from}-`, label: `${shown(from)} and more`, count };
  const label =
    bucket === 0
      ? `Free (${currency})`
      : bucket === 1
        ? `Under ${shown(next)}`
        : `${shown(from)} to ${shown(next - 1)}`;
  return { value: `${currency}:${from}-${next - 1}`, label, count };
};
