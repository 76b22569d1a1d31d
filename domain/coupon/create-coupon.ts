import { domainError } from '../errors.ts';
import { isCurrency } from '../money/currency.ts';
import type { CreateCoupon } from './commands.ts';
import type { CouponEvent } from './events.ts';
import type { CouponState, CouponTerms } from './state.ts';

/** A code as it names the stream: trimmed, upper case. Whether it is a good one is decided by `CreateCoupon`. */
export const couponCode = (typed: string): string => typed.trim().toUpperCase();

const invalid = (path: string, message: string) =>
  domainError('INVALID_INPUT', `${path} ${message}`, { errors: [{ path, message }] });

const check = (command: CreateCoupon): void => {
  const { percentOff, amountOff, startsAt, endsAt } = command;
  if (!/^[A-Z0-9][A-Z0-9_-]{0,63}$/.test(command.code))
    throw invalid('code', 'must be 1 to 64 letters, digits, "-" and "_"');
  if ((percentOff === undefined) === (amountOff === undefined))
    throw invalid('percentOff', 'or amountOff is needed, and not both');
  if (percentOff !== undefined && !(Number.isInteger(percentOff) && percentOff >= 1 && percentOff <= 100))
    throw invalid('percentOff', 'must be a whole number from 1 to 100');
  if (amountOff !== undefined && !(Number.isSafeInteger(amountOff.amount) && amountOff.amount > 0))
    throw invalid('amountOff.amount', 'must be a positive number of minor units');
  if (amountOff !== undefined && !isCurrency(amountOff.currency))
    throw invalid('amountOff.currency', 'must be an ISO 4217 currency code');
  for (const path of ['maxRedemptions', 'perCustomer'] as const) {
    const limit = command[path];
    if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0))
      throw invalid(path, 'must be a positive whole number');
  }
  if (command.productIds?.length === 0) throw invalid('productIds', 'must name a product or be absent');
  if (startsAt !== undefined && endsAt !== undefined && endsAt <= startsAt)
    throw invalid('endsAt', 'must be after startsAt');
};

const termsOf = (command: CreateCoupon): CouponTerms => ({
  code: command.code,
  makerId: command.makerId,
  ...(command.vendorId === undefined ? {} : { vendorId: command.vendorId }),
  ...(command.percentOff === undefined ? {} : { percentOff: command.percentOff }),
  ...(command.amountOff === undefined
    ? {}
    : { amountOff: { amount: command.amountOff.amount, currency: command.amountOff.currency } }),
  ...(command.maxRedemptions === undefined ? {} : { maxRedemptions: command.maxRedemptions }),
  ...(command.perCustomer === undefined ? {} : { perCustomer: command.perCustomer }),
  ...(command.productIds === undefined ? {} : { productIds: [...command.productIds] }),
  ...(command.startsAt === undefined ? {} : { startsAt: command.startsAt }),
  ...(command.endsAt === undefined ? {} : { endsAt: command.endsAt }),
});

/** Independent of the order in which a store gives the members back. */
const fingerprint = (terms: CouponTerms): string =>
  JSON.stringify([
    terms.makerId,
    terms.vendorId ?? null,
    terms.percentOff ?? null,
    terms.amountOff?.amount ?? null,
    terms.amountOff?.currency ?? null,
    terms.maxRedemptions ?? null,
    terms.perCustomer ?? null,
    terms.productIds ?? null,
    terms.startsAt ?? null,
    terms.endsAt ?? null,
  ]);

/**
 * The same coupon by the same maker again is no second one, while it is active; a code is never free again.
 * @throws DomainError INVALID_INPUT, COUPON_EXISTS
 */
export const createCoupon = (command: CreateCoupon, state: CouponState): CouponEvent[] => {
  check(command);
  const terms = termsOf(command);
  if (state.status === 'none') return [{ type: 'CouponCreated', data: terms }];
  if (state.status === 'active' && fingerprint(state.terms) === fingerprint(terms)) return [];
  throw domainError('COUPON_EXISTS');
};
