import { describe, expect, it } from 'vitest';
import { sampleId as id } from '../../domain/order/samples.ts';
import type { LedgerEntry, VendorAccountEvent } from '../../domain/vendor-account/events.ts';
import type { VendorPayoutEvent } from '../../domain/vendor-payout/events.ts';
import { documentsOf, happenedAt, inStream } from '../given.ts';
import { balances } from './balances.ts';
import { ledger } from './ledger.ts';
import { payouts } from './payouts.ts';
import { statements } from './statements.ts';

const vendorId = id(31);
const stream = `vendorAccount-${vendorId}`;
type Sides = readonly (readonly [LedgerEntry['account'], number])[];
const posting = (currency: string, ...sides: Sides) => ({
  ...{ vendorId, currency },
  entries: sides.map(([account, amount]) => ({ account, amount })),
});
const sale = (currency: string, net: number, commission: number): VendorAccountEvent => ({
  type: 'SaleRecorded',
  data: {
    ...posting(currency, ['clearing', -net], ['commission', commission], ['pending', net - commission]),
    ...{ causeId: id(60), saleId: id(61), orderId: id(1), maturesAt: happenedAt(60), lines: [] },
  },
});
const disputed: VendorAccountEvent = {
  type: 'DisputeReserved',
  data: {
    ...posting('EUR', ['pending', -900], ['reserved', 900]),
    causeId: id(62),
    disputeId: 'dp_1',
    saleId: id(61),
    orderId: id(1),
  },
};
const reserved: VendorAccountEvent = {
  type: 'PayoutReserved',
  data: {
    ...posting('EUR', ['available', -50], ['reserved', 50]),
    payoutId: id(70),
    amount: 50,
    payoutAccount: 'ba_ok',
  },
};

describe('the balance', () => {
  it('is the sum of the vendor’s entries in each currency', async () => {
    const [balance] = (
      await documentsOf(balances, inStream(stream, sale('EUR', 1000, 100), sale('JPY', 50, 5), disputed))
    ).values();
    expect(balance).toEqual({
      vendorId,
      currencies: {
        EUR: { pending: 0, available: 0, reserved: 900, paidOut: 0 },
        JPY: { pending: 45, available: 0, reserved: 0, paidOut: 0 },
      },
      ...{ asOf: happenedAt(2), position: '2', revision: '2' },
    });
  });
  it('may be negative where it is available', async () => {
    const [balance] = (await documentsOf(balances, inStream(stream, reserved))).values();
    expect(balance?.currencies.EUR).toEqual({ pending: 0, available: -50, reserved: 50, paidOut: 0 });
  });
});

describe('the ledger', () => {
  it('has one document an entry, unique by event and side, in the order of the log', async () => {
    const entries = [
      ...(await documentsOf(ledger, inStream(stream, sale('EUR', 1000, 100), disputed, reserved))).values(),
    ];
    expect(entries.map(({ account, amount }) => [account, amount])).toEqual([
      ['clearing', -1000],
      ['commission', 100],
      ['pending', 900],
      ['pending', -900],
      ['reserved', 900],
      ['available', -50],
      ['reserved', 50],
    ]);
    expect(entries.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
    expect(new Set(entries.map(({ id: unique }) => unique)).size).toBe(7);
    const sequences = entries.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...sequences].sort());
  });
  it('names the cause of each', async () => {
    const entries = [
      ...(await documentsOf(ledger, inStream(stream, sale('EUR', 1000, 100), disputed, reserved))).values(),
    ];
    expect(entries[0]).toMatchObject({
      cause: { type: 'sale', id: id(61), orderId: id(1) },
      at: happenedAt(0),
      position: '0',
    });
    expect(entries[3]).toMatchObject({
      effect: 'DisputeReserved',
      cause: { type: 'dispute', id: 'dp_1', orderId: id(1) },
    });
    expect(entries[5]).toMatchObject({
      effect: 'PayoutReserved',
      cause: { type: 'payout', id: id(70), orderId: null },
    });
  });
});

describe('payouts', () => {
  const payout = { payoutId: id(70), vendorId };
  const requested: VendorPayoutEvent = {
    type: 'PayoutRequested',
    data: { ...payout, amount: 50, currency: 'EUR', payoutAccount: 'ba_ok' },
  };
  const started: VendorPayoutEvent = { type: 'PayoutStarted', data: payout };
  const inTransit: VendorPayoutEvent = { type: 'PayoutInTransit', data: { ...payout, providerRef: 'po_1' } };
  const paid: VendorPayoutEvent = { type: 'PayoutPaid', data: payout };
  const payoutAfter = async (...events: VendorPayoutEvent[]) =>
    (await documentsOf(payouts, inStream(`vendorPayout-${id(70)}`, requested, ...events))).get(id(70));

  it('read as requested until the provider has them', async () => {
    expect(await payoutAfter(started)).toEqual({
      ...{ id: id(70), vendorId, amount: 50, currency: 'EUR', payoutAccount: 'ba_ok', state: 'requested' },
      ...{ attempts: [{ at: happenedAt(1) }], reasons: [], requestedAt: happenedAt(0), revision: '1' },
    });
  });
  it('end paid, cancelled, or failed and returned with the reason', async () => {
    expect(await payoutAfter(started, inTransit)).toMatchObject({ state: 'inTransit' });
    expect(await payoutAfter(started, inTransit, paid)).toMatchObject({ state: 'paid', revision: '3' });
    expect(await payoutAfter({ type: 'PayoutCancelled', data: payout })).toMatchObject({
      state: 'cancelled',
      attempts: [],
    });
    const returned: VendorPayoutEvent = { type: 'PayoutReturned', data: { ...payout, reason: 'account_closed' } };
    expect(await payoutAfter(started, paid, returned)).toMatchObject({
      ...{ state: 'returned', reasons: [{ at: happenedAt(3), reason: 'account_closed' }] },
    });
  });
});

describe('statements', () => {
  const buckets = { pending: 900, available: 0, reserved: 0, paidOut: 0 };
  const content = {
    vendorId,
    period: '2026-01',
    vendor: { displayName: 'Ada', country: 'DE' },
    currencies: [{ currency: 'EUR', opening: { ...buckets, pending: 0 }, activity: [], closing: buckets }],
  };
  const carry = { balances: [{ currency: 'EUR', ...buckets }], sales: [], payouts: [] };
  const closed = { vendorId, period: '2026-01', next: '2026-02', carry };
  const closing: readonly VendorAccountEvent[] = [
    { type: 'StatementIssued', data: content },
    { type: 'BooksClosed', data: closed },
  ];
  const opened: VendorAccountEvent = {
    type: 'BooksOpened',
    data: { vendorId, period: '2026-02', previous: vendorId, carry },
  };

  it('are what was frozen, one a month', async () => {
    const issued = await documentsOf(statements, inStream(stream, sale('EUR', 1000, 100), ...closing));
    expect([...issued]).toEqual([
      [`${vendorId}:2026-01`, { ...content, id: `${vendorId}:2026-01`, issuedAt: happenedAt(1), revision: '1' }],
    ]);
  });

  it('do not touch the balance, nor does the month that opens with what was carried', async () => {
    const story = [inStream(stream, sale('EUR', 1000, 100), ...closing), inStream(`${stream}.2026-02`, opened)];
    const [balance] = (await documentsOf(balances, ...story)).values();
    expect(balance?.currencies).toEqual({ EUR: buckets });
  });
});
