import { isDisputed, isPlaced, type Order } from '../order/state.ts';
import type { Payment } from '../payment/state.ts';
import { owedForDelivery } from './owed-delivery.ts';
import { owedForDisputes } from './owed-disputes.ts';
import { owedForPayment } from './owed-payment.ts';
import { owedForRefunds } from './owed-refunds.ts';
import type { Step } from './steps.ts';

const asksOutside = ({ type }: Step): boolean =>
  type === 'chargeProvider' ||
  type === 'confirmWithProvider' ||
  type === 'abandonPayment' ||
  type === 'refundProvider' ||
  type === 'submitEvidence';

/**
 * What the checkout of an order owes next, steps at home before steps at the provider. `payment` is the payment that
 * the order names (`none` when it names none), `now` RFC 3339 in UTC with milliseconds. Doing a step changes order or
 * payment; then it is asked again, until nothing is owed. What waits for the buyer, the provider's webhooks or
 * `nextDeadline` owes nothing meanwhile.
 */
export const owed = (order: Order, payment: Payment, now: string): readonly Step[] => {
  if (!isPlaced(order)) return [];
  const steps = [
    ...owedForPayment(order, payment, now),
    ...owedForDelivery(order),
    ...owedForRefunds(order, payment),
    ...owedForDisputes(order, payment),
  ];
  // A dispute that is open, or about to be, may yet take the money that an operator would find another way for.
  const held = isDisputed(order) || steps.some(({ type }) => type === 'reflectDispute');
  const due = held ? steps.filter(({ type }) => type !== 'awaitOperator') : steps;
  return [...due.filter((step) => !asksOutside(step)), ...due.filter(asksOutside)];
};

/** When the order has to be looked at although nothing happened: the end of the time to pay. */
export const nextDeadline = (order: Order): string | undefined =>
  order.status === 'awaitingPayment' || order.status === 'awaitingConfirmation' ? order.payment.dueBy : undefined;
