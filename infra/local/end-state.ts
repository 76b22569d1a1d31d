import { isDeepStrictEqual } from 'node:util';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { owed } from '../../domain/checkout/owed.ts';
import { couponDecider } from '../../domain/coupon/decide.ts';
import { couponUses } from '../../domain/coupon/state.ts';
import { type Decider, fold } from '../../domain/decider.ts';
import { valuesIn } from '../../domain/keyed.ts';
import { licenseDecider } from '../../domain/license/license.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import { isPlaced, type PlacedOrder, refundedLines } from '../../domain/order/state.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import { stockDecider } from '../../domain/stock/decide.ts';
import { vendorAccountDecider } from '../../domain/vendor-account/decide.ts';
import { isPosting, type VendorAccountEvent } from '../../domain/vendor-account/events.ts';
import { balancesOf } from '../../domain/vendor-account/state.ts';
import { vendorPayoutDecider } from '../../domain/vendor-payout/decide.ts';
import { categoryOf, type EventStore, type StoredEvent } from '../event-store/port.ts';
import type { ChargeRecord, DisputeRecord, PayoutRecord, RefundRecord } from '../payments/simulated/provider-file.ts';

const decoder = new TextDecoder();
export const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

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
export type Provider = {
  readonly charges: readonly ChargeRecord[];
  readonly refunds: readonly RefundRecord[];
  readonly payouts: readonly PayoutRecord[];
  readonly disputes: readonly DisputeRecord[];
  readonly webhooksOwed: number;
};

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

/** What was paid for an order and what went back, as the provider has it; `elsewhere`: what an operator gave back another way. */
export const moneyAt = ({ charges, refunds, disputes }: Provider, orderId: string) => {
  const captured = sum(
    charges.flatMap(({ terms, state }) =>
      terms?.orderId === orderId && state.type === 'captured' ? [state.amount.amount] : [],
    ),
  );
  const own = refunds.filter((refund) => refund.paymentId === orderId);
  const refunded = sum(own.map((refund) => (refund.state.type === 'succeeded' ? refund.amount.amount : 0)));
  const lost = disputes.some((dispute) => dispute.paymentId === orderId && dispute.status === 'lost');
  return { captured, back: lost ? captured : refunded };
};

/** What is found to be other than it has to be, in words. */
type Findings = {
  same(about: string, actual: unknown, expected: unknown): void;
  readonly found: readonly string[];
};
const findings = (): Findings => {
  const found: string[] = [];
  return {
    found,
    same: (about, actual, expected) => {
      if (isDeepStrictEqual(actual, expected)) return;
      found.push(`${about}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
    },
  };
};

/** Refunds of an order that an operator recorded: that money did not go through the provider. */
const givenBackElsewhere = ({ streams }: World, orderId: string, order: PlacedOrder): number => {
  const noted = (streams.get(`order-${orderId}`) ?? [])
    .map((event) => eventOf<OrderEvent>(event))
    .flatMap((event) => (event.type === 'OrderRefunded' && event.data.note !== undefined ? [event.data.refundId] : []));
  return sum(order.refunds.flatMap(({ refundId, amount }) => (noted.includes(refundId) ? [amount] : [])));
};

const checkOrder = (world: World, provider: Provider, id: string, order: PlacedOrder, { same }: Findings): void => {
  const { captured, back } = moneyAt(provider, id);
  const elsewhere = givenBackElsewhere(world, id, order);
  const own = [...world.licenses.values()].flatMap((license) =>
    license.status !== 'none' && license.orderId === id ? [license] : [],
  );
  const payment = world.payments.get(id) ?? paymentDecider.initial;
  const about = `order ${id} ${order.status}`;
  const owes = owed(order, payment, '9999').filter(({ type }) => type !== 'awaitOperator');
  same(`${about} owes`, owes, []);
  const refunded = sum(order.refunds.map(({ state, amount }) => (state === 'succeeded' ? amount : 0)));
  const whole = refundedLines(order);
  const lines = order.lines.map(({ lineId }) => lineId).sort();
  const held = order.disputes.some(({ outcome }) => outcome === 'open');
  switch (order.status) {
    case 'fulfilled':
    case 'partiallyRefunded':
      same(about, { captured, back }, { captured: order.total, back: refunded - elsewhere });
      same(`${about} licences`, own.map(({ lineId }) => lineId).sort(), lines);
      for (const { status, lineId } of own)
        same(`${about} licence`, status, whole.includes(lineId) ? 'revoked' : held ? 'suspended' : 'active');
      return;
    case 'refunded':
      same(about, { captured, back: back + elsewhere }, { captured: order.total, back: order.total });
      for (const { status } of own) same(`${about} licence`, status, 'revoked');
      return;
    case 'cancelled':
      // While a dispute holds the money it is neither kept nor given back.
      if (!held) same(`${about}: money kept`, captured - back - elsewhere, 0);
      for (const { status } of own) same(`${about} licence`, status, 'revoked');
      return;
    default:
      same(`${about} has not ended`, order.status, 'an end');
  }
};

/** Every order came to one end, and the provider, its licences and holds agree with it. */
const checkOrders = (world: World, provider: Provider, checks: Findings): void => {
  const { orders, coupons, stocks } = world;
  const { same } = checks;
  const astray = provider.charges.filter(({ terms }) => terms !== undefined && !orders.has(terms.orderId));
  same('charges without an order', astray, []);
  for (const [id, order] of orders) checkOrder(world, provider, id, order, checks);
  const paid = [...orders.values()].filter(({ licenses: issued }) => issued !== undefined);
  for (const [code, coupon] of coupons) {
    const confirmed = paid.filter(({ couponCode }) => couponCode === code).length;
    same(`coupon ${code}`, couponUses(coupon), { held: 0, confirmed });
  }
  for (const [productId, stock] of stocks) {
    const holds = stock.status === 'none' ? [] : [...valuesIn(stock.holds)].filter(({ state }) => state !== 'released');
    const sold = paid.flatMap(({ lines }) =>
      lines.filter((line) => line.productId === productId).map(({ quantity }) => quantity),
    );
    const states = holds.map(({ state }) => state);
    same(
      `stock ${productId}`,
      states,
      sold.map(() => 'confirmed'),
    );
    same(`stock ${productId}`, sum(holds.map(({ quantity }) => quantity)), sum(sold));
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
const checkMoney = ({ streams, orders, accounts, payouts }: World, provider: Provider, { same }: Findings): void => {
  for (const [vendorId, account] of accounts) {
    const posted = (streams.get(`vendorAccount-${vendorId}`) ?? [])
      .map((event) => eventOf<VendorAccountEvent>(event))
      .filter(isPosting);
    for (const { type, data } of posted)
      same(`${type} of ${vendorId}`, sum(data.entries.map(({ amount }) => amount)), 0);
    const causes = posted.map(({ type, data }) =>
      JSON.stringify([
        type,
        'payoutId' in data ? data.payoutId : data.saleId,
        'refundId' in data ? data.refundId : '',
        'disputeId' in data ? data.disputeId : '',
      ]),
    );
    same(`postings of ${vendorId}: ${causes.join(' ')}`, causes.length, new Set(causes).size);
    const [balance] = balancesOf(account);
    const buckets =
      balance === undefined ? 0 : balance.pending + balance.available + balance.reserved + balance.paidOut;
    same(`money of ${vendorId}`, buckets, sum([...orders.values()].map((order) => shareOf(order, vendorId))));
    const own = [...payouts.values()].flatMap((payout) =>
      payout.status !== 'none' && payout.terms.vendorId === vendorId ? [payout] : [],
    );
    const paidOut = sum(own.map((payout) => (payout.status === 'paid' ? payout.terms.amount : 0)));
    same(`paid out to ${vendorId}`, balance?.paidOut ?? 0, paidOut);
    const reserved =
      account.status === 'none' ? [] : [...valuesIn(account.payouts)].filter(({ state }) => state === 'reserved');
    same(`reservations of ${vendorId}`, reserved, []);
  }
  const asked = [...payouts].filter(([, { status }]) => status !== 'cancelled').map(([id]) => id);
  same('payouts', provider.payouts.map(({ payoutId }) => payoutId).sort(), asked.sort());
  for (const { payoutId, state } of provider.payouts)
    same(`payout ${payoutId}`, payouts.get(payoutId)?.status, state.type);
};

/** Everything came to its end once, or how not. */
export const problemsIn = (world: World, provider: Provider): readonly string[] => {
  const checks = findings();
  checkOrders(world, provider, checks);
  checkMoney(world, provider, checks);
  return checks.found;
};

/** The end of a month is nothing to wait for. */
const isMonthEnd = (document: Readonly<Record<string, unknown>>): boolean =>
  document.process === 'books' && document.since === null;

/** Whether a document of the desk says that something is still to be done, by nobody but the system. */
export const isOwed = (document: Readonly<Record<string, unknown>>): boolean =>
  !isMonthEnd(document) &&
  (document.dueAt !== null || !Array.isArray(document.owes) || document.owes.some((step) => step !== 'awaitOperator'));
