import { describe, expect, it } from 'vitest';
import { DomainError } from '../errors.ts';
import { currencies, decimalsOf, isCurrency } from './currency.ts';
import { money, sumOf, times } from './money.ts';

describe('currencies', () => {
  it.each([
    ['USD', 2],
    ['EUR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['CLP', 0],
    ['BHD', 3],
    ['KWD', 3],
    ['CLF', 4],
  ])('%s has %d decimals', (code, expected) => expect(decimalsOf(code)).toBe(expected));

  it.each(['usd', 'US', 'USDT', 'XXX', 'XTS', 'XAU', 'HRK', '', 'constructor'])('%j is none', (code) => {
    expect(isCurrency(code)).toBe(false);
    expect(decimalsOf(code)).toBeUndefined();
  });

  it('names each once, three capital letters', () => {
    expect(new Set(currencies).size).toBe(currencies.length);
    for (const code of currencies) expect(code).toMatch(/^[A-Z]{3}$/);
    expect(currencies.length).toBeGreaterThan(150);
  });
});

describe('money', () => {
  it.each([
    { amount: 0, currency: 'USD' },
    { amount: 1999, currency: 'JPY' },
  ])('takes %j', (value) => expect(money.parse(value)).toEqual(value));

  it.each([
    { amount: 19.99, currency: 'USD' },
    { amount: -1, currency: 'USD' },
    { amount: 2 ** 53, currency: 'USD' },
    { amount: '1999', currency: 'USD' },
    { amount: 1999, currency: 'XXX' },
    { amount: 1999 },
    { amount: 1999, currency: 'USD', cents: true },
  ])('refuses %j', (value) => expect(money.safeParse(value).success).toBe(false));

  it('adds and multiplies exactly, or says that it can not', () => {
    expect(sumOf([])).toBe(0);
    expect(sumOf([1999, -500])).toBe(1499);
    expect(times(1999, 3)).toBe(5997);
    expect(() => sumOf([Number.MAX_SAFE_INTEGER, 1])).toThrow(DomainError);
    expect(() => times(Number.MAX_SAFE_INTEGER, 2)).toThrow(DomainError);
  });
});
