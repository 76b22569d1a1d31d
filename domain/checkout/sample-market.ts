import { discountFor } from '../coupon/discount.ts';
import { DomainError } from '../errors.ts';
import type { OrderCommand } from '../order/commands.ts';
import { orderDecider } from '../order/decider.ts';
import { type PricedOrder, priceOrder } from '../order/pricing.ts';
import type { RefundRequest } from '../order/refund.ts';
import { sampleId } from '../order/samples.ts';
import { isPlaced, type Order, type PlacedOrder } from '../order/state.ts';
import type { VendorAccountCommand } from '../vendor-account/commands.ts';
import { vendorAccountDecider } from '../vendor-account/decide.ts';
import { isPosting, type PostingEvent } from '../vendor-account/events.ts';
import { balancesOf, type VendorAccountState } from '../vendor-account/state.ts';
import type { Choose } from './sample-world.ts';
import { refundByVendor, salesByVendor } from './vendor-parts.ts';

export const marketCurrencies = ['USD', 'JPY', 'KWD'] as const;
const taxRates = [0, 700, 1900, 2550];
const commissions = [0, 1000, 1234, 10_000];
const vendorIds = [1, 2, 3].map((n) => sampleId(30 + n));
const maturesAt = '2026-01-15T00:00:00.000Z';

type Payout = { readonly vendorId: string; readonly payoutId: string; state: 'sent' | 'paid' | 'back' };
type Told = { readonly vendorId: string; readonly command: VendorAccountCommand };

/** One to four lines of up to three vendors, some of them free, with or without a coupon. */
const priced = (choose: Choose): PricedOrder => {
  const currency = marketCurrencies[choose(marketCurrencies.length)] ?? 'USD';
  const items = Array.from({ length: 1 + choose(4) }, (_, n) => ({
    ...{ lineId: sampleId(10 + n), productId: sampleId(20 + n), title: `Robot ${n}` },
    vendorId: vendorIds[choose(vendorIds.length)] ?? '',
    tier: { id: 'standard', name: 'Standard', price: [0, 1, 333, 1999, 10_007][choose(5)] ?? 0, activationLimit: 3 },
    quantity: 1 + choose(3),
  }));
  const lines = items.map(({ productId, vendorId, tier, quantity }) => ({
    ...{ productId, vendorId, currency },
    net: tier.price * quantity,
  }));
  const terms = { code: 'TEN', makerId: sampleId(8) };
  const discounts = [
    [],
    discountFor({ ...terms, percentOff: 1 + choose(99) }, lines),
    discountFor({ ...terms, amountOff: { amount: 1 + choose(700), currency } }, lines),
  ];
  const taxRateBps = taxRates[choose(taxRates.length)] ?? 0;
  const commissionBps = commissions[choose(commissions.length)] ?? 0;
  return priceOrder({ currency, items, discounts: discounts[choose(3)] ?? [], taxRateBps, commissionBps });
};

/**
 * A small market for tests: orders of several vendors and currencies, the ledgers of the vendors, and what is told to them,
 * which arrives in any order and more than once. `choose(n)` is all that is random.
 */
export const sampleMarket = (choose: Choose) => {
  const orders: PlacedOrder[] = [];
  const ledgers = new Map<string, PostingEvent[]>(vendorIds.map((id) => [id, []]));
  const accounts = new Map<string, VendorAccountState>();
  const underWay: Told[] = [];
  const payouts: Payout[] = [];
  let steps = 0;

  const pick = <T>(from: readonly T[]): T | undefined => from[choose(from.length)];
  const put = (at: number, command: OrderCommand): void => {
    let order: Order | undefined = orders[at];
    if (order === undefined) return;
    try {
      for (const event of orderDecider.decide(command, order)) order = orderDecider.evolve(order, event);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
    if (isPlaced(order)) orders[at] = order;
  };
  const tell = (vendorId: string, command: VendorAccountCommand): void => {
    underWay.push({ vendorId, command });
  };
  const saleOf = (order: PlacedOrder, vendorId: string) => ({
    ...{ saleId: `${order.orderId} ${vendorId}`, orderId: order.orderId, causeId: 'cause' },
  });

  /** False: too early, it is told again later. */
  const hear = ({ vendorId, command }: Told): boolean => {
    const state = accounts.get(vendorId) ?? vendorAccountDecider.initial;
    try {
      const events = vendorAccountDecider.decide(command, state);
      accounts.set(
        vendorId,
        events.reduce((after, event) => vendorAccountDecider.evolve(after, event), state),
      );
      ledgers.get(vendorId)?.push(...events.filter(isPosting));
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'ORDER_STATE') return false;
      throw error;
    }
  };

  const buy = (): void => {
    const amounts = priced(choose);
    const ids = { orderId: sampleId(1000 + orders.length), customerId: sampleId(3) };
    const method = amounts.total > 0 ? { paymentMethod: 'pm_card_visa' } : {};
    let order: Order = orderDecider.initial;
    const paid: readonly OrderCommand[] = [
      { type: 'PlaceOrder', order: { ...ids, ...amounts, stockHolds: [], ...method } },
      ...(amounts.total > 0 ? [{ type: 'RequestPayment', paymentId: ids.orderId, dueBy: maturesAt } as const] : []),
      { type: 'RecordPaid', amount: amounts.total, method: amounts.total > 0 ? 'pm_card_visa' : 'none' },
      {
        type: 'FulfilOrder',
        licenses: amounts.lines.map(({ lineId }, n) => ({ lineId, licenseId: sampleId(40 + n) })),
      },
    ];
    for (const command of paid)
      for (const event of orderDecider.decide(command, order)) order = orderDecider.evolve(order, event);
    if (!isPlaced(order)) throw new Error('not placed');
    orders.push(order);
    for (const { vendorId, lines } of salesByVendor(order)) {
      const sale = saleOf(order, vendorId);
      tell(vendorId, { type: 'RecordSale', ...sale, vendorId, currency: order.currency, lines, maturesAt });
      tell(vendorId, { type: 'MatureSale', saleId: sale.saleId, now: maturesAt });
    }
  };

  const refund = (): void => {
    const at = choose(orders.length);
    const line = pick(orders[at]?.lines ?? []);
    const lineId = line?.lineId ?? '';
    const wishes: readonly RefundRequest[] = [
      {},
      { amount: 1 + choose(700) },
      { lines: [{ lineId }] },
      { lines: [{ lineId, amount: 1 + choose(Math.max(line?.total ?? 1, 1)) }] },
    ];
    const refundId = sampleId(5000 + steps);
    const asked = { request: pick(wishes) ?? {}, reason: 'asked', requestedBy: sampleId(3), compensation: false };
    put(at, { type: 'RequestRefund', refundId, ...asked });
  };

  const endRefund = (fails: boolean): void => {
    const at = orders.findIndex(({ refunds }) => refunds.some(({ state }) => state === 'requested'));
    const refundId = orders[at]?.refunds.find(({ state }) => state === 'requested')?.refundId ?? '';
    const end = fails ? ({ type: 'RecordRefundFailed', refundId, reason: 'closed_account' } as const) : undefined;
    put(at, end ?? { type: 'RecordRefunded', refundId });
    const order = orders[at];
    const done = order?.refunds.find((known) => known.refundId === refundId);
    if (order === undefined || done?.state !== 'succeeded') return;
    for (const { vendorId, lines } of refundByVendor(order, done.lines))
      tell(vendorId, { type: 'RecordRefund', refundId, ...saleOf(order, vendorId), lines });
  };

  const onDispute = (at: number, disputeId: string, stage: 'Reserve' | 'Release' | 'Charge'): void => {
    const order = orders[at];
    if (order === undefined) return;
    for (const { vendorId } of salesByVendor(order))
      tell(vendorId, { type: `${stage}Dispute`, disputeId, ...saleOf(order, vendorId) });
  };
  const dispute = (): void => {
    const at = choose(orders.length);
    const order = orders[at];
    // a bank disputes what its customer still pays for, and never while money of it is on its way back
    if (order === undefined || order.refunds.some(({ state }) => state === 'requested')) return;
    if (order.status === 'refunded' || order.disputes.some(({ outcome }) => outcome === 'open')) return;
    const disputeId = `dp_${steps}`;
    put(at, { type: 'OpenDispute', disputeId, amount: order.total, reason: 'fraudulent' });
    onDispute(at, disputeId, 'Reserve');
  };
  const endDispute = (lost: boolean): void => {
    const at = orders.findIndex(({ disputes }) => disputes.some(({ outcome }) => outcome === 'open'));
    const disputeId = orders[at]?.disputes.find(({ outcome }) => outcome === 'open')?.disputeId;
    if (disputeId === undefined) return;
    put(at, { type: lost ? 'LoseDispute' : 'WinDispute', disputeId });
    onDispute(at, disputeId, lost ? 'Charge' : 'Release');
  };

  const payOut = (): void => {
    const vendorId = pick(vendorIds) ?? '';
    const full = balancesOf(accounts.get(vendorId) ?? vendorAccountDecider.initial).filter((b) => b.available > 0);
    const balance = pick(full);
    if (balance === undefined) return;
    const payoutId = `po_${steps}`;
    const amount = 1 + choose(balance.available);
    const command = {
      type: 'ReservePayout',
      payoutId,
      amount,
      currency: balance.currency,
      payoutAccount: 'ba',
    } as const;
    if (hear({ vendorId, command })) payouts.push({ vendorId, payoutId, state: 'sent' });
  };
  const endPayout = (back: boolean): void => {
    const payout = payouts.find(({ state }) => state === 'sent') ?? (back ? pick(payouts) : undefined);
    if (payout === undefined || payout.state === 'back') return;
    const { vendorId, payoutId } = payout;
    const reason = payout.state === 'paid' ? 'returned' : 'failed';
    tell(
      vendorId,
      back
        ? { type: 'ReleasePayout', payoutId, causeId: 'cause', reason }
        : { type: 'CompletePayout', payoutId, causeId: 'cause' },
    );
    payout.state = back ? 'back' : 'paid';
  };

  /** One thing that was told arrives, perhaps once more later. */
  const arrive = (again: boolean): void => {
    const [told] = underWay.splice(choose(underWay.length), 1);
    if (told !== undefined && (!hear(told) || again)) underWay.push(told);
  };

  const acts: readonly (() => void)[] = [
    buy,
    refund,
    refund,
    () => endRefund(choose(4) === 3),
    () => endRefund(false),
    dispute,
    () => endDispute(choose(2) === 1),
    payOut,
    () => endPayout(choose(3) === 2),
    () => endPayout(false),
  ];
  return {
    orders,
    ledgers,
    accounts,
    payouts,
    /** Something happens, and some of what was told before arrives. */
    act: (): void => {
      steps += 1;
      pick(acts)?.();
      for (let n = choose(6); n > 0; n--) arrive(choose(4) === 3);
    },
    /** All that is under way comes to its end. */
    drain: (): void => {
      while (orders.some(({ refunds }) => refunds.some(({ state }) => state === 'requested'))) endRefund(false);
      while (orders.some(({ disputes }) => disputes.some(({ outcome }) => outcome === 'open'))) endDispute(true);
      while (payouts.some(({ state }) => state === 'sent')) endPayout(false);
      for (let rounds = 0; underWay.length > 0; rounds++) {
        if (rounds > 5_000) throw new Error(`never heard: ${JSON.stringify(underWay)}`);
        arrive(false);
      }
    },
  };
};
