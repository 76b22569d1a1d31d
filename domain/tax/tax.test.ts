import { describe, expect, it } from 'vitest';
import { vatRates } from './rates.ts';
import { taxRateFor } from './tax.ts';

const union = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');

describe('tax rates', () => {
  it('know every country of the Union, and Switzerland, Norway and the United Kingdom', () => {
    expect(Object.keys(vatRates).sort()).toEqual([...union, 'CH', 'GB', 'NO'].sort());
  });

  it.each(Object.entries(vatRates))('of %s are dated, oldest first, and within reason', (_country, rates) => {
    expect(rates.map((rate) => rate.from)).toEqual(rates.map((rate) => rate.from).sort());
    for (const { from, bps } of rates) {
      expect(from).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(bps).toBeGreaterThan(500);
      expect(bps).toBeLessThanOrEqual(2700);
    }
  });

  it.each([
    ['DE', '2020-06-30T23:59:59.999Z', 1900],
    ['DE', '2020-07-01T00:00:00.000Z', 1600],
    ['DE', '2020-12-31T23:59:59.999Z', 1600],
    ['DE', '2026-01-01T00:00:00.000Z', 1900],
    ['FI', '2026-01-01T00:00:00.000Z', 2550],
    ['CH', '2023-12-31T23:59:59.999Z', 770],
    ['CH', '2024-01-01T00:00:00.000Z', 810],
    ['GB', '2026-01-01T00:00:00.000Z', 2000],
    ['NO', '2026-01-01T00:00:00.000Z', 2500],
  ])('%s at %s is %d', (country, at, bps) => expect(taxRateFor(country, at)).toBe(bps));

  it.each([undefined, 'US', 'JP', '', 'de', 'toString'])('%s pays none', (country) =>
    expect(taxRateFor(country, '2026-01-01T00:00:00.000Z')).toBe(0),
  );

  it('a time before the first rate pays none', () => expect(taxRateFor('HR', '1999-01-01T00:00:00.000Z')).toBe(0));
});
