import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../decider.ts';
import { DomainError } from '../errors.ts';
import { allocate } from '../money/split.ts';
import type { LineEarning, VendorAccountCommand } from './commands.ts';
import { vendorAccountDecider } from './decide.ts';
import { isPosting, type LedgerAccount, type PostingEvent } from './events.ts';
import { entriesOf } from './ledger.ts';
import { balancesOf } from './state.ts';

const now = '2026-05-15T12:00:00.000Z';
const vendorId = 'v1';
const causeId = 'cause';

/** All that may ever be told of one sale: three refunds that make up the whole, two disputes with both ends. */
const tellingsOfSale = (saleId: string, currency: string, lines: readonly LineEarning[]): VendorAccountCommand[] => {
  const of = { saleId, orderId: `order of ${saleId}`, causeId };
  const refunds = [0, 1, 2].map((part): VendorAccountCommand => {
    const share = (whole: number): number => allocate(whole, [3, 2, 1])[part] ?? 0;
    const parts = lines.map(({ lineId, net, commission }) => ({
      lineId,
      net: share(net),
      commission: share(commission),
    }));
    return { type: 'RecordRefund', refundId: `${saleId} refund ${part}`, ...of, lines: parts };
  });
  const disputes = [`${saleId} d1`, `${saleId} d2`].flatMap((disputeId): VendorAccountCommand[] => [
    { type: 'ReserveDispute', disputeId, ...of },
    { type: 'ReleaseDispute', disputeId, ...of },
    { type: 'ChargeDispute', disputeId, ...of },
  ]);
  return [
    { type: 'RecordSale', ...of, vendorId, currency, lines, maturesAt: now },
    { type: 'MatureSale', saleId, now },
    ...refunds,
    ...disputes,
  ];
};

const tellingsOfPayout = (payoutId: string, currency: string, amount: number): VendorAccountCommand[] => [
  { type: 'ReservePayout', payoutId, amount, currency, payoutAccount: 'ba_ok' },
  { type: 'CompletePayout', payoutId, causeId },
  { type: 'ReleasePayout', payoutId, causeId, reason: 'returned' },
];

const currency = fc.constantFrom('USD', 'JPY');
const lines = fc
  .array(
    fc
      .integer({ min: 0, max: 5000 })
      .chain((net) => fc.record({ net: fc.constant(net), commission: fc.integer({ min: 0, max: net }) })),
    { minLength: 1, maxLength: 3 },
  )
  .map((earnings) => earnings.map((earning, index) => ({ lineId: `l${index}`, ...earning })));
const everyTelling = fc
  .record({
    sales: fc.array(fc.tuple(currency, lines), { minLength: 1, maxLength: 3 }),
    payouts: fc.array(fc.tuple(currency, fc.integer({ min: 1, max: 3000 })), { maxLength: 4 }),
  })
  .map(({ sales, payouts }) => [
    ...sales.flatMap(([of, earnings], index) => tellingsOfSale(`s${index}`, of, earnings)),
    ...payouts.flatMap(([of, amount], index) => tellingsOfPayout(`po${index}`, of, amount)),
  ]);
/** Some of it, in any order, some of it doubled. */
const tellings = everyTelling.chain((all) =>
  fc
    .tuple(fc.shuffledSubarray(all), fc.shuffledSubarray(all), fc.shuffledSubarray(all))
    .map(([first, second, third]) => [...first, ...second, ...third]),
);

const tell = (command: VendorAccountCommand, history: readonly PostingEvent[]): readonly PostingEvent[] => {
  try {
    return vendorAccountDecider.decide(command, fold(vendorAccountDecider, history)).filter(isPosting);
  } catch (error) {
    if (error instanceof DomainError && ['ORDER_STATE', 'PAYOUT_STATE', 'INSUFFICIENT_BALANCE'].includes(error.code))
      return [];
    throw error;
  }
};

/** The accounts counted by hand: from what was sold, refunded, disputed and paid, without looking at one entry. */
const countedByHand = (history: readonly PostingEvent[], code: string): Record<LedgerAccount, number> => {
  const totals = { pending: 0, available: 0, reserved: 0, paidOut: 0, commission: 0, clearing: 0 };
  const mine = history.filter((event) => event.data.currency === code);
  for (const sold of mine) {
    if (sold.type !== 'SaleRecorded') continue;
    const later = mine.filter((event) => 'saleId' in event.data && event.data.saleId === sold.data.saleId);
    const lost = later.some((event) => event.type === 'DisputeCharged');
    const matured = later.some((event) => event.type === 'SaleMatured');
    const ended = later.flatMap((e) =>
      e.type === 'DisputeReleased' || e.type === 'DisputeCharged' ? [e.data.disputeId] : [],
    );
    const open = later.some((event) => event.type === 'DisputeReserved' && !ended.includes(event.data.disputeId));
    const back = later.flatMap((event) => (event.type === 'RefundRecorded' ? event.data.lines : []));
    const left = (what: 'net' | 'commission'): number =>
      lost
        ? 0
        : sold.data.lines.reduce((sum, line) => sum + line[what], 0) - back.reduce((sum, line) => sum + line[what], 0);
    totals[open ? 'reserved' : matured ? 'available' : 'pending'] += left('net') - left('commission');
    totals.commission += left('commission');
    totals.clearing -= left('net');
  }
  for (const payout of mine) {
    if (payout.type !== 'PayoutReserved') continue;
    const later = mine.filter((event) => 'payoutId' in event.data && event.data.payoutId === payout.data.payoutId);
    if (later.some((event) => event.type === 'PayoutReleased')) continue;
    totals.available -= payout.data.amount;
    totals[later.some((event) => event.type === 'PayoutCompleted') ? 'paidOut' : 'reserved'] += payout.data.amount;
  }
  return totals;
};

const balanceIn = (history: readonly PostingEvent[], code: string) =>
  balancesOf(fold(vendorAccountDecider, history)).find((balance) => balance.currency === code) ?? {
    currency: code,
    pending: 0,
    available: 0,
    reserved: 0,
    paidOut: 0,
  };

describe('the ledger, whatever is told in whatever order', () => {
  it('sums to zero with every event', () => {
    fc.assert(
      fc.property(tellings, (commands) => {
        const history: PostingEvent[] = [];
        for (const command of commands) history.push(...tell(command, history));
        for (const event of history) expect(entriesOf(event).reduce((sum, entry) => sum + entry.amount, 0)).toBe(0);
      }),
    );
  });

  it('holds in each account what is counted by hand', () => {
    fc.assert(
      fc.property(tellings, (commands) => {
        const history: PostingEvent[] = [];
        for (const command of commands) {
          history.push(...tell(command, history));
          for (const code of ['USD', 'JPY']) {
            const counted = countedByHand(history, code);
            const posted = { pending: 0, available: 0, reserved: 0, paidOut: 0, commission: 0, clearing: 0 };
            for (const event of history)
              if (event.data.currency === code)
                for (const entry of entriesOf(event)) posted[entry.account] += entry.amount;
            expect(posted).toEqual(counted);
            expect({ ...counted, ...balanceIn(history, code) }).toEqual({ ...counted, currency: code });
          }
        }
      }),
    );
  });

  it('never holds less than nothing, but for available', () => {
    fc.assert(
      fc.property(tellings, (commands) => {
        const history: PostingEvent[] = [];
        for (const command of commands) {
          history.push(...tell(command, history));
          for (const code of ['USD', 'JPY']) {
            const { pending, reserved, paidOut } = balanceIn(history, code);
            expect(Math.min(pending, reserved, paidOut)).toBeGreaterThanOrEqual(0);
          }
        }
      }),
    );
  });

  it('reserves a payout only of what is earned, matured and undisputed', () => {
    fc.assert(
      fc.property(tellings, (commands) => {
        const history: PostingEvent[] = [];
        for (const command of commands) {
          const events = tell(command, history);
          history.push(...events);
          const reserved = events.find((event) => event.type === 'PayoutReserved');
          if (reserved) expect(countedByHand(history, reserved.data.currency).available).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('is not changed by anything that is told again', () => {
    fc.assert(
      fc.property(tellings, (commands) => {
        const history: PostingEvent[] = [];
        const taken: VendorAccountCommand[] = [];
        for (const command of commands) {
          const events = tell(command, history);
          history.push(...events);
          if (events.length > 0) taken.push(command);
          expect(tell(command, history)).toEqual([]);
        }
        for (const command of taken) expect(tell(command, history)).toEqual([]);
      }),
    );
  });

  it('is not changed by an event that is there already', () => {
    fc.assert(
      fc.property(tellings, (commands) => {
        const history: PostingEvent[] = [];
        for (const command of commands) history.push(...tell(command, history));
        const state = fold(vendorAccountDecider, history);
        for (const event of history) expect(vendorAccountDecider.evolve(state, event)).toBe(state);
      }),
    );
  });

  it('posts a refund as it is told until a dispute is lost, and nothing after', () => {
    fc.assert(
      fc.property(tellings, (commands) => {
        const history: PostingEvent[] = [];
        for (const command of commands) {
          const events = tell(command, history);
          if (command.type === 'RecordRefund' && events.length > 0) {
            const lost = history.some((e) => e.type === 'DisputeCharged' && e.data.saleId === command.saleId);
            const expected = lost ? [] : command.lines.filter((line) => line.net > 0);
            expect(events[0]?.type === 'RefundRecorded' && events[0].data.lines).toEqual(expected);
          }
          history.push(...events);
        }
      }),
    );
  });
});
