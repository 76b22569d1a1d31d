import { vatRates } from './rates.ts';

/**
 * The tax rate of a sale to `country` (ISO 3166, upper case) at the time `at` (RFC 3339, UTC), in hundredths of a
 * percent. 0 where no country is known and where the market collects no tax.
 */
export const taxRateFor = (country: string | undefined, at: string): number => {
  if (country === undefined || !Object.hasOwn(vatRates, country)) return 0;
  const day = at.slice(0, 10);
  return vatRates[country]?.findLast((rate) => rate.from <= day)?.bps ?? 0;
};
