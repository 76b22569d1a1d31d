import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../decider.ts';
import { DomainError } from '../errors.ts';
import { given } from '../given.ts';
import { valueAt } from '../keyed.ts';
import { carriedFrom, monthAfter, nothingCarried } from './books.ts';
import type { CommandNamed, VendorAccountCommand } from './commands.ts';
import { vendorAccountDecider } from './decide.ts';
import { isPosting, type StatementContent, type VendorAccountEvent } from './events.ts';
import { entriesOf } from './ledger.ts';
import {
  account,
  availableSale,
  completePayout,
  dispute,
  disputed,
  mature,
  matured,
  payoutReserved,
  recorded,
  recordSale,
  refund,
  releasePayout,
  reservePayout,
  vendorId,
  wholeLine,
} from './samples.ts';
import { balancesOf } from './state.ts';

const vendor = { displayName: 'Flow Works', country: 'DE' };
const open = (period = '2026-05'): CommandNamed<'OpenBooks'> => ({
  type: 'OpenBooks',
  vendorId,
  period,
  carry: nothingCarried,
});
const close = (period = '2026-05'): CommandNamed<'CloseBooks'> => ({ type: 'CloseBooks', period, vendor });
const opened: VendorAccountEvent = {
  type: 'BooksOpened',
  data: { vendorId, period: '2026-05', carry: nothingCarried },
};
const none = { pending: 0, available: 0, reserved: 0, paidOut: 0 };

type Closed = Extract<VendorAccountEvent, { type: 'BooksClosed' }>['data'];
const closingOf = (...history: VendorAccountEvent[]): { statement: StatementContent; closed: Closed } => {
  const [issued, closed] = account(opened, ...history)
    .when(close())
    .events();
  if (issued?.type !== 'StatementIssued' || closed?.type !== 'BooksClosed') throw new Error('not closed');
  return { statement: issued.data, closed: closed.data };
};
/** The month after, opened with what was carried. */
const nextMonth = (...history: VendorAccountEvent[]) => {
  const { closed } = closingOf(...history);
  const { next: period, carry } = closed;
  return given(vendorAccountDecider, { type: 'BooksOpened', data: { vendorId, period, previous: vendorId, carry } });
};

describe('a month', () => {
  it('is followed by the next', () => {
    expect(monthAfter('2026-05')).toBe('2026-06');
    expect(monthAfter('2026-12')).toBe('2027-01');
  });
});

describe('opening the books', () => {
  it('is the first event of a period, once', () => {
    account().when(open()).then(opened);
    account(opened).when(open()).thenNothing();
    account(recorded).when(open()).thenNothing();
  });
});

describe('closing the books', () => {
  it('freezes the statement: opening, sums by kind, closing', () => {
    expect(closingOf(...availableSale, payoutReserved(500)).statement).toEqual({
      vendorId,
      period: '2026-05',
      vendor,
      currencies: [
        {
          currency: 'USD',
          opening: none,
          activity: [
            {
              effect: 'PayoutReserved',
              count: 1,
              amounts: { ...none, available: -500, reserved: 500, commission: 0, clearing: 0 },
            },
            {
              effect: 'SaleMatured',
              count: 1,
              amounts: { ...none, pending: -1799, available: 1799, commission: 0, clearing: 0 },
            },
            {
              effect: 'SaleRecorded',
              count: 1,
              amounts: { ...none, pending: 1799, commission: 200, clearing: -1999 },
            },
          ],
          closing: { ...none, available: 1299, reserved: 500 },
        },
      ],
    });
  });

  it('carries balances, open payouts, and the sales that wait for maturity or a dispute', () => {
    const { closed } = closingOf(...availableSale, payoutReserved(500));
    expect(closed).toEqual({
      vendorId,
      period: '2026-05',
      next: '2026-06',
      carry: {
        balances: [{ currency: 'USD', ...none, available: 1299, reserved: 500 }],
        sales: [],
        payouts: [{ payoutId: 'po1', state: 'reserved', amount: 500, currency: 'USD' }],
      },
    });
    expect(closingOf(recorded).closed.carry.sales).toMatchObject([
      { saleId: 's1', lines: [wholeLine], matured: false },
    ]);
    const reserved = dispute('DisputeReserved', { available: -1799, reserved: 1799 });
    expect(closingOf(...availableSale, reserved).closed.carry.sales).toMatchObject([
      { saleId: 's1', matured: true, disputes: [{ disputeId: 'd1', stage: 'open' }] },
    ]);
  });

  it('happens once, and of the month that is open', () => {
    const history = account(opened, recorded).when(close()).events();
    account(opened, recorded, ...history)
      .when(close())
      .thenNothing();
    account(opened, recorded).when(close('2026-04')).thenNothing();
    account().when(close()).thenNothing();
  });

  it.each([
    recordSale(),
    mature(),
    refund(),
    disputed('ReserveDispute'),
    reservePayout(1),
    completePayout,
    releasePayout,
    { type: 'BringForward', sales: [], payouts: [] } as const,
  ])('leaves nothing to be recorded in that month: %j', (command) => {
    const history = account(opened, recorded).when(close()).events();
    account(opened, recorded, ...history)
      .when(command)
      .thenRefused('BOOKS_CLOSED');
  });
});

describe('the open month', () => {
  it('takes what is told of a sale that waited: maturity, refund, dispute', () => {
    const next = nextMonth(recorded);
    next.when(mature()).then(matured());
    expect(balancesOf(next.when(refund()).state())).toEqual([{ currency: 'USD', ...none }]);
    expect(balancesOf(next.when(disputed('ReserveDispute')).state())).toEqual([
      { currency: 'USD', ...none, reserved: 1799 },
    ]);
    next.when(recordSale()).thenNothing();
  });

  it('takes the end of a payout that was open', () => {
    const next = nextMonth(...availableSale, payoutReserved(500));
    expect(balancesOf(next.when(completePayout).state())).toEqual([
      { currency: 'USD', ...none, available: 1299, paidOut: 500 },
    ]);
    expect(balancesOf(next.when(releasePayout).state())).toEqual([{ currency: 'USD', ...none, available: 1799 }]);
  });

  it('takes a late refund of an old sale once that is brought forward, which moves nothing', () => {
    const next = nextMonth(...availableSale);
    next.when(refund()).thenRefused('ORDER_STATE');
    const old = account(opened, ...availableSale).state();
    const sale = old.status === 'open' ? valueAt(old.sales, 's1') : undefined;
    if (sale === undefined) throw new Error('no sale');
    const bring = { type: 'BringForward', sales: [carriedFrom(sale)], payouts: [] } as const;
    expect(balancesOf(next.when(bring).state())).toEqual([{ currency: 'USD', ...none, available: 1799 }]);
    const { carry } = closingOf(...availableSale).closed;
    const brought = account(
      { type: 'BooksOpened', data: { vendorId, period: '2026-06', carry } },
      ...next.when(bring).events(),
    );
    brought.when(bring).thenNothing();
    brought.when(recordSale()).thenNothing();
    expect(balancesOf(brought.when(refund()).state())).toEqual([{ currency: 'USD', ...none }]);
  });
});

/** One sale after the other, and everything that may be told of them and of two payouts. */
const tellings: readonly VendorAccountCommand[] = [
  ...['s1', 's2'].flatMap((saleId): VendorAccountCommand[] => {
    const of = { saleId, orderId: `order of ${saleId}`, causeId: 'cause' };
    return [
      recordSale([wholeLine], { saleId }),
      { ...mature(), type: 'MatureSale', saleId, now: '2026-12-01T00:00:00.000Z' },
      { type: 'RecordRefund', refundId: `${saleId} r1`, ...of, lines: [{ lineId: 'l1', net: 500, commission: 50 }] },
      { type: 'RecordRefund', refundId: `${saleId} r2`, ...of, lines: [{ lineId: 'l1', net: 1499, commission: 150 }] },
      { type: 'ReserveDispute', disputeId: `${saleId} d`, ...of },
      { type: 'ReleaseDispute', disputeId: `${saleId} d`, ...of },
      { type: 'ChargeDispute', disputeId: `${saleId} e`, ...of },
    ];
  }),
  ...['po1', 'po2'].flatMap((payoutId): VendorAccountCommand[] => [
    reservePayout(700, payoutId),
    { type: 'CompletePayout', payoutId, causeId: 'cause' },
    { type: 'ReleasePayout', payoutId, causeId: 'cause', reason: 'returned' },
  ]),
];
const anyTelling = fc.array(fc.constantFrom<VendorAccountCommand | 'month ends'>(...tellings, 'month ends'), {
  maxLength: 60,
});

const tell = (command: VendorAccountCommand, history: readonly VendorAccountEvent[]): readonly VendorAccountEvent[] => {
  try {
    return vendorAccountDecider.decide(command, fold(vendorAccountDecider, history));
  } catch (error) {
    if (error instanceof DomainError && error.status === 409 && error.code !== 'BOOKS_CLOSED') return [];
    throw error;
  }
};

/** The periods, oldest first, as the write side keeps them: what an older one knows is brought forward first. */
const inMonths = (commands: readonly (VendorAccountCommand | 'month ends')[]): VendorAccountEvent[][] => {
  const periods: VendorAccountEvent[][] = [[{ ...opened }]];
  for (const command of commands) {
    const current = periods.at(-1) ?? [];
    const state = fold(vendorAccountDecider, current);
    if (state.status !== 'open') throw new Error('no open month');
    if (command === 'month ends') {
      current.push(...tell(close(state.books.period ?? ''), current));
      const ended = fold(vendorAccountDecider, current);
      if (ended.status !== 'closed') throw new Error('not closed');
      periods.push([...tell({ ...open(ended.next), previous: ended.period, carry: ended.carry }, [])]);
      continue;
    }
    for (const earlier of periods.slice(0, -1).reverse()) {
      const known = fold(vendorAccountDecider, earlier);
      if (known.status === 'none') continue;
      const sale = 'saleId' in command ? valueAt(known.sales, command.saleId) : undefined;
      const payout = 'payoutId' in command ? valueAt(known.payouts, command.payoutId) : undefined;
      if (sale === undefined && payout === undefined) continue;
      const bring = { sales: sale ? [carriedFrom(sale)] : [], payouts: payout ? [payout] : [] };
      current.push(...tell({ type: 'BringForward', ...bring }, current));
      break;
    }
    current.push(...tell(command, current));
  }
  return periods;
};

describe('whatever is told in whatever order, and whenever months end', () => {
  it('the same is posted as without closing, and sums to zero', () => {
    fc.assert(
      fc.property(anyTelling, (commands) => {
        const without: VendorAccountEvent[] = [];
        for (const command of commands) if (command !== 'month ends') without.push(...tell(command, without));
        const periods = inMonths(commands);
        const posted = periods.flat().filter(isPosting);
        expect(posted).toEqual(without.filter(isPosting));
        for (const event of posted) expect(entriesOf(event).reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
        const balances = balancesOf(fold(vendorAccountDecider, periods.at(-1) ?? []));
        expect(balances).toEqual(balancesOf(fold(vendorAccountDecider, without)));
      }),
      { numRuns: 300 },
    );
  });

  it('each statement starts where the one before ended, and its sums lead from opening to closing', () => {
    fc.assert(
      fc.property(anyTelling, (commands) => {
        let before: StatementContent['currencies'] = [];
        for (const period of inMonths(commands)) {
          const issued = period.find((event) => event.type === 'StatementIssued');
          if (issued?.type !== 'StatementIssued') continue;
          for (const { currency, opening, activity, closing } of issued.data.currencies) {
            expect(opening).toEqual(before.find((last) => last.currency === currency)?.closing ?? none);
            for (const bucket of ['pending', 'available', 'reserved', 'paidOut'] as const)
              expect(activity.reduce((sum, { amounts }) => sum + amounts[bucket], opening[bucket])).toBe(
                closing[bucket],
              );
          }
          before = issued.data.currencies;
        }
      }),
    );
  });
});
