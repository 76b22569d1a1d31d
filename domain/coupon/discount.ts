import { domainError } from '../errors.ts';
import { sumOf } from '../money/money.ts';
import { allocate, percentOf } from '../money/split.ts';
import type { CouponTerms } from './state.ts';

/** A line before any discount: `net` is list price × quantity, minor units of `currency`, without tax. */
export type DiscountableLine = {
  readonly productId: string;
  readonly vendorId: string;
  readonly net: number;
  readonly currency: string;
};

/** Whether the coupon may take something off this line. */
const fits = (terms: CouponTerms, line: DiscountableLine): boolean =>
  (terms.vendorId === undefined || terms.vendorId === line.vendorId) &&
  (terms.productIds === undefined || terms.productIds.includes(line.productId)) &&
  (terms.amountOff === undefined || terms.amountOff.currency === line.currency);

/**
 * What the coupon takes off each line, in the order of the lines, minor units; 0 for lines that it does not fit. The
 * discount (percent of the eligible sum, rounded half up; or the amount, at most the eligible sum) is split over the
 * eligible lines by largest remainder, so no line gets more off than it costs. All lines are of one currency.
 * @throws DomainError COUPON_NOT_APPLICABLE when no line fits, also for an amount off in another currency
 */
export const discountFor = (terms: CouponTerms, lines: readonly DiscountableLine[]): number[] => {
  const eligible = lines.map((line) => fits(terms, line));
  if (!eligible.includes(true)) throw domainError('COUPON_NOT_APPLICABLE');
  const weights = lines.map((line, index) => (eligible[index] === true ? line.net : 0));
  const sum = sumOf(weights);
  const whole =
    terms.amountOff === undefined
      ? percentOf(sum, (terms.percentOff ?? 0) * 100)
      : Math.min(terms.amountOff.amount, sum);
  return allocate(whole, weights);
};
