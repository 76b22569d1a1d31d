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
  type VendorPerson,
} from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
let alpha: VendorPerson;
let beta: VendorPerson;
let buyer: Person;
let sorter: OnSale;
let writer: OnSale;

beforeEach(async () => {
  system = await startTestSystem({ startAt: Date.parse('2026-11-21T23:50:00.000Z') });
  alpha = await approvedVendor(system, 'alpha');
  beta = await approvedVendor(system, 'beta');
  sorter = await published(system, alpha);
  writer = await published(system, beta, { title: 'Mail writer', price: usd(1000) });
  buyer = await registered(system, 'buyer');
});
afterEach(() => system.dispose());

const usd = (amount: number) => ({ amount, currency: 'USD' });
type Answer = Record<string, unknown>;
const place = async (products: readonly OnSale[], method = 'pm_card_visa'): Promise<string> =>
  String((await buyer.ok('POST', '/orders', orderOf(products, method))).id);
const listOf = ({ items }: Answer): Answer[] => (Array.isArray(items) ? items : []);
/** What a client reads after everything that was answered so far. */
const fresh = async (as: Client, path: string): Promise<Answer> => {
  const position = await system.ports.store.head();
  return as.ok('GET', path, undefined, { headers: { 'x-min-position': String(position ?? 0) } });
};
const salesOf = (of: VendorPerson, query = '') => fresh(of, `/vendors/${of.vendorId}/orders${query}`);

describe('sales', () => {
  it('are the orders with lines of the vendor, newest first, cut to these lines', async () => {
    const both = await place([sorter, writer]);
    await settled(system, buyer, both, ['fulfilled']);
    await system.clock.advance(1_000);
    const mine = await place([sorter], 'pm_card_chargeDeclined');
    await settled(system, buyer, mine, ['cancelled']);
    expect(listOf(await salesOf(alpha)).map(({ id, state }) => [id, state])).toEqual([
      [mine, 'cancelled'],
      [both, 'fulfilled'],
    ]);
    const [sold, ...others] = listOf(await salesOf(beta));
    expect(others).toEqual([]);
    expect(sold).toMatchObject({ id: both, total: usd(1000), lines: [{ productId: writer.id }] });
    expect(JSON.stringify(sold)).not.toContain('pm_card');
    expect(JSON.stringify(sold)).not.toContain(sorter.id);
  });

  it('are filtered by state and paged', async () => {
    const placed: string[] = [];
    for (const method of ['pm_card_visa', 'pm_card_chargeDeclined', 'pm_card_visa', 'pm_card_chargeDeclined']) {
      placed.unshift(await place([sorter], method));
      await settled(system, buyer, placed[0], ['fulfilled', 'cancelled']);
      await system.clock.advance(1_000);
    }
    const idsOf = (page: Answer) => listOf(page).map(({ id }) => id);
    expect(idsOf(await salesOf(alpha, '?state=fulfilled'))).toEqual([placed[1], placed[3]]);
    const first = await salesOf(alpha, '?state=cancelled&limit=1');
    expect(idsOf(first)).toEqual([placed[0]]);
    const second = await salesOf(alpha, `?state=cancelled&limit=1&cursor=${String(first.nextCursor)}`);
    expect(idsOf(second)).toEqual([placed[2]]);
    expect(idsOf(await salesOf(alpha, '?limit=3'))).toEqual(placed.slice(0, 3));
  });

  it('are their vendor’s alone', async () => {
    for (const [who, status] of [
      [beta, 404],
      [buyer, 403],
      [clientOf(system), 401],
    ] as const)
      expect((await who.call('GET', `/vendors/${alpha.vendorId}/orders`)).status).toBe(status);
    expect((await alpha.call('GET', `/vendors/${alpha.vendorId}/orders?state=sold`)).status).toBe(400);
  });
});

describe('statistics', () => {
  const statsOf = (query = '') => fresh(alpha, `/vendors/${alpha.vendorId}/stats${query}`);
  const balanceWhen = (what: string, isSo: (pending: number) => boolean) =>
    system.until(what, async () => {
      const { items } = await alpha.ok('GET', `/vendors/${alpha.vendorId}/balance`);
      return Array.isArray(items) && items[0] !== undefined && isSo(items[0].pending);
    });

  it('say sales, refunds, earnings and orders by day, with the period before', async () => {
    const before = await place([sorter, writer]);
    await settled(system, buyer, before, ['fulfilled']);
    await balanceWhen('the first sale', (pending) => pending === 1799);
    await system.clock.advance(660_000);
    const id = await place([sorter]);
    await settled(system, buyer, id, ['fulfilled']);
    await balanceWhen('the second sale', (pending) => pending === 3598);
    await alpha.ok('POST', `/orders/${before}/refunds`, { reason: 'sorry' });
    await balanceWhen('the refund', (pending) => pending === 1799);

    const none = { orders: 0, sales: usd(0), refunds: usd(0), earned: usd(0) };
    const first = { orders: 1, sales: usd(1999), refunds: usd(0), earned: usd(1799) };
    const second = { orders: 1, sales: usd(1999), refunds: usd(1999), earned: usd(0) };
    expect(await statsOf('?from=2026-11-22&to=2026-11-22')).toEqual({
      ...{ currency: 'USD', from: '2026-11-22', to: '2026-11-22' },
      days: [{ day: '2026-11-22', ...second }],
      totals: second,
      previous: {
        ...{ from: '2026-11-21', to: '2026-11-21' },
        days: [{ day: '2026-11-21', ...first }],
        totals: first,
      },
    });
    const month = await statsOf();
    expect(month).toMatchObject({
      ...{ from: '2026-10-24', to: '2026-11-22' },
      totals: { orders: 2, sales: usd(3998), refunds: usd(1999), earned: usd(1799) },
      previous: { from: '2026-09-24', to: '2026-10-23', totals: none },
    });
    expect(month.days).toHaveLength(30);
    const eur = { amount: 0, currency: 'EUR' };
    expect(await statsOf('?currency=EUR')).toMatchObject({ currency: 'EUR', totals: { orders: 0, sales: eur } });
  });

  it('are their vendor’s alone, of a window that makes sense', async () => {
    const path = `/vendors/${alpha.vendorId}/stats`;
    expect((await beta.call('GET', path)).status).toBe(404);
    expect((await buyer.call('GET', path)).status).toBe(403);
    for (const query of [
      '?from=2026-11-22&to=2026-11-21',
      '?from=2020-01-01',
      '?from=yesterday',
      '?currency=XXX',
      '?a=b',
    ])
      expect([query, (await alpha.call('GET', `${path}${query}`)).status]).toEqual([query, 400]);
  });
});

describe('settings of a vendor', () => {
  it('change name, country and default currency, each by itself; the slug stays', async () => {
    const path = `/vendors/${alpha.vendorId}`;
    const { slug } = await fresh(alpha, path);
    await alpha.ok('PATCH', path, { displayName: ' Alpha Works ' });
    await alpha.ok('PATCH', path, { country: 'FR', defaultCurrency: 'EUR' });
    expect(await fresh(alpha, path)).toMatchObject({
      ...{ slug, displayName: 'Alpha Works', country: 'FR', defaultCurrency: 'EUR', state: 'approved' },
    });
    expect(listOf(await fresh(buyer, '/products')).find(({ id }) => id === sorter.id)).toMatchObject({
      vendor: { displayName: 'Alpha Works' },
    });
    const again = await alpha.ok('PATCH', path, { country: 'FR' });
    expect(again).toMatchObject({ revision: '3' });
  });

  it('are its vendor’s, and have to be right', async () => {
    const path = `/vendors/${alpha.vendorId}`;
    expect((await beta.call('PATCH', path, { country: 'FR' })).status).toBe(404);
    expect((await buyer.call('PATCH', path, { country: 'FR' })).status).toBe(403);
    for (const body of [{}, { country: 'XX' }, { displayName: ' ' }, { defaultCurrency: 'usd' }, { slug: 'mine' }])
      expect((await alpha.call('PATCH', path, body)).body.code).toBe('INVALID_INPUT');
    const stale = await alpha.call('PATCH', path, { country: 'FR' }, { headers: { 'if-match': '"0"' } });
    expect([stale.status, stale.body.code]).toEqual([412, 'REVISION_MISMATCH']);
  });
});
