import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../errors.ts';
import { orderLine } from './events.ts';
import { type PricedItem, priceOrder } from './pricing.ts';

const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const item = (price: number, quantity = 1, n = 1): PricedItem => ({
  lineId: id(n),
  productId: id(100 + n),
  vendorId: id(200 + n),
  title: 'Invoice robot',
  tier: { id: 'standard', name: 'Standard', price, activationLimit: 3 },
  quantity,
});
const price = (
  items: readonly PricedItem[],
  {
    discounts = [] as readonly number[],
    taxRateBps = 0,
    commissionBps = 1000,
  }: { discounts?: readonly number[]; taxRateBps?: number; commissionBps?: number } = {},
) => priceOrder({ currency: 'USD', items, discounts, taxRateBps, commissionBps });
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

describe('pricing', () => {
  it('takes the market share of 1999 at 10 %, rounded half up', () => {
    expect(price([item(1999)]).lines[0]).toMatchObject({ total: 1999, commission: 200 });
  });

  it('takes commission on the discounted net, without tax', () => {
    const { lines } = price([item(1999, 2)], { discounts: [998], taxRateBps: 2000 });
    expect(lines[0]).toMatchObject({ unitPrice: 1999, discount: 998, tax: 600, total: 3600, commission: 300 });
  });

  it('rounds the tax of the whole order once, half up, and gives the rest cent to the earlier line', () => {
    const priced = price([item(5, 1, 1), item(5, 1, 2)], { taxRateBps: 1000 });
    expect(priced.tax).toBe(1);
    expect(priced.lines.map((line) => line.tax)).toEqual([1, 0]);
  });

  it('multiplies the activations of the tier, and keeps its days', () => {
    const weekly = { ...item(100, 4), tier: { id: 'w', name: 'Week', price: 100, activationLimit: 3, validDays: 7 } };
    expect(price([weekly]).lines[0]).toMatchObject({
      activationLimit: 12,
      validDays: 7,
      tierId: 'w',
      tierName: 'Week',
    });
    expect(price([item(100)]).lines[0]).not.toHaveProperty('validDays');
  });

  it('prices a free order at nothing', () => {
    expect(price([item(0), item(500, 1, 2)], { discounts: [0, 500], taxRateBps: 1900 })).toMatchObject({
      subtotal: 500,
      discount: 500,
      tax: 0,
      total: 0,
    });
  });

  it.each([
    ['a line', [item(Number.MAX_SAFE_INTEGER, 2)], 0],
    ['the sum', [item(Number.MAX_SAFE_INTEGER), item(1, 1, 2)], 0],
    ['the tax on top', [item(Number.MAX_SAFE_INTEGER)], 2000],
    ['the activations', [{ ...item(0, 2 ** 30), tier: { ...item(0).tier, activationLimit: 2 ** 30 } }], 0],
  ])('refuses amounts beyond exact numbers: %s', (_what, items, taxRateBps) => {
    expect(() => price(items, { taxRateBps })).toThrowError(
      expect.objectContaining({ code: 'INVALID_INPUT' }) as DomainError,
    );
  });

  it.each([
    ['a discount above the price', [item(100)], [101]],
    ['a negative discount', [item(100)], [-1]],
    ['a quantity of 0', [item(100, 0)], [0]],
    ['half a licence', [item(100, 1.5)], [0]],
  ])('refuses %s', (_what, items, discounts) => {
    expect(() => price(items, { discounts })).toThrow(DomainError);
  });

  it('adds up to the cent, whatever is bought', () => {
    const bought = fc.array(
      fc.record({
        price: fc.oneof(fc.constant(0), fc.nat(200), fc.nat(5_000_000)),
        quantity: fc.integer({ min: 1, max: 20 }),
        off: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(bought, fc.nat(2700), fc.nat(10_000), (wishes, taxRateBps, commissionBps) => {
        const items = wishes.map((wish, n) => item(wish.price, wish.quantity, n));
        const discounts = wishes.map((wish) => Math.floor(wish.price * wish.quantity * wish.off));
        const priced = price(items, { discounts, taxRateBps, commissionBps });
        expect(priced.subtotal).toBe(sum(priced.lines.map((line) => line.unitPrice * line.quantity)));
        expect(priced.discount).toBe(sum(priced.lines.map((line) => line.discount)));
        expect(priced.tax).toBe(sum(priced.lines.map((line) => line.tax)));
        expect(priced.total).toBe(sum(priced.lines.map((line) => line.total)));
        expect(priced.total).toBe(priced.subtotal - priced.discount + priced.tax);
        for (const line of priced.lines) {
          expect(orderLine.safeParse(line).success).toBe(true);
          const net = line.unitPrice * line.quantity - line.discount;
          expect(line.total).toBe(net + line.tax);
          expect(line.commission).toBeLessThanOrEqual(net);
          if (net === 0) expect(line.tax).toBe(0);
        }
      }),
    );
  });
});
