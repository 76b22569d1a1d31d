import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, percentOf, roundHalfUpRatio } from './split.ts';

const amount = fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.maxSafeNat());
const weights = fc.array(amount, { minLength: 1, maxLength: 12 });

describe('rounding half up', () => {
  it.each([
    [1999, 1000, 200],
    [1, 5000, 1],
    [1, 4999, 0],
    [3, 5000, 2],
    [0, 1000, 0],
    [-1, 5000, 0],
    [-3, 5000, -1],
    [-3, 6000, -2],
    [Number.MAX_SAFE_INTEGER, 10_000, Number.MAX_SAFE_INTEGER],
  ])('percentOf(%d, %d bps) is %d', (of, bps, expected) => expect(percentOf(of, bps)).toBe(expected));

  it('is the nearest whole number, the upper of two', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 20_000 }), (a, n, d) => {
        const twice = 2n * BigInt(a) * BigInt(n);
        const twiceRounded = 2n * BigInt(roundHalfUpRatio(a, n, d)) * BigInt(d);
        expect(twice - twiceRounded).toBeLessThan(BigInt(d));
        expect(twice - twiceRounded).toBeGreaterThanOrEqual(-BigInt(d));
      }),
    );
  });

  it('refuses what has no answer', () => {
    expect(() => roundHalfUpRatio(1, 1, 0)).toThrow(RangeError);
    expect(() => roundHalfUpRatio(1, 1, -1)).toThrow(RangeError);
    expect(() => roundHalfUpRatio(1.5, 1, 1)).toThrow(RangeError);
    expect(() => roundHalfUpRatio(Number.MAX_SAFE_INTEGER, 2, 1)).toThrow(RangeError);
  });
});

describe('allocate', () => {
  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [5, [1, 1], [3, 2]],
    [10, [1, 5, 4], [1, 5, 4]],
    [1, [1, 2], [0, 1]],
    [7, [0, 3, 0], [0, 7, 0]],
    [3, [0, 0], [2, 1]],
    [0, [5, 5], [0, 0]],
    [0, [], []],
  ])('splits %d by %j into %j', (total, by, expected) => expect(allocate(total, by)).toEqual(expected));

  it('adds up', () => {
    fc.assert(
      fc.property(amount, weights, (total, by) => {
        expect(allocate(total, by).reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(total));
      }),
    );
  });

  it('is less than 1 off the exact share, and 0 for a weight of 0 beside others', () => {
    fc.assert(
      fc.property(amount, weights, (total, by) => {
        const whole = by.reduce((sum, weight) => sum + BigInt(weight), 0n);
        fc.pre(whole > 0n);
        allocate(total, by).forEach((part, index) => {
          const weight = BigInt(by[index] ?? 0);
          const off = BigInt(part) * whole - BigInt(total) * weight;
          expect(off < whole && off > -whole).toBe(true);
          if (weight === 0n) expect(part).toBe(0);
        });
      }),
    );
  });

  it('gives the larger weight no less, and of equal weights the earlier no less', () => {
    fc.assert(
      fc.property(amount, fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 12 }), (total, by) => {
        const parts = allocate(total, by);
        parts.forEach((part, i) => {
          parts.slice(i + 1).forEach((later, offset) => {
            const [mine, theirs] = [by[i] ?? 0, by[i + 1 + offset] ?? 0];
            if (mine >= theirs) expect(part).toBeGreaterThanOrEqual(later);
            else expect(part).toBeLessThanOrEqual(later);
          });
        });
      }),
    );
  });

  it('refuses what can not be split', () => {
    expect(() => allocate(1, [])).toThrow(RangeError);
    expect(() => allocate(-1, [1])).toThrow(RangeError);
    expect(() => allocate(1, [2, -1])).toThrow(RangeError);
    expect(() => allocate(1.5, [1])).toThrow(RangeError);
  });
});
