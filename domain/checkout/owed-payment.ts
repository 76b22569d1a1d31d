import type { OrderCommand } from '../order/commands.ts';
import { isCaptured, type PlacedOrder } from '../order/state.ts';
import { isCapturedPayment, isOpenPayment, type Payment } from '../payment/state.ts';
import { unreachable } from '../unreachable.ts';
import type { PaymentToAsk, Step } from './steps.ts';

const reflect = (command: OrderCommand): readonly Step[] => [{ type: 'reflectPayment', command }];

const toAsk = (order: PlacedOrder, { paymentId, method }: NonNullable<PlacedOrder['payment']>): PaymentToAsk => ({
  paymentId,
  orderId: order.orderId,
  amount: order.total,
  currency: order.currency,
  method,
});

/** An unpaid order follows its payment's end. */
const reflectEnd = (payment: Payment): readonly Step[] => {
  if (payment.status === 'declined') {
    return reflect({ type: 'CancelOrder', reason: 'declined', detail: payment.reason });
  }
  return payment.status === 'abandoned' ? reflect({ type: 'CancelOrder', reason: 'payment_timeout' }) : [];
};

/**
 * Without an answer of the provider the outcome is unknown: it is asked for that much longer (ms) than the buyer has to
 * confirm, so that an outage of ours or of the provider's does not cancel what a card would pay.
 */
const UNANSWERED_PATIENCE_MS = 600_000;

const isOver = (order: Awaiting, payment: Payment, now: string): boolean => {
  const patience = payment.status === 'requiresAction' ? 0 : UNANSWERED_PATIENCE_MS;
  return Date.parse(order.payment.dueBy) + patience <= Date.parse(now);
};

type Awaiting = Extract<PlacedOrder, { status: 'awaitingPayment' | 'awaitingConfirmation' }>;

/** The payment is open and in time: ask the provider, the buyer, or the provider again. */
const pursue = (order: Awaiting, payment: Payment): readonly Step[] => {
  if (payment.status !== 'requiresAction') {
    return [{ type: 'chargeProvider', payment: toAsk(order, order.payment) }];
  }
  const { clientAction } = payment;
  const told =
    order.status === 'awaitingConfirmation' && JSON.stringify(order.clientAction) === JSON.stringify(clientAction);
  if (!told) return reflect({ type: 'RequirePaymentAction', clientAction });
  return order.status === 'awaitingConfirmation' && order.confirmationReported
    ? [{ type: 'confirmWithProvider', paymentId: order.payment.paymentId }]
    : [];
};

/**
 * What is owed until the order's money is in, or can never come any more: a cancelled order pursues its payment until
 * the provider has given it up for good, and takes money that came too late to give it back.
 */
export const owedForPayment = (order: PlacedOrder, payment: Payment, now: string): readonly Step[] => {
  if (isCaptured(order)) return [];
  if (isCapturedPayment(payment)) {
    return reflect({ type: 'RecordPaid', amount: payment.captured.amount, method: payment.method });
  }
  switch (order.status) {
    case 'placed':
      return order.total === 0
        ? [{ type: 'payFree', command: { type: 'RecordPaid', amount: 0, method: 'none' } }]
        : [{ type: 'requestPayment' }];
    case 'awaitingPayment':
    case 'awaitingConfirmation': {
      if (!isOpenPayment(payment)) return reflectEnd(payment);
      return isOver(order, payment, now)
        ? [{ type: 'abandonPayment', payment: toAsk(order, order.payment) }]
        : pursue(order, payment);
    }
    case 'cancelled':
      return order.payment !== undefined && isOpenPayment(payment)
        ? [{ type: 'abandonPayment', payment: toAsk(order, order.payment) }]
        : [];
    default:
      return unreachable(order);
  }
};
