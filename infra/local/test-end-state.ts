import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { owed } from '../../domain/checkout/owed.ts';
import { couponDecider } from '../../domain/coupon/decide.ts';
import { couponUses } from '../../domain/coupon/state.ts';
import { type Decider, fold } from '../../domain/decider.ts';
import { valuesIn } from '../../domain/keyed.ts';
import { licenseDecider } from '../../domain/license/license.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { isPlaced, type PlacedOrder, refundedLines } from '../../domain/order/state.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import { stockDecider } from '../../domain/stock/decide.ts';
import { vendorAccountDecider } from '../../domain/vendor-account/decide.ts';
import { isPosting, type VendorAccountEvent } from '../../domain/vendor-account/events.ts';
import { balancesOf } from '../../domain/vendor-account/state.ts';
import { vendorPayoutDecider } from '../../domain/vendor-payout/decide.ts';
import { categoryOf, type EventStore, type StoredEvent } from '../event-store/port.ts';
import type { ChargeRecord, DisputeRecord, PayoutRecord, RefundRecord } from '../payments/simulated/provider-file.ts';
import type { Ports } from './ports.ts';
import type { TestSystem } from './test-system.ts';

const decoder = new TextDecoder();
const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** A stored event as its decider knows it; personal fields stay sealed. */
const eventOf = <E>({ type, data }: StoredEvent): E =>
  JSON.parse(`{"type":${JSON.stringify(type)},"data":${decoder.decode(data)}}`);

/** The whole log by stream. */
export const streamsOf = async (store: EventStore): Promise<ReadonlyMap<string, readonly StoredEvent[]>> => {
  const all: StoredEvent[] = [];
  for await (const batch of store.readAll()) all.push(...batch);
  return Map.groupBy(all, ({ stream }) => stream);
};
type Streams = ReadonlyMap<string, readonly StoredEvent[]>;

const idIn = (stream: string): string => stream.slice(stream.indexOf('-') + 1);
const foldAll = <C, S, E extends DomainEvent>(streams: Streams, decider: Decider<C, S, E>): ReadonlyMap<string, S> =>
  new Map(
    [...streams]
      .filter(([stream]) => categoryOf(stream) === decider.category)
      .map(([stream, events]) => [
        idIn(stream),
        fold(
          decider,
          events.map((event) => eventOf<E>(event)),
        ),
      ]),
  );

/** What the simulated provider believes, and how many webhooks it still owes. */
export const providerOf = (dir: string) => {
  const file = new DatabaseSync(join(dir, 'simulated-provider.sqlite'), { readOnly: true, timeout: 5_000 });
  try {
    const records = <T>(kind: string): readonly T[] =>
      file
        .prepare('SELECT record FROM records WHERE kind = ?')
        .all(kind)
        .map(({ record }) => JSON.parse(String(record)));
    return {
      charges: records<ChargeRecord>('charge'),
      refunds: records<RefundRecord>('refund'),
      payouts: records<PayoutRecord>('payout'),
      disputes: records<DisputeRecord>('dispute'),
      webhooksOwed: Number(file.prepare('SELECT count(*) AS owed FROM outbox').get()?.owed),
    };
  } finally {
    file.close();
  }
};
export type Provider = ReturnType<typeof providerOf>;

export type World = ReturnType<typeof worldOf>;
/** Everything that the log says, folded. */
export const worldOf = (streams: Streams) => ({
  streams,
  orders: new Map(
    [...foldAll(streams, orderDecider)].filter((entry): entry is [string, PlacedOrder] => isPlaced(entry[1])),
  ),
  payments: foldAll(streams, paymentDecider),
  licenses: foldAll(streams, licenseDecider),
  coupons: foldAll(streams, couponDecider),
  stocks: foldAll(streams, stockDecider),
  accounts: foldAll(streams, vendorAccountDecider),
  payouts: foldAll(streams, vendorPayoutDecider),
});

const moneyAt = ({ charges, refunds, disputes }: Provider, orderId: string) => {
  const state = charges.find(({ paymentId }) => paymentId === orderId)?.state;
  const captured = state?.type === 'captured' ? state.amount.amount : 0;
  const own = refunds.filter((refund) => refund.paymentId === orderId);
  const refunded = sum(own.map((refund) => (refund.state.type === 'succeeded' ? refund.amount.amount : 0)));
  const lost = disputes.some((dispute) => dispute.paymentId === orderId && dispute.status === 'lost');
  return { captured, back: lost ? captured : refunded };
};

/** Every order came to one end, and the provider, its licences and holds agree with it. */
const checkOrders = ({ orders, payments, licenses, coupons, stocks }: World, provider: Provider): void => {
  expect(
    provider.charges.filter(({ paymentId }) => !orders.has(paymentId)),
    'charges without an order',
  ).toEqual([]);
  for (const [id, order] of orders) {
    const { captured, back } = moneyAt(provider, id);
    const own = [...licenses.values()].flatMap((license) =>
      license.status !== 'none' && license.orderId === id ? [license] : [],
    );
    const payment = payments.get(id) ?? paymentDecider.initial;
    const about = `order ${id} ${order.status}`;
    expect(
      owed(order, payment, '9999').filter(({ type }) => type !== 'awaitOperator'),
      `${about} owes`,
    ).toEqual([]);
    const refunded = sum(order.refunds.map(({ state, amount }) => (state === 'succeeded' ? amount : 0)));
    switch (order.status) {
      case 'fulfilled':
      case 'partiallyRefunded': {
        expect({ captured, back }, about).toEqual({ captured: order.total, back: refunded });
        expect(own.map(({ lineId }) => lineId).sort(), `${about} licences`).toEqual(
          order.lines.map(({ lineId }) => lineId).sort(),
        );
        const held = order.disputes.some(({ outcome }) => outcome === 'open');
        const gone = new Set(refundedLines(order));
        for (const { lineId, status } of own)
          expect(status, `${about} licence`).toBe(gone.has(lineId) ? 'revoked' : held ? 'suspended' : 'active');
        break;
      }
      case 'refunded':
        expect({ captured, back }, about).toEqual({ captured: order.total, back: order.total });
        for (const { status } of own) expect(status, `${about} licence`).toBe('revoked');
        break;
      case 'cancelled':
        expect(captured - back, `${about}: money kept`).toBe(0);
        for (const { status } of own) expect(status, `${about} licence`).toBe('revoked');
        break;
      default:
        expect.fail(`${about} has not ended`);
    }
  }
  const paid = [...orders.values()].filter(({ licenses: issued }) => issued !== undefined);
  for (const [code, coupon] of coupons)
    expect(couponUses(coupon), `coupon ${code}`).toEqual({
      held: 0,
      confirmed: paid.filter(({ couponCode }) => couponCode === code).length,
    });
  for (const [productId, stock] of stocks) {
    const holds = stock.status === 'none' ? [] : [...valuesIn(stock.holds)].filter(({ state }) => state !== 'released');
    const sold = paid.flatMap(({ lines }) =>
      lines.filter((line) => line.productId === productId).map(({ quantity }) => quantity),
    );
    expect(
      holds.map(({ state }) => state),
      `stock ${productId}`,
    ).toEqual(sold.map(() => 'confirmed'));
    expect(sum(holds.map(({ quantity }) => quantity)), `stock ${productId}`).toBe(sum(sold));
  }
};

/** What a vendor has to have of its orders: shares of what was sold, less what went back. */
const shareOf = (order: PlacedOrder, vendorId: string): number => {
  if (order.licenses === undefined || order.disputes.some(({ outcome }) => outcome === 'lost')) return 0;
  const lines = order.lines.filter((line) => line.vendorId === vendorId);
  const back = order.refunds
    .filter(({ state }) => state === 'succeeded')
    .flatMap((refund) => refund.lines.filter(({ lineId }) => lines.some((line) => line.lineId === lineId)));
  return (
    sum(lines.map(({ total, tax, commission }) => total - tax - commission)) -
    sum(back.map(({ net, commission }) => net - commission))
  );
};

/** Entries cancel out, nothing is posted twice, buckets add up to what was sold, payouts are where the provider has them. */
const checkMoney = ({ streams, orders, accounts, payouts }: World, provider: Provider): void => {
  for (const [vendorId, account] of accounts) {
    const posted = (streams.get(`vendorAccount-${vendorId}`) ?? [])
      .map((event) => eventOf<VendorAccountEvent>(event))
      .filter(isPosting);
    for (const { type, data } of posted)
      expect(sum(data.entries.map(({ amount }) => amount)), `${type} of ${vendorId}`).toBe(0);
    const causes = posted.map(({ type, data }) =>
      JSON.stringify([
        type,
        'payoutId' in data ? data.payoutId : data.saleId,
        'refundId' in data ? data.refundId : '',
        'disputeId' in data ? data.disputeId : '',
      ]),
    );
    expect(causes.length, `postings of ${vendorId}: ${causes.join(' ')}`).toBe(new Set(causes).size);
    const [balance] = balancesOf(account);
    const buckets =
      balance === undefined ? 0 : balance.pending + balance.available + balance.reserved + balance.paidOut;
    expect(buckets, `money of ${vendorId}`).toBe(sum([...orders.values()].map((order) => shareOf(order, vendorId))));
    const own = [...payouts.values()].flatMap((payout) =>
      payout.status !== 'none' && payout.terms.vendorId === vendorId ? [payout] : [],
    );
    const paidOut = sum(own.map((payout) => (payout.status === 'paid' ? payout.terms.amount : 0)));
    expect(balance?.paidOut ?? 0, `paid out to ${vendorId}`).toBe(paidOut);
    const reserved =
      account.status === 'none' ? [] : [...valuesIn(account.payouts)].filter(({ state }) => state === 'reserved');
    expect(reserved, `reservations of ${vendorId}`).toEqual([]);
  }
  expect(new Set(provider.payouts.map(({ payoutId }) => payoutId))).toEqual(new Set(payouts.keys()));
  for (const { payoutId, state } of provider.payouts)
    expect(payouts.get(payoutId)?.status, `payout ${payoutId}`).toBe(state.type);
};

/** Everything came to its end once. */
export const expectConsistent = (world: World, provider: Provider): void => {
  checkOrders(world, provider);
  checkMoney(world, provider);
};

const sorted = <T>(entries: Iterable<readonly [string, T]>): Record<string, T> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

/** What has to be the same however the same story came about: no times, no positions. */
export const endOf = ({ orders, licenses, coupons, stocks, accounts, payouts }: World, provider: Provider) => ({
  orders: sorted(
    [...orders].map(([id, order]) => [
      id,
      {
        status: order.status,
        reason: 'reason' in order ? order.reason : undefined,
        total: order.total,
        holds: order.holdsSettled,
        settled: order.settled,
        refunds: order.refunds.map(({ refundId, amount, state }) => ({ refundId, amount, state })),
        disputes: order.disputes.map(({ disputeId, outcome, settled }) => ({ disputeId, outcome, settled })),
        money: moneyAt(provider, id),
      },
    ]),
  ),
  licenses: sorted([...licenses].map(([id, { status }]) => [id, status])),
  coupons: sorted([...coupons].map(([code, coupon]) => [code, couponUses(coupon)])),
  stocks: sorted(
    [...stocks].map(([id, stock]) => [
      id,
      sum(
        stock.status === 'none'
          ? []
          : [...valuesIn(stock.holds)].map((hold) => (hold.state === 'released' ? 0 : hold.quantity)),
      ),
    ]),
  ),
  balances: sorted([...accounts].map(([id, account]) => [id, balancesOf(account)])),
  payouts: sorted([...payouts].map(([id, payout]) => [id, payout.status])),
});

/** The end of a month is nothing to wait for, nor are the weeks in which a bank may return what was paid. */
const isFarOff = ({ process, since, payout }: Readonly<Record<string, unknown>>): boolean =>
  since === null &&
  (process === 'books' || (payout instanceof Object && 'status' in payout && payout.status === 'paid'));

const isOwed = (document: Readonly<Record<string, unknown>>): boolean =>
  !isFarOff(document) &&
  (document.dueAt !== null || !Array.isArray(document.owes) || document.owes.some((step) => step !== 'awaitOperator'));

/** What of the desk is neither done nor an operator's, once the read models have caught up; undefined before. */
export const deskOf = async ({ store, readModels: { documents } }: Ports): Promise<readonly string[] | undefined> => {
  const head = (await store.head()) ?? -1n;
  const positions = await Promise.all(['desk', 'balances'].map((name) => documents.position(name)));
  if (positions.some((position) => (position ?? -1n) < head)) return undefined;
  const tasks = await documents.find('desk', { limit: 10_000 });
  return tasks
    .filter(({ document }) => isOwed(document))
    .map(({ id, document }) => `${id} ${JSON.stringify(document.owes)}`);
};

/** Lets time pass until nobody owes anything: the desk is empty, all webhooks are delivered. */
export const quiet = async (system: TestSystem): Promise<void> => {
  let left: unknown;
  let looks = 0;
  let calm = 0;
  try {
    await system.until(
      'quiet',
      async () => {
        if (++looks % 5 > 0) return false;
        left = await deskOf(system.ports);
        calm = Array.isArray(left) && left.length === 0 && providerOf(system.dir).webhooksOwed === 0 ? calm + 1 : 0;
        return calm > 3;
      },
      20_000,
    );
  } catch {
    throw new Error(`still owed: ${JSON.stringify(left)} and ${providerOf(system.dir).webhooksOwed} webhooks`);
  }
};

/** The same of a process, from its files. */
export const isQuietAt = (dir: string): boolean => {
  const file = new DatabaseSync(join(dir, 'read-models.sqlite'), { readOnly: true, timeout: 5_000 });
  try {
    const key = file.prepare("SELECT key FROM generations WHERE projection = 'desk' AND state = 'live'").get()?.key;
    const tasks = file.prepare(`SELECT document FROM documents_${String(key)}`).all();
    return !tasks.some(({ document }) => isOwed(JSON.parse(String(document)))) && providerOf(dir).webhooksOwed === 0;
  } finally {
    file.close();
  }
};
