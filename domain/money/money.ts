import { z } from 'zod';
import { domainError } from '../errors.ts';
import { minorUnits } from '../event/fields.ts';
import { isCurrency } from './currency.ts';

/** A currency of ISO 4217 that is in use, in upper case. For input; events keep what was valid when they happened. */
export const currency = z.string().refine(isCurrency, 'must be an ISO 4217 currency code');

/** An amount of input and output: integer minor units, not negative, with its currency. */
export const money = z.strictObject({ amount: minorUnits.nonnegative(), currency });
export type Money = { readonly amount: number; readonly currency: string };

const exact = (amount: number): number => {
  if (!Number.isSafeInteger(amount))
    throw domainError('INVALID_INPUT', undefined, {
      errors: [{ path: '(body)', message: 'its amounts are too large together' }],
    });
  return amount;
};

/**
 * Sum of minor units of one currency, exact.
 * @throws DomainError INVALID_INPUT when a partial sum can't be represented
 */
export const sumOf = (amounts: Iterable<number>): number => {
  let sum = 0;
  for (const amount of amounts) sum = exact(sum + exact(amount));
  return sum;
};

/**
 * `quantity` × `amount`, exact.
 * @throws DomainError INVALID_INPUT when it can't be represented
 */
export const times = (amount: number, quantity: number): number => exact(exact(amount) * exact(quantity));
