import { describe, expect, it } from 'vitest';
import type { LedgerEntry, VendorAccountEvent } from '../../domain/vendor-account/events.ts';
import { day, id, market, start, type Who } from '../world.test.ts';

const vendorId = id(31);
const posting = (...entries: readonly (readonly [LedgerEntry['account'], number])[]) => ({
  ...{ vendorId, currency: 'EUR' },
  entries: entries.map(([account, amount]) => ({ account, amount })),
});
const sale: VendorAccountEvent = {
  type: 'SaleRecorded',
  data: {
    ...posting(['clearing', -1000], ['commission', 100], ['pending', 900]),
    ...{ causeId: id(60), saleId: id(61), orderId: id(1), maturesAt: '2026-01-02T00:00:00.000Z' },
    lines: [{ lineId: id(11), net: 1000, commission: 100 }],
  },
};
const matured: VendorAccountEvent = {
  type: 'SaleMatured',
  data: { ...posting(['pending', -900], ['available', 900]), saleId: id(61), orderId: id(1) },
};
const reserved: VendorAccountEvent = {
  type: 'PayoutReserved',
  data: { ...posting(['available', -900], ['reserved', 900]), payoutId: id(70), amount: 900, payoutAccount: 'ba_ok' },
};
const payout = { payoutId: id(70), vendorId };

/** A sale, matured a day later, paid out another day later. */
const earned = async () => {
  const all = await market();
  const { record, clock } = all;
  await record(`vendorAccount-${vendorId}`, sale);
  await clock.advance(day);
  await record(`vendorAccount-${vendorId}`, matured);
  await clock.advance(day);
  await record(`vendorAccount-${vendorId}`, reserved);
  await record(
    `vendorPayout-${id(70)}`,
    { type: 'PayoutRequested', data: { ...payout, amount: 900, currency: 'EUR', payoutAccount: 'ba_ok' } },
    { type: 'PayoutStarted', data: payout },
    { type: 'PayoutFailed', data: { ...payout, reason: 'account_closed' } },
  );
  return all;
};
const time = (ms: number) => new Date(ms).toISOString();
const url = (path: string) => `/vendors/${vendorId}/${path}`;

describe('the balance', () => {
  it('is a fold of the ledger, now and at any time', async () => {
    const { get } = await earned();
    const balance = async (query: string) => (await get(url(`balance${query}`), 'ada')).json;
    const item = { currency: 'EUR', pending: 0, available: 0, reserved: 900, paidOut: 0 };
    const now = await balance('');
    expect(now).toMatchObject({ items: [item], asOf: time(start + 2 * day) });
    expect(now.position).toMatch(/^\d+$/);
    expect((await balance(`?asOf=${time(start + 2 * day)}`)).items).toEqual([item]);
    expect((await balance(`?asOf=${time(start + 2 * day - 1)}`)).items).toEqual([
      { ...item, available: 900, reserved: 0 },
    ]);
    expect((await balance(`?asOf=${time(start)}`)).items).toEqual([{ ...item, pending: 900, reserved: 0 }]);
    expect((await balance(`?asOf=${time(start - 1)}`)).items).toEqual([]);
  });

  it('is empty before the first sale', async () => {
    const { get } = await market();
    expect((await get(`/vendors/${id(32)}/balance`, 'bob')).json).toMatchObject({ items: [], asOf: time(start) });
  });

  it.each<[Who, number]>([
    ['bob', 404],
    ['admin', 403],
    ['stranger', 403],
  ])('is nothing for %s', async (who, status) => {
    const { get } = await earned();
    for (const path of ['balance', 'ledger', 'payouts', `payouts/${id(70)}`, 'payout-account'])
      expect((await get(url(path), who)).status).toBe(status);
  });
});

describe('the ledger', () => {
  it('lists entries with cause and position, newest first', async () => {
    const { get } = await earned();
    const { items } = (await get(url('ledger'), 'ada')).json;
    expect(items).toHaveLength(7);
    expect(items[0]).toMatchObject({
      ...{ account: 'reserved', amount: { amount: 900, currency: 'EUR' }, effect: 'PayoutReserved' },
      cause: { type: 'payout', id: id(70) },
    });
    expect(items.reduce((sum: number, entry: { amount: { amount: number } }) => sum + entry.amount.amount, 0)).toBe(0);
    expect(items.every((entry: { position: string }) => /^\d+$/.test(entry.position))).toBe(true);
  });

  it('is narrowed by cause and time, and paged', async () => {
    const { get } = await earned();
    const effects = async (query: string) =>
      (await get(url(`ledger?${query}`), 'ada')).json.items.map((entry: { effect: string }) => entry.effect);
    expect(new Set(await effects(`cause=${id(61)}`))).toEqual(new Set(['SaleMatured', 'SaleRecorded']));
    expect(await effects(`from=${time(start + day)}&to=${time(start + 2 * day)}`)).toEqual([
      'SaleMatured',
      'SaleMatured',
    ]);
    const page = (await get(url('ledger?limit=4'), 'ada')).json;
    expect(await effects(`cursor=${page.nextCursor}`)).toEqual(['SaleRecorded', 'SaleRecorded', 'SaleRecorded']);
  });

  it('is CSV for who asks for it, all of it', async () => {
    const { get } = await earned();
    const reply = await get(url('ledger?limit=1'), 'ada', { accept: 'text/csv' });
    expect(reply.headers['content-type']).toContain('text/csv');
    const [header, first, ...rest] = reply.text.split('\r\n');
    expect(header).toBe('position,at,effect,account,amount,currency,causeType,causeId,orderId,eventId');
    expect(first).toContain(`,PayoutReserved,reserved,900,EUR,payout,${id(70)},,`);
    expect(rest).toHaveLength(7);
    expect((await get(url('ledger'), 'ada', { accept: 'application/pdf' })).status).toBe(406);
  });
});

describe('payouts', () => {
  it('are listed and shown with state, attempts and reasons', async () => {
    const { get } = await earned();
    const { items } = (await get(url('payouts'), 'ada')).json;
    const one = await get(url(`payouts/${id(70)}`), 'ada');
    expect(items).toEqual([one.json]);
    expect(one.headers.etag).toBe('"2"');
    expect(one.json).toMatchObject({
      ...{ state: 'failed', amount: { amount: 900, currency: 'EUR' }, attempts: [{ at: time(start + 2 * day) }] },
      reasons: [{ reason: 'account_closed' }],
    });
    expect((await get(`/vendors/${id(32)}/payouts/${id(70)}`, 'bob')).status).toBe(404);
  });

  it('go to the account that the vendor set', async () => {
    const { get, record } = await market();
    expect((await get(url('payout-account'), 'ada')).json).toEqual({ account: null });
    await record(`vendor-${vendorId}`, { type: 'VendorPayoutAccountSet', data: { vendorId, account: 'ba_ok' } });
    expect((await get(url('payout-account'), 'ada')).json).toEqual({ account: 'ba_ok' });
  });
});

it('coupons are shown to their maker with held and confirmed uses', async () => {
  const { get, record } = await market();
  const code = 'SPRING';
  const held = { code, customerId: id(3), until: time(start + day) };
  await record(
    `coupon-${code}`,
    { type: 'CouponCreated', data: { code, makerId: id(51), vendorId, percentOff: 10, maxRedemptions: 5 } },
    { type: 'CouponReserved', data: { ...held, orderId: id(1) } },
    { type: 'CouponReserved', data: { ...held, orderId: id(2) } },
    { type: 'CouponConfirmed', data: { code, orderId: id(1) } },
  );
  expect((await get('/coupons', 'ada')).json.items).toEqual([
    {
      code,
      state: 'active',
      percentOff: 10,
      maxRedemptions: 5,
      uses: { held: 1, confirmed: 1 },
      createdAt: time(start),
    },
  ]);
  expect((await get('/coupons', 'bob')).json.items).toEqual([]);
  expect((await get('/coupons', 'buyer')).status).toBe(403);
});
