import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../decider.ts';
import { DomainError } from '../errors.ts';
import { valueAt, valuesIn } from '../keyed.ts';
import type { CouponCommand } from './commands.ts';
import { couponDecider } from './decide.ts';
import { couponUses } from './state.ts';

const code = 'SPRING';
const now = '2026-05-01T12:00:00.000Z';
const orders = ['o0', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7'];
/** An order is always of the same customer. */
const customerOf = (orderId: string): string => `c${orders.indexOf(orderId) % 3}`;

const step: fc.Arbitrary<CouponCommand> = fc
  .tuple(fc.constantFrom('ReserveCoupon', 'ConfirmCoupon', 'ReleaseCoupon'), fc.constantFrom(...orders))
  .map(([type, orderId]) => {
    if (type === 'ReserveCoupon') return { type, code, orderId, customerId: customerOf(orderId), now, until: now };
    if (type === 'ConfirmCoupon') return { type, code, orderId };
    return { type, code, orderId, reason: 'cancelled' };
  });

describe('limits of a coupon', () => {
  it('hold under any interleaving of orders that keep to the process', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        (steps, maxRedemptions, perCustomer) => {
          let state = fold(couponDecider, [
            { type: 'CouponCreated', data: { code, makerId: 'm', percentOff: 10, maxRedemptions, perCustomer } },
          ]);
          for (const command of steps) {
            const use =
              state.status === 'none' ? undefined : valueAt(state.uses, 'orderId' in command ? command.orderId : '');
            // the process confirms only what it holds; the late confirmation is tested by itself
            if (command.type === 'ConfirmCoupon' && use?.state !== 'held') continue;
            try {
              state = fold(couponDecider, couponDecider.decide(command, state), state);
            } catch (error) {
              if (!(error instanceof DomainError) || error.code !== 'COUPON_EXHAUSTED') throw error;
            }
            const uses = state.status === 'none' ? [] : [...valuesIn(state.uses)];
            const count = (what: string) => uses.filter((one) => one.state === what).length;
            expect(couponUses(state)).toEqual({ held: count('held'), confirmed: count('confirmed') });
            expect(count('held') + count('confirmed')).toBeLessThanOrEqual(maxRedemptions);
            for (const customer of ['c0', 'c1', 'c2']) {
              const own = uses.filter((one) => one.customerId === customer && one.state !== 'released');
              expect(own.length).toBeLessThanOrEqual(perCustomer);
            }
          }
        },
      ),
    );
  });

  it('give exactly the uses there are to as many orders as ask', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 40 }), (maxRedemptions, asking) => {
        let state = fold(couponDecider, [
          { type: 'CouponCreated', data: { code, makerId: 'm', percentOff: 10, maxRedemptions } },
        ]);
        for (let n = 0; n < asking; n += 1) {
          const command = { type: 'ReserveCoupon', code, orderId: `o${n}`, customerId: 'c', now, until: now } as const;
          const reserve = () => couponDecider.decide(command, state);
          if (n < maxRedemptions) state = fold(couponDecider, reserve(), state);
          else expect(reserve).toThrow(DomainError);
        }
        expect(couponUses(state).held).toBe(Math.min(maxRedemptions, asking));
      }),
    );
  });
});
