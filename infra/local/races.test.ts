import { afterEach, describe, expect, it } from 'vitest';
import { approvedVendor, orderOf, published, registered, settled, signInAdministrator } from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
afterEach(() => system.dispose());

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const tally = (values: readonly unknown[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
};

describe('contention on purpose', () => {
  it('gives 10 of 100 concurrent buyers the coupon of 10 uses, and tells 90 at once that there is none left', async () => {
    system = await startTestSystem();
    const product = await published(system, await approvedVendor(system, 'alpha'));
    const admin = await signInAdministrator(system);
    await admin.ok('POST', '/coupons', { code: 'TEN', percentOff: 50, maxRedemptions: 10 });
    const buyers = await Promise.all(range(100).map((n) => registered(system, `buyer${n}`)));
    const replies = await Promise.all(
      buyers.map((buyer) => buyer.call('POST', '/orders', orderOf([product], 'pm_card_visa', { couponCode: 'ten' }))),
    );
    expect(tally(replies.map(({ status, body }) => (status === 202 ? 'placed' : body.code)))).toEqual({
      placed: 10,
      COUPON_EXHAUSTED: 90,
    });
    for (const [index, { status, body }] of replies.entries()) {
      const buyer = buyers[index];
      if (status !== 202 || buyer === undefined) continue;
      const order = await settled(system, buyer, body.id, ['fulfilled', 'cancelled']);
      expect(order).toMatchObject({ state: 'fulfilled', discount: { amount: 1000 }, total: { amount: 999 } });
    }
    const coupon = await system.until('ten confirmed uses', async () => {
      const { items } = await admin.ok('GET', '/coupons');
      return Array.isArray(items) && items.find((each) => each.code === 'TEN' && each.uses.confirmed === 10);
    });
    expect(coupon).toMatchObject({ uses: { held: 0, confirmed: 10 } });
  });

  it('makes one order of 20 concurrent requests with one idempotency key', async () => {
    system = await startTestSystem();
    const product = await published(system, await approvedVendor(system, 'alpha'));
    const buyer = await registered(system, 'buyer');
    const replies = await Promise.all(
      range(20).map(() =>
        buyer.call('POST', '/orders', orderOf([product]), { headers: { 'idempotency-key': 'once' } }),
      ),
    );
    expect(tally(replies.map(({ status }) => status))).toEqual({ 202: 20 });
    expect(new Set(replies.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(tally(replies.map(({ headers }) => headers['idempotent-replayed'] ?? 'first'))).toEqual({
      first: 1,
      true: 19,
    });
    await settled(system, buyer, replies[0]?.body.id, ['fulfilled']);
    expect((await buyer.ok('GET', '/orders')).items).toHaveLength(1);
  });

  it('activates exactly the limit of more machines at once', async () => {
    system = await startTestSystem();
    const product = await published(system, await approvedVendor(system, 'alpha'));
    const buyer = await registered(system, 'buyer');
    const { id } = await buyer.ok('POST', '/orders', orderOf([product]));
    await settled(system, buyer, id, ['fulfilled']);
    const license = await system.until('the licence', async () => {
      const { items } = await buyer.ok('GET', '/licenses');
      return Array.isArray(items) && items[0];
    });
    const replies = await Promise.all(
      range(12).map((n) => buyer.call('POST', `/licenses/${license.id}/activations`, { machine: `machine-${n}` })),
    );
    expect(tally(replies.map(({ status, body }) => (status < 300 ? 'activated' : body.code)))).toEqual({
      activated: 3,
      ACTIVATION_LIMIT: 9,
    });
  });

  it('never sells more than the stock, and gives a place back when a payment is declined', async () => {
    system = await startTestSystem();
    const product = await published(system, await approvedVendor(system, 'alpha'), { stock: 3 });
    const buyer = await registered(system, 'buyer');
    const declined = await buyer.ok('POST', '/orders', orderOf([product], 'pm_card_chargeDeclined'));
    await settled(system, buyer, declined.id, ['cancelled']);
    await system.until('the place is free again', async () => {
      const { status, body } = await buyer.call('POST', '/orders', orderOf([{ ...product }], 'pm_card_visa'));
      return status === 202 && settled(system, buyer, body.id, ['fulfilled']);
    });
    const replies = await Promise.all(range(10).map(() => buyer.call('POST', '/orders', orderOf([product]))));
    expect(tally(replies.map(({ status, body }) => (status === 202 ? 'placed' : body.code)))).toEqual({
      placed: 2,
      OUT_OF_STOCK: 8,
    });
  });

  it('tries a refused order anew under the same key: what was given back is held again', async () => {
    system = await startTestSystem();
    const vendor = await approvedVendor(system, 'alpha');
    const product = await published(system, vendor, { stock: 0 });
    const admin = await signInAdministrator(system);
    await admin.ok('POST', '/coupons', { code: 'ONE', percentOff: 10, maxRedemptions: 1 });
    const buyer = await registered(system, 'buyer');
    const key = { headers: { 'idempotency-key': 'again' } };
    const body = orderOf([product], 'pm_card_visa', { couponCode: 'ONE' });
    expect((await buyer.call('POST', '/orders', body, key)).body.code).toBe('OUT_OF_STOCK');
    await vendor.ok('PATCH', `/products/${product.id}`, { stock: 1 });
    const { id } = await buyer.ok('POST', '/orders', body, key);
    await settled(system, buyer, id, ['fulfilled']);
    const other = await registered(system, 'other');
    expect((await other.call('POST', '/orders', body)).body.code).toBe('COUPON_EXHAUSTED');
  });
});
