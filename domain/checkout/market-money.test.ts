import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLost, netOfLine, type PlacedOrder } from '../order/state.ts';
import type { LedgerAccount } from '../vendor-account/events.ts';
import { entriesOf } from '../vendor-account/ledger.ts';
import { balancesOf } from '../vendor-account/state.ts';
import { marketCurrencies, sampleMarket } from './sample-market.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
type Market = ReturnType<typeof sampleMarket>;

const lostOf = (order: PlacedOrder): boolean => isLost(order);
const backOf = (order: PlacedOrder) =>
  order.refunds.filter(({ state }) => state === 'succeeded').flatMap(({ lines }) => lines);

/** What of an order is still its vendors' and the market's, counted from the order alone. */
const leftOf = (order: PlacedOrder) => {
  if (lostOf(order)) return { net: 0, commission: 0 };
  const back = backOf(order);
  return {
    net: sum(order.lines.map(netOfLine)) - sum(back.map(({ net }) => net)),
    commission: sum(order.lines.map(({ commission }) => commission)) - sum(back.map(({ commission }) => commission)),
  };
};

const postedIn = ({ ledgers }: Market, currency: string): Record<LedgerAccount, number> => {
  const totals = { pending: 0, available: 0, reserved: 0, paidOut: 0, commission: 0, clearing: 0 };
  for (const event of [...ledgers.values()].flat())
    if (event.data.currency === currency) for (const { account, amount } of entriesOf(event)) totals[account] += amount;
  return totals;
};

const expectZeroSums = ({ ledgers, accounts }: Market): void => {
  const uneven = [...ledgers.values()]
    .flat()
    .filter((event) => sum(entriesOf(event).map(({ amount }) => amount)) !== 0);
  const negative = [...accounts.values()]
    .flatMap((state) => balancesOf(state))
    .filter(({ pending, reserved, paidOut }) => Math.min(pending, reserved, paidOut) < 0);
  expect({ uneven, negative }).toEqual({ uneven: [], negative: [] });
};

const expectToTheCent = (market: Market): void => {
  for (const order of market.orders) {
    const back = backOf(order);
    const refunded = sum(back.map(({ amount }) => amount));
    expect(refunded).toBeLessThanOrEqual(order.total);
    for (const line of order.lines) {
      const own = back.filter(({ lineId }) => lineId === line.lineId);
      const whole = sum(own.map(({ amount }) => amount)) === line.total && own.length > 0;
      const given = [sum(own.map(({ net }) => net)), sum(own.map(({ commission }) => commission))];
      if (whole) expect(given).toEqual([netOfLine(line), line.commission]);
    }
    if (order.status === 'refunded' && !lostOf(order)) expect(refunded).toBe(order.total);
  }
  for (const currency of marketCurrencies) {
    const left = market.orders.filter((order) => order.currency === currency).map(leftOf);
    const net = sum(left.map((each) => each.net));
    const commission = sum(left.map((each) => each.commission));
    const posted = postedIn(market, currency);
    expect(posted).toMatchObject({ clearing: 0 - net, commission, reserved: 0, pending: 0 });
    expect(posted.available + posted.paidOut).toBe(net - commission);
  }
};

/** What a run went through. */
const seenIn = ({ orders, ledgers, payouts, accounts }: Market): string[] => [
  ...orders.flatMap((order) => [
    order.currency,
    ...(order.discount > 0 ? ['coupon'] : []),
    ...(order.tax > 0 ? ['tax'] : []),
    ...(new Set(order.lines.map(({ vendorId }) => vendorId)).size > 1 ? ['several vendors'] : []),
    ...(order.refunds.length > 2 && order.status === 'refunded' ? ['refunded in parts'] : []),
    ...order.refunds.map(({ state }) => `refund ${state}`),
    ...order.disputes.map(({ outcome }) => outcome),
    ...(lostOf(order) && backOf(order).length > 0 ? ['lost after a part came back'] : []),
  ]),
  ...payouts.map(({ state }) => `payout ${state}`),
  ...[...ledgers.values()].flat().flatMap((event) => (event.type === 'PayoutReleased' ? [event.data.reason] : [])),
  ...[...accounts.values()].flatMap((state) =>
    balancesOf(state).some(({ available }) => available < 0) ? ['owing'] : [],
  ),
];

describe('the money of a market', () => {
  it('sums to zero with every posting, and to the cent in the end, under every order of captured, refunded, disputed, won, lost, paid out, failed and returned', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { minLength: 60, maxLength: 400, size: 'max' }), (tape) => {
        let at = 0;
        const choose = (options: number): number => (options > 0 ? (tape[at++] ?? 0) % options : 0);
        const market = sampleMarket(choose);
        for (let n = 0; n < 40; n++) {
          market.act();
          expectZeroSums(market);
        }
        market.drain();
        expectZeroSums(market);
        expectToTheCent(market);
        for (const what of seenIn(market)) seen.add(what);
      }),
      { numRuns: 150 },
    );
    expect([...seen].sort()).toEqual(
      [
        ...marketCurrencies,
        ...['coupon', 'tax', 'several vendors', 'refunded in parts', 'lost after a part came back', 'owing'],
        ...['refund succeeded', 'refund failed', 'won', 'lost', 'payout paid', 'payout back', 'failed', 'returned'],
      ].sort(),
    );
  });
});
