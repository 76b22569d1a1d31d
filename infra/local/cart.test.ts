import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  approvedVendor,
  clientOf,
  type OnSale,
  orderOf,
  type Person,
  published,
  registered,
  settled,
  type VendorPerson,
} from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
let vendor: VendorPerson;
let buyer: Person;
let sorter: OnSale;

beforeEach(async () => {
  system = await startTestSystem();
  vendor = await approvedVendor(system, 'alpha');
  sorter = await published(system, vendor);
  buyer = await registered(system, 'buyer');
});
afterEach(() => system.dispose());

const usd = (amount: number) => ({ amount, currency: 'USD' });
const put = (of: Person, product: OnSale, body: object) => of.ok('PUT', `/cart/items/${product.id}`, body);
/** The cart as it is after everything that was answered so far. */
const cartOf = async (of: Person): Promise<Record<string, unknown>> => {
  const position = await system.ports.store.head();
  return of.ok('GET', '/cart', undefined, { headers: { 'x-min-position': String(position ?? 0) } });
};

describe('the cart', () => {
  it('is one an account, empty at first, and takes products on sale', async () => {
    expect(await cartOf(buyer)).toEqual({ items: [], subtotals: [] });
    const put1 = await put(buyer, sorter, { quantity: 2 });
    expect(put1).toMatchObject({ stream: `cart-${buyer.id}`, revision: '0' });
    expect(await cartOf(buyer)).toMatchObject({
      items: [
        {
          ...{ productId: sorter.id, title: 'Invoice sorter', tierId: 'standard', quantity: 2, onSale: true },
          ...{ unitPrice: usd(1999), total: usd(3998), vendorId: vendor.vendorId },
        },
      ],
      subtotals: [usd(3998)],
    });
    expect(await cartOf(await registered(system, 'other'))).toEqual({ items: [], subtotals: [] });
  });

  it('quantity 0 removes, and so does DELETE; a further time changes nothing', async () => {
    await put(buyer, sorter, { quantity: 2 });
    await put(buyer, sorter, { quantity: 0 });
    expect((await cartOf(buyer)).items).toEqual([]);
    await put(buyer, sorter, { quantity: 1 });
    const first = await buyer.ok('DELETE', `/cart/items/${sorter.id}`);
    expect(await buyer.ok('DELETE', `/cart/items/${sorter.id}`)).toEqual(first);
    expect((await cartOf(buyer)).items).toEqual([]);
  });

  it('prices are always current', async () => {
    await put(buyer, sorter, { quantity: 1 });
    await vendor.ok('PATCH', `/products/${sorter.id}`, { price: usd(2500) });
    expect(await cartOf(buyer)).toMatchObject({ items: [{ unitPrice: usd(2500) }], subtotals: [usd(2500)] });
  });

  it('marks what is no longer on sale, and takes nothing that is not', async () => {
    await put(buyer, sorter, { quantity: 1 });
    await vendor.ok('POST', `/products/${sorter.id}/retire`);
    const { items, subtotals } = await cartOf(buyer);
    expect(items).toMatchObject([{ productId: sorter.id, title: 'Invoice sorter', onSale: false }]);
    expect(JSON.stringify(items)).not.toContain('unitPrice');
    expect(subtotals).toEqual([]);
    const refused = await buyer.call('PUT', `/cart/items/${sorter.id}`, { quantity: 2 });
    expect([refused.status, refused.body.code]).toEqual([409, 'NOT_ON_SALE']);
  });

  it('takes a tier that the product has, and no other', async () => {
    const licenseTiers = [
      { id: 'solo', name: 'Solo', price: usd(1000), activationLimit: 1 },
      { id: 'team', name: 'Team', price: usd(5000), activationLimit: 10 },
    ];
    const tiered = await published(system, vendor, { price: usd(1000), licenseTiers });
    await put(buyer, tiered, { tierId: 'team', quantity: 1 });
    expect((await cartOf(buyer)).items).toMatchObject([{ tierId: 'team', tierName: 'Team', unitPrice: usd(5000) }]);
    await put(buyer, tiered, { quantity: 3 });
    expect((await cartOf(buyer)).items).toMatchObject([{ tierId: 'solo', quantity: 3, total: usd(3000) }]);
    const refused = await buyer.call('PUT', `/cart/items/${tiered.id}`, { tierId: 'huge', quantity: 1 });
    expect([refused.status, refused.body.errors]).toMatchObject([400, [{ path: 'tierId' }]]);
  });

  it('is emptied by a fulfilled order: the lines bought are taken off, for the reason that it was fulfilled', async () => {
    const router = await published(system, vendor, { title: 'Lead router' });
    await put(buyer, sorter, { quantity: 1 });
    await put(buyer, router, { quantity: 3 });
    const declined = await buyer.ok('POST', '/orders', orderOf([sorter, router], 'pm_card_chargeDeclined'));
    await settled(system, buyer, declined.id, ['cancelled']);
    expect((await cartOf(buyer)).items).toHaveLength(2);

    const { id } = await buyer.ok('POST', '/orders', orderOf([sorter, router]));
    await settled(system, buyer, id, ['fulfilled']);
    const left = await system.until('the lines off', async () => {
      const { items } = await cartOf(buyer);
      return Array.isArray(items) && items.length === 1 && items;
    });
    expect(left).toMatchObject([{ productId: router.id, quantity: 2 }]);
    const caused: (string | undefined)[] = [];
    const fulfilled: string[] = [];
    for await (const batch of system.ports.store.readAll())
      for (const event of batch) {
        if (event.type === 'OrderFulfilled') fulfilled.push(event.id);
        if (event.type === 'CartOrderTaken')
          caused.push(JSON.parse(Buffer.from(event.metadata).toString()).causationId);
      }
    expect(caused).toEqual(fulfilled);
  });

  it('is emptied after a crash as well, once', async () => {
    await put(buyer, sorter, { quantity: 2 });
    const { id } = await buyer.ok('POST', '/orders', orderOf([sorter]));
    await settled(system, buyer, id, ['fulfilled']);
    system = await system.restart();
    const after = { ...buyer, ...clientOf(system, buyer.token) };
    await system.until('one left', async () => {
      const { items } = await cartOf(after);
      return Array.isArray(items) && items[0]?.quantity === 1;
    });
    await system.clock.advance(10_000);
    expect((await cartOf(after)).items).toMatchObject([{ quantity: 1 }]);
  });
});

describe('a quote', () => {
  const quote = (body: object) => buyer.call('POST', '/orders/quote', body);
  const { paymentMethod: _, ...body } = orderOf([{ id: '', amount: 1999 }]);
  const asked = (more: object = {}) => ({
    ...body,
    items: [{ productId: sorter.id, quantity: 1, expectedPrice: usd(1999) }],
    ...more,
  });

  it('says what an order would cost, to the cent, and appends nothing', async () => {
    await vendor.ok('POST', '/coupons', { code: 'TENTH', percentOff: 10, maxRedemptions: 1 });
    const before = await system.ports.store.head();
    const wanted = asked({ couponCode: 'tenth', billing: { country: 'DE' } });
    const { status, body: quoted } = await quote(wanted);
    expect(status).toBe(200);
    expect(quoted).toMatchObject({
      ...{ subtotal: usd(1999), discount: usd(200), tax: usd(342), total: usd(2141), currency: 'USD', coupon: 'TENTH' },
      lines: [{ productId: sorter.id, tierId: 'standard', unitPrice: usd(1999), discount: usd(200), total: usd(2141) }],
    });
    expect(await quote(wanted)).toMatchObject({ status: 200 });
    expect(await system.ports.store.head()).toBe(before);
    const { id } = await buyer.ok('POST', '/orders', { ...wanted, paymentMethod: 'pm_card_visa' });
    const order = await settled(system, buyer, id, ['fulfilled']);
    for (const amount of ['subtotal', 'discount', 'tax', 'total']) expect(order[amount]).toEqual(quoted[amount]);
  });

  it('is refused as the order would be', async () => {
    const changed = await quote(asked({ items: [{ productId: sorter.id, quantity: 1, expectedPrice: usd(1) }] }));
    expect(changed).toMatchObject({
      status: 409,
      body: { code: 'PRICE_CHANGED', changes: [{ productId: sorter.id, expected: usd(1), actual: usd(1999) }] },
    });
    const euros = await published(system, vendor, { price: { amount: 100, currency: 'EUR' } });
    const item = { productId: euros.id, quantity: 1, expectedPrice: { amount: 100, currency: 'EUR' } };
    expect((await quote(asked({ items: [...asked().items, item] }))).body.code).toBe('MIXED_CURRENCIES');
    expect((await quote(asked({ couponCode: 'NEVER' }))).body.code).toBe('COUPON_NOT_ACTIVE');
    await vendor.ok('PATCH', `/products/${sorter.id}`, { stock: 0 });
    expect((await quote(asked())).body.code).toBe('OUT_OF_STOCK');
    await vendor.ok('POST', `/products/${sorter.id}/retire`);
    expect((await quote(asked())).body.code).toBe('NOT_ON_SALE');
    expect((await quote(asked({ paymentMethod: 'pm_card_visa' }))).body.code).toBe('INVALID_INPUT');
  });

  it('refuses a coupon that could not be reserved now', async () => {
    await vendor.ok('POST', '/coupons', { code: 'ONCE', percentOff: 10, perCustomer: 1 });
    expect((await quote(asked({ couponCode: 'ONCE' }))).status).toBe(200);
    await buyer.ok('POST', '/orders', { ...asked({ couponCode: 'ONCE' }), paymentMethod: 'pm_card_visa' });
    expect((await quote(asked({ couponCode: 'ONCE' }))).body.code).toBe('COUPON_EXHAUSTED');
    await vendor.ok('POST', '/coupons', { code: 'OVER', percentOff: 10, endsAt: '2026-01-01T00:00:00Z' });
    expect((await quote(asked({ couponCode: 'OVER' }))).body.code).toBe('COUPON_NOT_ACTIVE');
  });
});
