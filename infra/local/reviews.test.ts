import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  approvedVendor,
  type Client,
  clientOf,
  type OnSale,
  orderOf,
  type Person,
  published,
  registered,
  settled,
  signIn,
  signInAdministrator,
  type VendorPerson,
} from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
let vendor: VendorPerson;
let product: OnSale;
let anyone: Client;
beforeEach(async () => {
  system = await startTestSystem();
  anyone = clientOf(system);
  vendor = await approvedVendor(system, 'alpha');
  product = await published(system, vendor);
});
afterEach(() => system.dispose());

const bought = async (buyer: Person, method = 'pm_card_visa'): Promise<string> => {
  const { id } = await buyer.ok('POST', '/orders', orderOf([product], method));
  await settled(system, buyer, id, ['fulfilled']);
  return String(id);
};
const buyerNamed = async (name: string): Promise<Person> => {
  const buyer = await registered(system, name);
  await bought(buyer);
  return buyer;
};
const review = (by: Client, body: unknown, options?: Parameters<Client['call']>[3]) =>
  by.call('POST', `/products/${product.id}/reviews`, body, options);
/** The public list, as of the last command. */
const listed = async (query = '') => {
  const position = String(await system.ports.store.head());
  return anyone.ok('GET', `/products/${product.id}/reviews${query}`, undefined, {
    headers: { 'x-min-position': position },
  });
};
const whenListed = (what: string, isSo: (list: Record<string, unknown>) => boolean) =>
  system.until(what, async () => {
    const list = await listed();
    return isSo(list) && list;
  });
const refundAll = async (orderId: string): Promise<void> => {
  await (await signInAdministrator(system)).ok('POST', `/orders/${orderId}/refunds`, { reason: 'asked for' });
};

describe('a review', () => {
  it('is one a buyer and product: again is an edit', async () => {
    const email = 'ada@example.test';
    const ada = { email, password: 'a long enough passphrase 42', displayName: 'Ada King Lovelace' };
    const { id } = await anyone.ok('POST', '/auth/register', ada);
    const buyer = { ...(await signIn(system, email)), id: String(id), email };
    await bought(buyer);
    const first = await review(buyer, { stars: 2, title: 'Hm', body: 'It stops at noon.' });
    expect(first.status).toBe(201);
    const second = await review(buyer, { stars: 5, title: 'Fixed' });
    expect([second.status, second.body.id, second.headers.etag]).toEqual([200, first.body.id, '"1"']);
    const list = await listed();
    expect(list).toMatchObject({ count: 1, average: 5, histogram: { 1: 0, 2: 0, 3: 0, 4: 0, 5: 1 }, nextCursor: null });
    expect(list.items).toEqual([
      {
        ...{ id: first.body.id, stars: 5, title: 'Fixed', author: 'Ada L.' },
        ...{ createdAt: expect.any(String), editedAt: expect.any(String) },
      },
    ]);
  });

  it('needs a fulfilled order with an active licence', async () => {
    const stranger = await registered(system, 'stranger');
    expect((await review(anyone, { stars: 5 })).status).toBe(401);
    expect((await review(stranger, { stars: 5 })).body.code).toBe('FORBIDDEN');
    const waiting = await stranger.ok('POST', '/orders', orderOf([product], 'pm_card_authenticationRequired'));
    await settled(system, stranger, waiting.id, ['awaitingConfirmation']);
    expect((await review(stranger, { stars: 5 })).body.code).toBe('FORBIDDEN');
    const orderId = await bought(stranger);
    await refundAll(orderId);
    await system.until('revoked', async () => {
      const { items } = await stranger.ok('GET', '/licenses');
      return Array.isArray(items) && items[0]?.state === 'revoked';
    });
    expect(await review(stranger, { stars: 5 })).toMatchObject({ status: 409, body: { code: 'LICENSE_STATE' } });
  });

  it('of an own product is refused, and of no product not found', async () => {
    await bought(vendor);
    expect((await review(vendor, { stars: 5 })).body.code).toBe('FORBIDDEN');
    const nowhere = '/products/7d4c1c3e-4c1a-4b53-9a43-3d1f1a0b2c4d/reviews';
    expect((await vendor.call('POST', nowhere, { stars: 5 })).status).toBe(404);
    expect((await anyone.call('GET', nowhere)).status).toBe(404);
  });

  it.each([
    ['no stars', {}],
    ['no whole stars', { stars: 4.5 }],
    ['too many stars', { stars: 6 }],
    ['too few stars', { stars: 0 }],
    ['a title of 121 characters', { stars: 4, title: 'x'.repeat(121) }],
    ['a body of 4001 characters', { stars: 4, body: 'x'.repeat(4001) }],
    ['something unknown', { stars: 4, author: 'me' }],
  ])('with %s is refused and appends nothing', async (_, body) => {
    const buyer = await buyerNamed('buyer');
    expect(await review(buyer, body)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
    for await (const written of system.ports.store.readAll({ filter: { categories: ['review'] } }))
      expect(written).toEqual([]);
  });

  it('under the same idempotency key is written once', async () => {
    const buyer = await buyerNamed('buyer');
    const key = { headers: { 'idempotency-key': 'r1' } };
    const first = await review(buyer, { stars: 3 }, key);
    const again = await review(buyer, { stars: 3 }, key);
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect((await review(buyer, { stars: 4 }, key)).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });
});

describe('the list of reviews', () => {
  it('shows the newest or the most helpful first, page by page', async () => {
    const [one, two] = [await buyerNamed('one'), await buyerNamed('two')];
    await review(one, { stars: 4, body: 'Reads every invoice. '.repeat(30) });
    await system.clock.advance(60_000);
    await review(two, { stars: 1 });
    const starsOf = (list: Record<string, unknown>) => (list.items as { stars: number }[]).map(({ stars }) => stars);
    expect(starsOf(await listed())).toEqual([1, 4]);
    expect(starsOf(await listed('?sort=helpful'))).toEqual([4, 1]);
    const page = await listed('?limit=1');
    expect([starsOf(page), page.count, page.average]).toEqual([[1], 2, 2.5]);
    const next = await listed(`?limit=1&cursor=${String(page.nextCursor)}`);
    expect([starsOf(next), next.nextCursor]).toEqual([[4], null]);
    expect((await anyone.call('GET', `/products/${product.id}/reviews?sort=best`)).status).toBe(400);
  });

  it('carries the reply of the product’s vendor, and of nobody else', async () => {
    const buyer = await buyerNamed('buyer');
    const { id } = (await review(buyer, { stars: 3, body: 'Slow.' })).body;
    const reply = (by: Client, body: string) => by.call('POST', `/reviews/${String(id)}/reply`, { body });
    const other = await approvedVendor(system, 'beta');
    expect((await reply(other, 'Not mine')).status).toBe(404);
    expect((await reply(buyer, 'Me again')).status).toBe(403);
    const unanswered = async () => {
      const headers = { 'x-min-position': String(await system.ports.store.head()) };
      return vendor.ok('GET', `/vendors/${vendor.vendorId}/reviews?unanswered=true`, undefined, { headers });
    };
    expect((await unanswered()).items).toMatchObject([{ id, product: { id: product.id, title: 'Invoice sorter' } }]);
    expect((await reply(vendor, 'We look into it.')).status).toBe(200);
    expect((await reply(vendor, 'It is faster now.')).status).toBe(200);
    expect((await listed()).items).toMatchObject([{ id, reply: { body: 'It is faster now.' } }]);
    expect((await unanswered()).items).toEqual([]);
    expect((await other.call('GET', `/vendors/${vendor.vendorId}/reviews`)).status).toBe(404);
  });
});

describe('the rating', () => {
  it('flows into cards, product page and search', async () => {
    const [one, two] = [await buyerNamed('one'), await buyerNamed('two')];
    await review(one, { stars: 5 });
    await review(two, { stars: 2 });
    const second = await published(system, vendor, { title: 'Mail sorter' });
    const rating = { average: 3.5, count: 2 };
    expect(await anyone.ok('GET', `/products/${product.id}`)).toMatchObject({ rating });
    expect((await anyone.ok('GET', '/products?sort=rating')).items).toMatchObject([
      { id: product.id, rating },
      { id: second.id, rating: { average: 0, count: 0 } },
    ]);
    const found = await anyone.ok('GET', '/search?q=sorter&minRating=3');
    expect(found).toMatchObject({ total: 1, items: [{ id: product.id }] });
    expect((found.facets as { rating: unknown }).rating).toContainEqual(
      expect.objectContaining({ value: '3', count: 1 }),
    );
    expect(await anyone.ok('GET', '/search?q=sorter&minRating=4')).toMatchObject({ total: 0 });
  });
});

describe('a review follows the licence behind it', () => {
  it('is excluded by a full refund, and written anew on another licence it counts again', async () => {
    const buyer = await registered(system, 'buyer');
    const orderId = await bought(buyer);
    const { id } = (await review(buyer, { stars: 4, body: 'Good.' })).body;
    expect(await listed()).toMatchObject({ count: 1, average: 4 });
    await refundAll(orderId);
    expect(await whenListed('excluded', ({ count }) => count === 0)).toMatchObject({ items: [], average: 0 });
    expect((await review(buyer, { stars: 5 })).body.code).toBe('LICENSE_STATE');
    await bought(buyer);
    expect(await review(buyer, { stars: 5 })).toMatchObject({ status: 200, body: { id } });
    expect(await listed()).toMatchObject({ count: 1, average: 5, items: [{ id, stars: 5 }] });
  });

  it('stays with a partial refund', async () => {
    const buyer = await registered(system, 'buyer');
    const orderId = await bought(buyer);
    await review(buyer, { stars: 4 });
    const admin = await signInAdministrator(system);
    await admin.ok('POST', `/orders/${orderId}/refunds`, { amount: 500, reason: 'sorry' });
    await settled(system, buyer, orderId, ['partiallyRefunded']);
    await system.clock.advance(5_000);
    expect(await listed()).toMatchObject({ count: 1 });
    expect((await review(buyer, { stars: 5 })).status).toBe(200);
  });
});
