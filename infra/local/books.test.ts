import { afterEach, describe, expect, it } from 'vitest';
import { vendorAccountDecider } from '../../domain/vendor-account/decide.ts';
import {
  approvedVendor,
  type Client,
  orderOf,
  published,
  registered,
  settled,
  signIn,
  signInAdministrator,
  type VendorPerson,
} from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
afterEach(() => system.dispose());

/** A quarter of an hour before the month ends. */
const startAt = Date.parse('2026-11-30T23:45:00.000Z');
const inDecember = Date.parse('2026-12-01T00:00:00.000Z');
const env = { SETTLEMENT_DELAY_S: '60' };
const zero = { pending: 0, available: 0, reserved: 0, paidOut: 0 };

const balanceOf = async (vendor: VendorPerson): Promise<unknown> =>
  (await vendor.ok('GET', `/vendors/${vendor.vendorId}/balance`)).items;
const balanceIs = (vendor: VendorPerson, buckets: Record<string, number>): Promise<unknown> =>
  system.until(`balance ${JSON.stringify(buckets)}`, async () => {
    const items = await balanceOf(vendor);
    if (!Array.isArray(items) || items.length !== 1) return false;
    return Object.entries(buckets).every(([bucket, amount]) => items[0][bucket] === amount) && items;
  });
/** Time passes to December, and the desk closes November. */
const monthEnds = async (vendor: VendorPerson): Promise<Record<string, unknown>> => {
  await system.until('December', async () => system.clock.now() >= inDecember);
  const fresh = await signIn(system, vendor.email);
  return system.until('statement', async () => {
    const { status, body } = await fresh.call('GET', `/vendors/${vendor.vendorId}/statements/2026-11`);
    return status === 200 && body;
  });
};
const again = async <P extends { readonly email: string }>(person: P): Promise<P & Client> => ({
  ...person,
  ...(await signIn(system, person.email)),
});
const typesIn = async (id: string): Promise<readonly string[]> => {
  const types: string[] = [];
  for await (const batch of system.ports.store.readStream(`${vendorAccountDecider.category}-${id}`))
    types.push(...batch.map(({ type }) => type));
  return types;
};

describe('books close per month', () => {
  it('into a new stream that goes on with the balance and the causes still open', async () => {
    system = await startTestSystem({ startAt, env: { SETTLEMENT_DELAY_S: '1200' } });
    const vendor = await approvedVendor(system, 'alpha');
    const product = await published(system, vendor);
    const buyer = await registered(system, 'buyer');
    const { id } = await buyer.ok('POST', '/orders', orderOf([product]));
    await settled(system, buyer, id, ['fulfilled']);
    await balanceIs(vendor, { pending: 1799 });
    const statement = await monthEnds(vendor);
    expect(statement).toMatchObject({
      period: '2026-11',
      vendor: { displayName: 'alpha', country: 'DE' },
      issuedAt: expect.stringMatching(/^2026-12-01T00:00:0/),
      currencies: [
        {
          currency: 'USD',
          opening: zero,
          entries: [{ effect: 'SaleRecorded', count: 1, amounts: { pending: 1799, commission: 200, clearing: -1999 } }],
          closing: { ...zero, pending: 1799 },
        },
      ],
    });
    const owner = await again(vendor);
    await balanceIs(owner, { pending: 0, available: 1799 });
    expect(await typesIn(vendor.vendorId)).toEqual(['BooksOpened', 'SaleRecorded', 'StatementIssued', 'BooksClosed']);
    expect(await typesIn(`${vendor.vendorId}.2026-12`)).toEqual(['BooksOpened', 'SaleMatured']);
  });

  it('a late refund of an old sale enters the open month, and the statement stays as it was', async () => {
    system = await startTestSystem({ startAt, env });
    const vendor = await approvedVendor(system, 'alpha');
    const product = await published(system, vendor);
    const buyer = await registered(system, 'buyer');
    const { id } = await buyer.ok('POST', '/orders', orderOf([product]));
    await settled(system, buyer, id, ['fulfilled']);
    await balanceIs(vendor, { available: 1799 });
    const before = await monthEnds(vendor);
    const admin = await signInAdministrator(system);
    await admin.ok('POST', `/orders/${String(id)}/refunds`, { reason: 'too late, but fair' });
    await settled(system, await again(buyer), id, ['refunded']);
    const owner = await again(vendor);
    await balanceIs(owner, { pending: 0, available: 0 });
    expect(await typesIn(`${vendor.vendorId}.2026-12`)).toEqual(['BooksOpened', 'BroughtForward', 'RefundRecorded']);
    expect(await owner.ok('GET', `/vendors/${vendor.vendorId}/statements/2026-11`)).toEqual(before);
  });

  it('a crash between closing and opening is made up for: nothing is lost, nothing is doubled', async () => {
    system = await startTestSystem({
      startAt,
      env,
      wrap: (ports) => ({
        ...ports,
        store: {
          ...ports.store,
          append: async (stream, expected, events) => {
            if (stream.endsWith('.2026-12') && !restarted) throw new Error('the process dies here');
            return ports.store.append(stream, expected, events);
          },
        },
      }),
    });
    let restarted = false;
    const vendor = await approvedVendor(system, 'alpha');
    const product = await published(system, vendor);
    const buyer = await registered(system, 'buyer');
    const { id } = await buyer.ok('POST', '/orders', orderOf([product]));
    await settled(system, buyer, id, ['fulfilled']);
    await balanceIs(vendor, { available: 1799 });
    await monthEnds(vendor);
    expect(await typesIn(`${vendor.vendorId}.2026-12`)).toEqual([]);
    restarted = true;
    system = await system.restart();
    await system.until('opened', async () => (await typesIn(`${vendor.vendorId}.2026-12`)).length > 0);
    const owner = await again(vendor);
    await owner.ok('POST', `/vendors/${vendor.vendorId}/payouts`, { amount: { amount: 1799, currency: 'USD' } });
    await balanceIs(owner, { available: 0, paidOut: 1799 });
    expect((await typesIn(vendor.vendorId)).filter((type) => type === 'BooksClosed')).toHaveLength(1);
    expect((await typesIn(`${vendor.vendorId}.2026-12`)).filter((type) => type === 'BooksOpened')).toHaveLength(1);
  });
});

describe('a statement', () => {
  it('is its vendor’s alone, and the same bytes on every call as JSON, CSV and PDF', async () => {
    system = await startTestSystem({ startAt, env });
    const vendor = await approvedVendor(system, 'alpha');
    const product = await published(system, vendor);
    const buyer = await registered(system, 'buyer');
    const { id } = await buyer.ok('POST', '/orders', orderOf([product]));
    await settled(system, buyer, id, ['fulfilled']);
    await monthEnds(vendor);
    const owner = await again(vendor);
    const url = `/api/v1/vendors/${vendor.vendorId}/statements/2026-11`;
    const asked = async (accept: string): Promise<Buffer> => {
      const headers = { authorization: `Bearer ${owner.token}`, accept };
      const reply = await system.app.inject({ method: 'GET', url, headers });
      expect([reply.statusCode, String(reply.headers['content-type']).split(';')[0]]).toEqual([200, accept]);
      return reply.rawPayload;
    };
    for (const accept of ['application/json', 'text/csv', 'application/pdf']) {
      const first = await asked(accept);
      await system.clock.advance(5_000);
      expect((await asked(accept)).equals(first)).toBe(true);
    }
    expect((await asked('text/csv')).toString()).toContain('2026-11,USD,closing,,0,1799,0,0,,');
    expect((await asked('application/pdf')).subarray(0, 5).toString()).toBe('%PDF-');
    expect((await owner.ok('GET', `/vendors/${vendor.vendorId}/statements`)).items).toMatchObject([
      { period: '2026-11' },
    ]);
    expect((await owner.call('GET', `/vendors/${vendor.vendorId}/statements/2026-10`)).status).toBe(404);
    const other = await approvedVendor(system, 'beta');
    expect((await other.call('GET', `/vendors/${vendor.vendorId}/statements/2026-11`)).status).toBe(404);
    expect((await (await again(buyer)).call('GET', `/vendors/${vendor.vendorId}/statements`)).status).toBe(403);
  });
});

describe('the balance of each day', () => {
  it('is what it was when the day ended', async () => {
    system = await startTestSystem({ startAt, env });
    const vendor = await approvedVendor(system, 'alpha');
    const product = await published(system, vendor);
    const buyer = await registered(system, 'buyer');
    const { id } = await buyer.ok('POST', '/orders', orderOf([product]));
    await settled(system, buyer, id, ['fulfilled']);
    await balanceIs(vendor, { available: 1799 });
    await monthEnds(vendor);
    const admin = await signInAdministrator(system);
    await admin.ok('POST', `/orders/${String(id)}/refunds`, {
      amount: { amount: 999, currency: 'USD' },
      reason: 'half',
    });
    const owner = await again(vendor);
    await balanceIs(owner, { available: 900 });
    const series = `/vendors/${vendor.vendorId}/balance/series`;
    expect(await owner.ok('GET', `${series}?from=2026-11-29&to=2026-12-02`)).toEqual({
      items: [
        { date: '2026-11-29', balances: [] },
        { date: '2026-11-30', balances: [{ currency: 'USD', ...zero, available: 1799 }] },
        { date: '2026-12-01', balances: [{ currency: 'USD', ...zero, available: 900 }] },
        { date: '2026-12-02', balances: [{ currency: 'USD', ...zero, available: 900 }] },
      ],
    });
    expect((await owner.ok('GET', series)).items).toHaveLength(30);
    expect((await owner.call('GET', `${series}?from=2020-01-01&to=2026-01-01`)).status).toBe(400);
    expect((await owner.call('GET', `${series}?from=yesterday`)).status).toBe(400);
  });
});
