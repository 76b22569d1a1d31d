import { describe, expect, it } from 'vitest';
import { given } from '../given.ts';
import type { CouponCommand, CreateCoupon } from './commands.ts';
import { couponCode } from './create-coupon.ts';
import { couponDecider } from './decide.ts';
import { type CouponEvent, couponEvents } from './events.ts';
import { type CouponTerms, couponUses } from './state.ts';

const maker = '00000000-0000-7000-8000-00000000000a';
const other = '00000000-0000-7000-8000-00000000000b';
const [alice, bob] = ['00000000-0000-7000-8000-0000000000a1', '00000000-0000-7000-8000-0000000000b1'];
const [o1, o2, o3] = [1, 2, 3].map((n) => `00000000-0000-7000-8000-00000000001${n}`) as [string, string, string];
const now = '2026-05-01T12:00:00.000Z';
const until = '2026-05-01T12:20:00.000Z';
const code = 'SPRING';

const created = (terms: Partial<CouponTerms> = {}): CouponEvent => ({
  type: 'CouponCreated',
  data: { code, makerId: maker, percentOff: 10, ...terms },
});
const reserved = (orderId: string, customerId = alice): CouponEvent => ({
  type: 'CouponReserved',
  data: { code, orderId, customerId, until },
});
const confirmed = (orderId: string): CouponEvent => ({ type: 'CouponConfirmed', data: { code, orderId } });
const released = (orderId: string): CouponEvent => ({
  type: 'CouponReleased',
  data: { code, orderId, reason: 'order cancelled' },
});
const closed: CouponEvent = { type: 'CouponClosed', data: { code } };

const create = (content: Partial<CreateCoupon> = {}): CouponCommand => ({
  type: 'CreateCoupon',
  code,
  makerId: maker,
  percentOff: 10,
  ...content,
});
const reserve = (orderId: string, customerId = alice, at = now): CouponCommand => ({
  type: 'ReserveCoupon',
  code,
  orderId,
  customerId,
  now: at,
  until,
});
const confirm = (orderId: string): CouponCommand => ({ type: 'ConfirmCoupon', code, orderId });
const release = (orderId: string): CouponCommand => ({
  type: 'ReleaseCoupon',
  code,
  orderId,
  reason: 'order cancelled',
});
const close: CouponCommand = { type: 'CloseCoupon', code };
const coupon = (...history: CouponEvent[]) => given(couponDecider, ...history);

describe('creating a coupon', () => {
  it('records its terms', () => {
    coupon().when(create()).then(created());
    const terms = { amountOff: { amount: 500, currency: 'JPY' }, maxRedemptions: 10, perCustomer: 1, startsAt: now };
    coupon()
      .when(create({ ...terms, percentOff: undefined }))
      .then({ type: 'CouponCreated', data: { code, makerId: maker, ...terms } });
  });

  it('writes what the event contract takes', () => {
    const [event] = coupon()
      .when(create({ vendorId: other, productIds: [o1], endsAt: until }))
      .events();
    expect(couponEvents.CouponCreated.schema.parse(event?.data)).toEqual(event?.data);
  });

  it.each<[string, Partial<CreateCoupon>]>([
    ['neither percent nor amount', { percentOff: undefined }],
    ['both percent and amount', { amountOff: { amount: 1, currency: 'USD' } }],
    ['0 percent', { percentOff: 0 }],
    ['101 percent', { percentOff: 101 }],
    ['half a percent', { percentOff: 0.5 }],
    ['nothing off', { percentOff: undefined, amountOff: { amount: 0, currency: 'USD' } }],
    ['an unknown currency', { percentOff: undefined, amountOff: { amount: 100, currency: 'XXX' } }],
    ['no redemptions', { maxRedemptions: 0 }],
    ['no use per customer', { perCustomer: 0 }],
    ['no products', { productIds: [] }],
    ['an end at its start', { startsAt: now, endsAt: now }],
    ['a code in lower case', { code: 'spring' }],
    ['an empty code', { code: '' }],
    ['a code with a space', { code: 'SPRING SALE' }],
  ])('is refused with %s', (_, content) => coupon().when(create(content)).thenRefused('INVALID_INPUT'));

  it('again by the same maker with the same content is no second one', () => {
    coupon(created()).when(create()).thenNothing();
    coupon(created({ productIds: [o1] }))
      .when(create({ productIds: [o1] }))
      .thenNothing();
  });

  it.each<[string, Partial<CreateCoupon>]>([
    ['another maker', { makerId: other }],
    ['another percentage', { percentOff: 20 }],
    ['another vendor', { vendorId: other }],
    ['other products', { productIds: [o1] }],
    ['another limit', { maxRedemptions: 5 }],
    ['another window', { endsAt: until }],
  ])('with a taken code and %s is refused', (_, content) => {
    coupon(created()).when(create(content)).thenRefused('COUPON_EXISTS');
  });

  it('under the code of a closed one is refused', () => {
    coupon(created(), closed).when(create()).thenRefused('COUPON_EXISTS');
  });

  it('takes codes as people type them', () => {
    expect(couponCode(' spring-26 ')).toBe('SPRING-26');
  });
});

describe('reserving', () => {
  it('holds a use for an order', () => {
    const state = coupon(created()).when(reserve(o1)).state();
    coupon(created()).when(reserve(o1)).then(reserved(o1));
    expect(couponUses(state)).toEqual({ held: 1, confirmed: 0 });
  });

  it('needs an active coupon', () => {
    coupon().when(reserve(o1)).thenRefused('COUPON_NOT_ACTIVE');
    coupon(created(), closed).when(reserve(o1)).thenRefused('COUPON_NOT_ACTIVE');
  });

  it('is possible from the start to before the end', () => {
    const window = created({ startsAt: '2026-05-01T00:00:00.000Z', endsAt: '2026-05-02T00:00:00.000Z' });
    coupon(window)
      .when(reserve(o1, alice, '2026-04-30T23:59:59.999Z'))
      .thenRefused('COUPON_NOT_ACTIVE');
    coupon(window)
      .when(reserve(o1, alice, '2026-05-01T00:00:00.000Z'))
      .then(reserved(o1));
    coupon(window)
      .when(reserve(o1, alice, '2026-05-01T23:59:59.999Z'))
      .then(reserved(o1));
    coupon(window)
      .when(reserve(o1, alice, '2026-05-02T00:00:00.000Z'))
      .thenRefused('COUPON_NOT_ACTIVE');
  });

  it('counts holds and confirmed uses against the limit, and releases not', () => {
    const limited = created({ maxRedemptions: 2 });
    coupon(limited, reserved(o1), reserved(o2)).when(reserve(o3)).thenRefused('COUPON_EXHAUSTED');
    coupon(limited, reserved(o1), confirmed(o1), reserved(o2)).when(reserve(o3)).thenRefused('COUPON_EXHAUSTED');
    coupon(limited, reserved(o1), reserved(o2), released(o1)).when(reserve(o3)).then(reserved(o3));
  });

  it('counts per customer', () => {
    const once = created({ perCustomer: 1 });
    coupon(once, reserved(o1)).when(reserve(o2)).thenRefused('COUPON_EXHAUSTED');
    coupon(once, reserved(o1), confirmed(o1)).when(reserve(o2)).thenRefused('COUPON_EXHAUSTED');
    coupon(once, reserved(o1)).when(reserve(o2, bob)).then(reserved(o2, bob));
    coupon(once, reserved(o1), released(o1)).when(reserve(o2)).then(reserved(o2));
  });

  it('for the same order again holds no second use, whatever became of the coupon', () => {
    const last = created({ maxRedemptions: 1, endsAt: until });
    coupon(last, reserved(o1)).when(reserve(o1)).thenNothing();
    coupon(last, reserved(o1), confirmed(o1)).when(reserve(o1)).thenNothing();
    coupon(last, reserved(o1), closed)
      .when(reserve(o1, alice, until))
      .thenNothing();
  });

  it('for an order that was released holds anew', () => {
    coupon(created(), reserved(o1), released(o1)).when(reserve(o1)).then(reserved(o1));
    coupon(created(), reserved(o1), released(o1), closed).when(reserve(o1)).thenRefused('COUPON_NOT_ACTIVE');
  });
});

describe('confirming', () => {
  it('makes the hold a use, once, also of a closed coupon', () => {
    coupon(created(), reserved(o1)).when(confirm(o1)).then(confirmed(o1));
    coupon(created(), reserved(o1), closed).when(confirm(o1)).then(confirmed(o1));
    coupon(created(), reserved(o1), confirmed(o1)).when(confirm(o1)).thenNothing();
    const state = coupon(created(), reserved(o1)).when(confirm(o1)).state();
    expect(couponUses(state)).toEqual({ held: 0, confirmed: 1 });
  });

  it('of a released hold counts the use again: the money was taken', () => {
    const late = coupon(created({ maxRedemptions: 1 }), reserved(o1), released(o1), reserved(o2)).when(confirm(o1));
    late.then(confirmed(o1));
    expect(couponUses(late.state())).toEqual({ held: 1, confirmed: 1 });
  });

  it('of what was never held is refused', () => {
    coupon(created()).when(confirm(o1)).thenRefused('ORDER_STATE');
    coupon().when(confirm(o1)).thenRefused('ORDER_STATE');
  });
});

describe('releasing', () => {
  it('gives the hold back, once', () => {
    coupon(created(), reserved(o1)).when(release(o1)).then(released(o1));
    coupon(created(), reserved(o1), released(o1)).when(release(o1)).thenNothing();
    const state = coupon(created(), reserved(o1)).when(release(o1)).state();
    expect(couponUses(state)).toEqual({ held: 0, confirmed: 0 });
  });

  it('leaves a confirmed use, and what was never held', () => {
    coupon(created(), reserved(o1), confirmed(o1)).when(release(o1)).thenNothing();
    coupon(created()).when(release(o1)).thenNothing();
    coupon().when(release(o1)).thenNothing();
  });
});

describe('closing', () => {
  it('ends it for new orders, once', () => {
    coupon(created()).when(close).then(closed);
    coupon(created(), closed).when(close).thenNothing();
  });

  it('needs a coupon', () => coupon().when(close).thenRefused('NOT_FOUND'));
});

describe('impossible events', () => {
  it.each([
    ['before the coupon', [reserved(o1), confirmed(o1), released(o1), closed], []],
    ['of orders that held nothing', [created(), confirmed(o1), released(o1)], [created()]],
    [
      'a second hold or creation',
      [created(), reserved(o1), created({ percentOff: 99 }), reserved(o1, bob)],
      [created(), reserved(o1)],
    ],
    [
      'a release after the confirmation',
      [created(), reserved(o1), confirmed(o1), released(o1)],
      [created(), reserved(o1), confirmed(o1)],
    ],
  ])('%s change nothing', (_, history, same) => {
    expect(coupon(...history).state()).toEqual(coupon(...same).state());
  });
});
