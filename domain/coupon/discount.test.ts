import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../errors.ts';
import { type DiscountableLine, discountFor } from './discount.ts';
import type { CouponTerms } from './state.ts';

const terms = (content: Partial<CouponTerms>): CouponTerms => ({ code: 'SPRING', makerId: 'm', ...content });
const line = (net: number, productId = 'p1', vendorId = 'v1', currency = 'USD'): DiscountableLine => ({
  productId,
  vendorId,
  net,
  currency,
});
const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'nothing was refused';
  } catch (error) {
    return error instanceof DomainError ? error.code : String(error);
  }
};

describe('discountFor', () => {
  it('takes a percentage off the eligible sum, rounded half up', () => {
    expect(discountFor(terms({ percentOff: 10 }), [line(1999)])).toEqual([200]);
    expect(discountFor(terms({ percentOff: 100 }), [line(1999), line(1)])).toEqual([1999, 1]);
    expect(discountFor(terms({ percentOff: 50 }), [line(1)])).toEqual([1]);
  });

  it('rounds once for the order, not once a line', () => {
    expect(discountFor(terms({ percentOff: 50 }), [line(1), line(1), line(1)])).toEqual([1, 1, 0]);
  });

  it('takes an amount off, at most the eligible sum', () => {
    const off = terms({ amountOff: { amount: 500, currency: 'USD' } });
    expect(discountFor(off, [line(1000), line(500)])).toEqual([333, 167]);
    expect(discountFor(off, [line(300), line(100)])).toEqual([300, 100]);
  });

  it("a vendor's coupon leaves other vendors' lines", () => {
    const own = terms({ percentOff: 10, vendorId: 'v1' });
    expect(discountFor(own, [line(1000), line(1000, 'p2', 'v2')])).toEqual([100, 0]);
    expect(codeOf(() => discountFor(own, [line(1000, 'p2', 'v2')]))).toBe('COUPON_NOT_APPLICABLE');
  });

  it('a coupon for products leaves other products', () => {
    const some = terms({ percentOff: 10, productIds: ['p2', 'p3'] });
    expect(discountFor(some, [line(1000), line(1000, 'p2')])).toEqual([0, 100]);
    expect(codeOf(() => discountFor(some, [line(1000)]))).toBe('COUPON_NOT_APPLICABLE');
  });

  it('an amount off is of its own currency only', () => {
    const off = terms({ amountOff: { amount: 500, currency: 'EUR' } });
    expect(codeOf(() => discountFor(off, [line(1000)]))).toBe('COUPON_NOT_APPLICABLE');
  });

  it('takes nothing off what is free', () => {
    expect(discountFor(terms({ percentOff: 10, productIds: ['p2'] }), [line(1000), line(0, 'p2')])).toEqual([0, 0]);
  });

  it('never takes more off a line than it costs, and nothing off a line it does not fit', () => {
    const lines = fc.array(
      fc.record({
        net: fc.integer({ min: 0, max: 1_000_000 }),
        productId: fc.constantFrom('p1', 'p2'),
        vendorId: fc.constantFrom('v1', 'v2'),
        currency: fc.constant('USD'),
      }),
      { minLength: 1, maxLength: 8 },
    );
    const off = fc.oneof(
      fc.record({ percentOff: fc.integer({ min: 1, max: 100 }) }),
      fc.record({
        amountOff: fc.record({ amount: fc.integer({ min: 1, max: 2_000_000 }), currency: fc.constant('USD') }),
      }),
    );
    fc.assert(
      fc.property(lines, off, (some, content) => {
        fc.pre(some.some((one) => one.vendorId === 'v1'));
        discountFor(terms({ ...content, vendorId: 'v1' }), some).forEach((discount, index) => {
          expect(discount).toBeGreaterThanOrEqual(0);
          expect(discount).toBeLessThanOrEqual(some[index]?.vendorId === 'v1' ? some[index].net : 0);
        });
      }),
    );
  });
});
