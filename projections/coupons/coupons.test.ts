import { describe, expect, it } from 'vitest';
import type { CouponEvent } from '../../domain/coupon/events.ts';
import { sampleId as id } from '../../domain/order/samples.ts';
import { documentsOf, happenedAt, inStream } from '../given.ts';
import { coupons } from './coupons.ts';

const code = 'SPRING';
const created: CouponEvent = {
  type: 'CouponCreated',
  data: { code, makerId: id(51), percentOff: 10, maxRedemptions: 2 },
};
const reserved = (n: number): CouponEvent => ({
  type: 'CouponReserved',
  data: { code, orderId: id(n), customerId: id(3), until: happenedAt(60) },
});
const confirmed = (n: number): CouponEvent => ({ type: 'CouponConfirmed', data: { code, orderId: id(n) } });
const released = (n: number): CouponEvent => ({
  type: 'CouponReleased',
  data: { code, orderId: id(n), reason: 'cancelled' },
});
const couponAfter = async (...events: CouponEvent[]) =>
  (await documentsOf(coupons, inStream(`coupon-${code}`, created, ...events))).get(code);

describe('coupons', () => {
  it('say what their maker said', async () => {
    expect(await couponAfter()).toEqual({
      ...{
        code,
        makerId: id(51),
        vendorId: null,
        percentOff: 10,
        amountOff: null,
        maxRedemptions: 2,
        perCustomer: null,
      },
      ...{ productIds: null, startsAt: null, endsAt: null, state: 'active', held: 0, confirmed: 0, holders: [] },
      ...{ createdAt: happenedAt(0), revision: '0' },
    });
  });
  it('count uses held and confirmed', async () => {
    expect(await couponAfter(reserved(1), reserved(2))).toMatchObject({ held: 2, confirmed: 0 });
    expect(await couponAfter(reserved(1), reserved(2), confirmed(1))).toMatchObject({ held: 1, confirmed: 1 });
    expect(await couponAfter(reserved(1), released(1))).toMatchObject({ held: 0, confirmed: 0, revision: '2' });
  });
  it('count a use that is confirmed after its release, and take nothing from the holds of others', async () => {
    expect(await couponAfter(reserved(1), released(1), reserved(2), confirmed(1))).toMatchObject({
      held: 1,
      confirmed: 1,
    });
  });
  it('close', async () =>
    expect(await couponAfter({ type: 'CouponClosed', data: { code } })).toMatchObject({ state: 'closed' }));
});
