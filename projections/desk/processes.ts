import { nextDeadline, owed } from '../../domain/checkout/owed.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { type OrderEvent, orderEvents } from '../../domain/order/events.ts';
import type { Order } from '../../domain/order/state.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import { type PaymentEvent, paymentEvents } from '../../domain/payment/events.ts';
import type { Payment } from '../../domain/payment/state.ts';
import { vendorPayoutDecider } from '../../domain/vendor-payout/decide.ts';
import { type VendorPayoutEvent, vendorPayoutEvents } from '../../domain/vendor-payout/events.ts';
import { nextPoll, owed as owedByPayout } from '../../domain/vendor-payout/state.ts';
import type { Projection } from '../definition.ts';
import { type At, type DeskDocument, idOf, sinceOf, soon, waiting } from './document.ts';

const isTypeOf = <Type extends string>(table: { readonly [T in Type]: unknown }, type: string): type is Type =>
  Object.hasOwn(table, type);
const typesOf = <Type extends string>(table: { readonly [T in Type]: unknown }): readonly Type[] =>
  Object.keys(table).filter((type): type is Type => isTypeOf(table, type));

/** An order and its payment: what the checkout owes, by the same function that the reactor asks. */
const checkout = (
  before: DeskDocument | undefined,
  key: string,
  order: Order,
  payment: Payment,
  event: At,
): DeskDocument => {
  const owes = owed(order, payment, event.metadata.occurredAt).map((step) => step.type);
  const active = owes.filter((step) => step !== 'awaitOperator');
  const dueAt = active.length > 0 ? soon(event) : (nextDeadline(order) ?? null);
  return { process: 'checkout', key, dueAt, owes, since: sinceOf(before, owes, event), order, payment };
};

const byOrder = (
  before: DeskDocument | undefined,
  event: Recorded<OrderEvent>,
  id: string,
): DeskDocument | undefined => {
  if (id.startsWith('cart:')) return waiting('cart', event.data.orderId, 'takeOrder', soon(event), event);
  if (!id.startsWith('checkout:')) return undefined; // a hold whose order came: its checkout answers for it
  const order = orderDecider.evolve(before?.order ?? orderDecider.initial, event);
  return checkout(before, event.data.orderId, order, before?.payment ?? paymentDecider.initial, event);
};

const byPayment = (before: DeskDocument | undefined, event: Recorded<PaymentEvent>): DeskDocument => {
  const payment = paymentDecider.evolve(before?.payment ?? paymentDecider.initial, event);
  return checkout(before, event.data.paymentId, before?.order ?? orderDecider.initial, payment, event);
};

const byPayout = (
  before: DeskDocument | undefined,
  event: Recorded<VendorPayoutEvent>,
  id: string,
): DeskDocument | undefined => {
  if (!id.startsWith('payout:')) return undefined; // a reservation whose payout came
  const payout = vendorPayoutDecider.evolve(before?.payout ?? vendorPayoutDecider.initial, event);
  const owes = owedByPayout(payout).map((step) => step.step);
  const since = sinceOf(before, owes, event);
  return {
    process: 'payout',
    key: event.data.payoutId,
    dueAt: owes.length > 0 ? soon(event) : (nextPoll(payout, event.metadata.occurredAt) ?? null),
    owes,
    since,
    payout,
  };
};

const orderIds = (event: Recorded<OrderEvent>): readonly string[] => {
  const checkoutId = idOf('checkout', event.data.orderId);
  if (event.type === 'OrderFulfilled') return [checkoutId, idOf('cart', event.data.orderId)];
  if (event.type !== 'OrderPlaced') return [checkoutId];
  const { orderId, couponCode, stockHolds } = event.data;
  return [
    checkoutId,
    ...(couponCode === undefined ? [] : [idOf('couponHold', `${couponCode}:${orderId}`)]),
    ...stockHolds.map((productId) => idOf('stockHold', `${productId}:${orderId}`)),
  ];
};

const payoutIds = (event: Recorded<VendorPayoutEvent>): readonly string[] => {
  const { payoutId, vendorId } = event.data;
  const own = idOf('payout', payoutId);
  return event.type === 'PayoutRequested' ? [own, idOf('payoutRequest', `${vendorId}:${payoutId}`)] : [own];
};

/** Orders with their payments, and payouts: every event of theirs may change what is owed. */
export const withProcesses = (desk: Projection<DeskDocument>): Projection<DeskDocument> => {
  const orders = typesOf(orderEvents).reduce<Projection<DeskDocument>>(
    (all, type) => all.on(type, (event: Recorded<OrderEvent>) => orderIds(event), byOrder),
    desk,
  );
  const payments = typesOf(paymentEvents).reduce<Projection<DeskDocument>>(
    (all, type) => all.on(type, (event: Recorded<PaymentEvent>) => idOf('checkout', event.data.paymentId), byPayment),
    orders,
  );
  return typesOf(vendorPayoutEvents).reduce<Projection<DeskDocument>>(
    (all, type) => all.on(type, (event: Recorded<VendorPayoutEvent>) => payoutIds(event), byPayout),
    payments,
  );
};
