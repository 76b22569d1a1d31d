/** Whole numbers divided, towards negative infinity; `denominator` > 0. */
const floorDivide = (numerator: bigint, denominator: bigint): bigint => {
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
};

const toAmount = (value: bigint): number => {
  const amount = Number(value);
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not a safe amount: ${value}`);
  return amount;
};

/**
 * `amount × numerator / denominator`, rounded half up (towards positive infinity: 0.5 → 1, −0.5 → 0), exact for all
 * safe integers.
 * @throws RangeError when an argument is not an integer, `denominator` is not positive, or the result is not safe
 */
export const roundHalfUpRatio = (amount: number, numerator: number, denominator: number): number => {
  if (denominator <= 0) throw new RangeError(`denominator must be positive: ${denominator}`);
  const below = 2n * BigInt(denominator);
  return toAmount(floorDivide(2n * BigInt(amount) * BigInt(numerator) + BigInt(denominator), below));
};

/** `bps` hundredths of a percent of `amount` minor units, rounded half up: 10 % of 1999 is `percentOf(1999, 1000)` = 200. */
export const percentOf = (amount: number, bps: number): number => roundHalfUpRatio(amount, bps, 10_000);

/**
 * Splits `total` minor units by `weights` with the largest remainder, ties to the earlier: the parts add up to `total`
 * and each is less than 1 off its exact share; who weighs 0 gets 0. When all weights are 0 they count as equal.
 * @throws RangeError when an argument is negative or no integer, or there is something to split and nobody to get it
 */
export const allocate = (total: number, weights: readonly number[]): number[] => {
  if (total < 0 || weights.some((weight) => weight < 0)) throw new RangeError('negative amounts are not split');
  if (weights.length === 0 && total !== 0) throw new RangeError('nobody to split among');
  const shares = weights.every((weight) => weight === 0) ? weights.map(() => 1n) : weights.map(BigInt);
  const whole = shares.reduce((sum, share) => sum + share, 0n);
  const parts = shares.map((share, index) => {
    const exact = BigInt(total) * share;
    return { index, floor: exact / whole, remainder: exact % whole };
  });
  const given = parts.reduce((sum, part) => sum + part.floor, 0n);
  const left = Number(BigInt(total) - given);
  // Array.prototype.sort is stable: equal remainders stay in the order of the lines
  const byRemainder = parts.toSorted((a, b) => (a.remainder === b.remainder ? 0 : a.remainder > b.remainder ? -1 : 1));
  const oneMore = new Set(byRemainder.slice(0, left).map((part) => part.index));
  return parts.map((part) => toAmount(part.floor + (oneMore.has(part.index) ? 1n : 0n)));
};
