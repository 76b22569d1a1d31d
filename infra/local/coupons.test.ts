import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  approvedVendor,
  type Client,
  type OnSale,
  orderOf,
  type Person,
  published,
  registered,
  settled,
  signInAdministrator,
  type VendorPerson,
} from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
let admin: Client;
let alpha: VendorPerson;
let beta: VendorPerson;
let buyer: Person;
/** Three products: two of alpha, one of beta. */
let sorter: OnSale;
let router: OnSale;
let writer: OnSale;

beforeEach(async () => {
  system = await startTestSystem();
  admin = await signInAdministrator(system);
  alpha = await approvedVendor(system, 'alpha');
  beta = await approvedVendor(system, 'beta');
  sorter = await published(system, alpha);
  router = await published(system, alpha, { title: 'Lead router', price: usd(501) });
  writer = await published(system, beta, { title: 'Mail writer', price: usd(1000) });
  buyer = await registered(system, 'buyer');
});
afterEach(() => system.dispose());

const usd = (amount: number) => ({ amount, currency: 'USD' });
const withCode = (couponCode: string, more: object = {}) => ({ couponCode, ...more });
const place = (as: Client, products: readonly OnSale[], couponCode: string, method = 'pm_card_visa') =>
  as.call('POST', '/orders', orderOf(products, method, withCode(couponCode)));
const ordered = async (products: readonly OnSale[], couponCode: string): Promise<Record<string, unknown>> => {
  const { status, body } = await place(buyer, products, couponCode);
  if (status !== 202) throw new Error(JSON.stringify(body));
  return settled(system, buyer, body.id, ['fulfilled']);
};
const amountsOf = (order: Record<string, unknown>, field: 'discount' | 'total'): unknown[] =>
  Array.isArray(order.lines) ? order.lines.map((line) => line[field].amount) : [];
const pendingOf = (of: VendorPerson) =>
  system.until('money', async () => {
    const { items } = await of.ok('GET', `/vendors/${of.vendorId}/balance`);
    return Array.isArray(items) && items[0]?.pending;
  });
const usesOf = async (as: Client, code: string): Promise<unknown> => {
  const { items } = await as.ok('GET', '/coupons');
  return Array.isArray(items) && items.find((coupon) => coupon.code === code)?.uses;
};

describe('a discount', () => {
  it('is split over its lines by largest remainder', async () => {
    await admin.ok('POST', '/coupons', { code: 'HALFISH', amountOff: usd(100) });
    // 100 over 1999, 501 and 1000: 57.114, 14.314 and 28.571 — the cent goes to the third line
    const order = await ordered([sorter, router, writer], 'halfish');
    expect(amountsOf(order, 'discount')).toEqual([57, 14, 29]);
    expect(amountsOf(order, 'total')).toEqual([1942, 487, 971]);
    expect(order).toMatchObject({ subtotal: usd(3500), discount: usd(100), total: usd(3400), coupon: 'HALFISH' });
  });

  it('of a vendor’s coupon is on the vendor’s lines alone', async () => {
    await alpha.ok('POST', '/coupons', { code: 'ALPHA', percentOff: 10 });
    expect(amountsOf(await ordered([writer, sorter], 'ALPHA'), 'discount')).toEqual([0, 200]);
    expect((await place(buyer, [writer], 'ALPHA')).body.code).toBe('COUPON_NOT_APPLICABLE');
  });

  it('of a coupon for products is on these products alone', async () => {
    await alpha.ok('POST', '/coupons', { code: 'ROUTE', percentOff: 50, productIds: [router.id] });
    expect(amountsOf(await ordered([sorter, router], 'ROUTE'), 'discount')).toEqual([0, 251]);
    expect((await place(buyer, [sorter], 'ROUTE')).body.code).toBe('COUPON_NOT_APPLICABLE');
  });

  it('of an amount is of its own currency, and never more than the lines cost', async () => {
    await admin.ok('POST', '/coupons', { code: 'EURO', amountOff: { amount: 100, currency: 'EUR' } });
    expect((await place(buyer, [sorter], 'EURO')).body.code).toBe('COUPON_NOT_APPLICABLE');
    await admin.ok('POST', '/coupons', { code: 'BIG', amountOff: usd(5000) });
    expect(await ordered([router], 'BIG')).toMatchObject({
      ...{ discount: usd(501), total: usd(0), payment: { state: 'captured', method: 'none' } },
    });
  });
});

describe('commission', () => {
  it('is on the discounted net without tax, rounded half up for the market', async () => {
    await alpha.ok('POST', '/coupons', { code: 'FIVE', amountOff: usd(494) });
    // 1999 − 494 = 1505 at 10 %: 150.5 is 151 for the market
    const body = orderOf([sorter], 'pm_card_visa', withCode('FIVE', { billing: { country: 'DE' } }));
    const { id } = await buyer.ok('POST', '/orders', body);
    expect(await settled(system, buyer, id, ['fulfilled'])).toMatchObject({ tax: usd(286), total: usd(1791) });
    expect(await pendingOf(alpha)).toBe(1354);
  });

  it('the vendor bears an administrator’s coupon too', async () => {
    await admin.ok('POST', '/coupons', { code: 'MARKET', percentOff: 50 });
    expect(await ordered([writer], 'MARKET')).toMatchObject({ total: usd(500) });
    expect(await pendingOf(beta)).toBe(450);
  });
});

describe('a coupon', () => {
  it('shows uses held by running orders and confirmed by paid ones; a declined payment gives its use back', async () => {
    await alpha.ok('POST', '/coupons', { code: 'ONE', percentOff: 10, maxRedemptions: 1 });
    const { body } = await place(buyer, [sorter], 'ONE', 'pm_card_authenticationRequired');
    await settled(system, buyer, body.id, ['awaitingConfirmation']);
    await system.until('held', async () => JSON.stringify(await usesOf(alpha, 'ONE')) === '{"held":1,"confirmed":0}');
    expect((await place(buyer, [sorter], 'ONE')).body.code).toBe('COUPON_EXHAUSTED');
    await buyer.ok('POST', `/orders/${body.id}/cancel`);
    await system.until('free', async () => JSON.stringify(await usesOf(alpha, 'ONE')) === '{"held":0,"confirmed":0}');
    const declined = await place(buyer, [sorter], 'ONE', 'pm_card_chargeDeclined');
    await settled(system, buyer, declined.body.id, ['cancelled']);
    await system.until('free again', async () => {
      const { status, body: next } = await place(buyer, [sorter], 'ONE');
      return status === 202 && settled(system, buyer, next.id, ['fulfilled']);
    });
    await system.until('used', async () => JSON.stringify(await usesOf(alpha, 'ONE')) === '{"held":0,"confirmed":1}');
  });

  it('is limited for each customer', async () => {
    await alpha.ok('POST', '/coupons', { code: 'EACH', percentOff: 10, perCustomer: 1 });
    await ordered([sorter], 'EACH');
    expect((await place(buyer, [sorter], 'EACH')).body.code).toBe('COUPON_EXHAUSTED');
    const second = await registered(system, 'second');
    expect((await place(second, [sorter], 'EACH')).status).toBe(202);
  });

  it('is valid from its start to before its end', async () => {
    const at = (ms: number) => new Date(system.clock.now() + ms).toISOString();
    await alpha.ok('POST', '/coupons', { code: 'WEEK', percentOff: 10, startsAt: at(60_000), endsAt: at(120_000) });
    expect((await place(buyer, [sorter], 'WEEK')).body.code).toBe('COUPON_NOT_ACTIVE');
    await system.clock.advance(60_000);
    expect((await place(buyer, [sorter], 'WEEK')).status).toBe(202);
    await system.clock.advance(60_000);
    expect((await place(buyer, [sorter], 'WEEK')).body.code).toBe('COUPON_NOT_ACTIVE');
  });

  it('closed takes no new order, keeps those that hold it, and its code is never free again', async () => {
    await alpha.ok('POST', '/coupons', { code: 'GONE', percentOff: 10 });
    const { body } = await place(buyer, [sorter], 'GONE', 'pm_card_authenticationRequired');
    await settled(system, buyer, body.id, ['awaitingConfirmation']);
    expect((await beta.call('DELETE', '/coupons/GONE')).status).toBe(404);
    await alpha.ok('DELETE', '/coupons/gone');
    await alpha.ok('DELETE', '/coupons/GONE');
    expect((await place(buyer, [sorter], 'GONE')).body.code).toBe('COUPON_NOT_ACTIVE');
    expect((await alpha.call('POST', '/coupons', { code: 'GONE', percentOff: 10 })).body.code).toBe('COUPON_EXISTS');
    await buyer.ok('POST', `/orders/${body.id}/confirm`, {});
    expect(await settled(system, buyer, body.id, ['fulfilled'])).toMatchObject({ discount: usd(200) });
    await system.until('used', async () => JSON.stringify(await usesOf(alpha, 'GONE')) === '{"held":0,"confirmed":1}');
  });

  it('is refused where no order comes: 409, and nothing stays held', async () => {
    await alpha.ok('POST', '/coupons', { code: 'HOLD', percentOff: 10, maxRedemptions: 1 });
    await alpha.ok('PATCH', `/products/${sorter.id}`, { stock: 0 });
    expect((await place(buyer, [sorter], 'HOLD')).body.code).toBe('OUT_OF_STOCK');
    await system.until('free', async () => JSON.stringify(await usesOf(alpha, 'HOLD')) === '{"held":0,"confirmed":0}');
    expect((await place(buyer, [router], 'HOLD')).status).toBe(202);
    expect((await place(buyer, [router], 'NEVER-WAS')).body.code).toBe('COUPON_NOT_ACTIVE');
  });
});
