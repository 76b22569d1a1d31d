import { beforeEach, describe, expect, it } from 'vitest';
import { couponDecider } from '../../domain/coupon/decide.ts';
import { type Market, openMarket } from '../products/market.test.ts';

let market: Market;
let ada: { accountId: string; vendorId: string; token: string };

beforeEach(async () => {
  market = await openMarket();
  ada = await market.seller();
});

const make = (body: object, as = ada.token, key?: string) =>
  market.call('POST', '/coupons', {
    as,
    body: { code: 'spring-26', percentOff: 20, ...body },
    ...(key === undefined ? {} : { key }),
  });
const close = (code: string, as = ada.token) => market.call('DELETE', `/coupons/${code}`, { as });
const terms = async (code: string) => {
  const { state } = await market.handling.load(couponDecider, code);
  return state.status === 'none' ? undefined : state.terms;
};

describe('making a coupon', () => {
  it('names it by its code in upper case', async () => {
    expect(await make({})).toMatchObject({
      status: 201,
      json: { id: 'SPRING-26', stream: 'coupon-SPRING-26', revision: '0' },
    });
    expect(await terms('SPRING-26')).toEqual({
      code: 'SPRING-26',
      makerId: ada.accountId,
      vendorId: ada.vendorId,
      percentOff: 20,
    });
    const bob = await market.seller();
    expect((await make({ code: 'Spring-26' }, bob.token)).code).toBe('COUPON_EXISTS');
  });

  it('keeps amount, limits, products and times', async () => {
    const productId = await market.draft(ada.token);
    const body = {
      percentOff: undefined,
      amountOff: { amount: 500, currency: 'USD' },
      ...{ maxRedemptions: 10, perCustomer: 1, productIds: [productId, productId] },
      ...{ startsAt: '2026-01-01T00:00:00+02:00', endsAt: '2026-02-01T00:00:00Z' },
    };
    expect((await make(body)).status).toBe(201);
    expect(await terms('SPRING-26')).toMatchObject({
      amountOff: { amount: 500, currency: 'USD' },
      productIds: [productId],
      startsAt: '2025-12-31T22:00:00.000Z',
      endsAt: '2026-02-01T00:00:00.000Z',
    });
  });

  it('is a vendor’s for its own products only', async () => {
    const own = await market.draft(ada.token);
    const bobs = await market.draft((await market.seller()).token);
    const refused = await make({ productIds: [own, bobs, market.random.uuid()] });
    expect(refused).toMatchObject({
      status: 400,
      code: 'INVALID_INPUT',
      json: { errors: [{ path: 'productIds.1' }, { path: 'productIds.2' }] },
    });
    expect(await terms('SPRING-26')).toBeUndefined();
  });

  it('is the market’s when an administrator makes it', async () => {
    const product = await market.draft(ada.token);
    expect((await make({ productIds: [market.random.uuid()] }, market.admin)).json.errors).toMatchObject([
      { path: 'productIds.0' },
    ]);
    expect((await make({ productIds: [product] }, market.admin)).status).toBe(201);
    expect(await terms('SPRING-26')).not.toHaveProperty('vendorId');
  });

  it('is a vendor’s when somebody is both, and nothing for the role alone', async () => {
    expect((await make({}, `vendor+admin:${ada.accountId}`)).status).toBe(201);
    expect(await terms('SPRING-26')).toMatchObject({ vendorId: ada.vendorId });
    expect((await make({ code: 'OTHER' }, `vendor:${market.random.uuid()}`)).code).toBe('VENDOR_STATE');
  });

  it('asked twice with one key is made once', async () => {
    const first = await make({}, ada.token, 'k1');
    const again = await make({}, ada.token, 'k1');
    expect(again).toMatchObject({ status: 201, json: first.json, headers: { 'idempotent-replayed': 'true' } });
    expect((await make({ percentOff: 30 }, ada.token, 'k1')).status).toBe(422);
  });

  it.each([
    ['code', { code: 'ab' }],
    ['code', { code: 'a b c' }],
    ['code', { code: '-abc' }],
    ['code', { code: 'x'.repeat(41) }],
    ['percentOff', { percentOff: 0 }],
    ['percentOff', { percentOff: 101 }],
    ['percentOff', { percentOff: 12.5 }],
    ['percentOff', { percentOff: undefined }],
    ['percentOff', { amountOff: { amount: 1, currency: 'USD' } }],
    ['amountOff.amount', { percentOff: undefined, amountOff: { amount: 0, currency: 'USD' } }],
    ['amountOff.currency', { percentOff: undefined, amountOff: { amount: 1, currency: 'usd' } }],
    ['maxRedemptions', { maxRedemptions: 0 }],
    ['perCustomer', { perCustomer: -1 }],
    ['productIds', { productIds: [] }],
    ['productIds.0', { productIds: ['x'] }],
    ['startsAt', { startsAt: 'tomorrow' }],
    ['startsAt', { startsAt: '2026-02-30T00:00:00Z' }],
    ['endsAt', { startsAt: '2026-02-01T00:00:00Z', endsAt: '2026-02-01T00:00:00Z' }],
    ['vendorId', { vendorId: 'mine' }],
  ])('with a bad %s is a 400 that names it', async (path, body) => {
    const refused = await make(body);
    expect(refused.status).toBe(400);
    expect(refused.json.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect(await terms('SPRING-26')).toBeUndefined();
  });
});

describe('closing a coupon', () => {
  it('is for its maker', async () => {
    await make({});
    const bob = await market.seller();
    expect((await close('SPRING-26', bob.token)).status).toBe(404);
    expect((await close('NO-SUCH')).status).toBe(404);
    expect(await close('spring-26')).toMatchObject({ status: 200, json: { id: 'SPRING-26', revision: '1' } });
    expect((await close('SPRING-26', market.admin)).status).toBe(404);
    expect(await close('SPRING-26')).toMatchObject({ status: 200, json: { revision: '1' } });
    expect((await make({})).code).toBe('COUPON_EXISTS');
  });
});
