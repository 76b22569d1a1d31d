import { unreachable } from '../unreachable.ts';
import type { OrderEvent } from './events.ts';
import {
  isCaptured,
  isPlaced,
  type Order,
  type OrderDispute,
  type OrderEventData,
  type OrderRefund,
  type PlacedOrder,
  refundedLines,
} from './state.ts';

const withRefund = (order: Order, refundId: string, change: Partial<OrderRefund>): Order =>
  isPlaced(order)
    ? { ...order, refunds: order.refunds.map((r) => (r.refundId === refundId ? { ...r, ...change } : r)) }
    : order;

const withDispute = (
  order: Order,
  disputeId: string,
  change: (dispute: OrderDispute) => Partial<OrderDispute>,
): Order =>
  isPlaced(order)
    ? { ...order, disputes: order.disputes.map((d) => (d.disputeId === disputeId ? { ...d, ...change(d) } : d)) }
    : order;

const paid = (order: Order, captured: { amount: number; method: string }): Order => {
  switch (order.status) {
    case 'placed':
    case 'awaitingPayment':
    case 'awaitingConfirmation':
      return { ...order, status: 'paid', captured };
    case 'cancelled':
      return { ...order, captured };
    default:
      return order;
  }
};

/** The state that the refunds so far make of an order that was paid. */
const afterRefund = (order: Order, reason: string): Order => {
  switch (order.status) {
    case 'paid':
    case 'fulfilled':
    case 'partiallyRefunded': {
      if (refundedLines(order).length === order.lines.length) return { ...order, status: 'refunded', reason };
      return order.status === 'fulfilled' ? { ...order, status: 'partiallyRefunded' } : order;
    }
    default:
      return order;
  }
};

const refunded = (order: Order, { refundId, amount, lines }: OrderEventData<'OrderRefunded'>): Order => {
  if (!isPlaced(order)) return order;
  const reason = order.refunds.find((refund) => refund.refundId === refundId)?.reason;
  if (reason === undefined) return order;
  return afterRefund(withRefund(order, refundId, { state: 'succeeded', amount, lines }), reason);
};

const fulfilled = (order: Order, licenses: OrderEventData<'OrderFulfilled'>['licenses']): Order => {
  if (order.status !== 'paid') return order;
  const partly = order.refunds.some((refund) => refund.state === 'succeeded');
  return { ...order, status: partly ? 'partiallyRefunded' : 'fulfilled', licenses };
};

const lost = (order: Order): Order => {
  switch (order.status) {
    case 'paid':
    case 'fulfilled':
    case 'partiallyRefunded':
      return { ...order, status: 'refunded', reason: 'dispute_lost' };
    default:
      return order;
  }
};

const placed = ({ billing: _invoiceOnly, ...frozen }: OrderEventData<'OrderPlaced'>): PlacedOrder => ({
  ...frozen,
  status: 'placed',
  settled: false,
  refunds: [],
  disputes: [],
});

/** The order after an event; an event that can't follow leaves it unchanged. */
export const evolve = (order: Order, event: OrderEvent): Order => {
  switch (event.type) {
    case 'OrderPlaced':
      return order.status === 'none' ? placed(event.data) : order;
    case 'CheckoutExpired':
      return order.status === 'none' ? { status: 'expired' } : order;
    case 'OrderPaymentRequested': {
      const { paymentId, dueBy } = event.data;
      if (order.status !== 'placed' || order.paymentMethod === undefined) return order;
      return { ...order, status: 'awaitingPayment', payment: { paymentId, method: order.paymentMethod, dueBy } };
    }
    case 'OrderPaymentActionRequired': {
      const { clientAction } = event.data;
      return order.status === 'awaitingPayment' || order.status === 'awaitingConfirmation'
        ? { ...order, status: 'awaitingConfirmation', clientAction, confirmationReported: false }
        : order;
    }
    case 'OrderConfirmationReported':
      return order.status === 'awaitingConfirmation' ? { ...order, confirmationReported: true } : order;
    case 'OrderPaid':
      return paid(order, { amount: event.data.amount, method: event.data.method });
    case 'OrderCancelled': {
      const { reason, detail } = event.data;
      return isPlaced(order) && !isCaptured(order)
        ? { ...order, status: 'cancelled', reason, ...(detail === undefined ? {} : { detail }) }
        : order;
    }
    case 'OrderFulfilled':
      return fulfilled(order, event.data.licenses);
    case 'OrderHoldsSettled':
      return isPlaced(order) ? { ...order, holdsSettled: event.data.outcome } : order;
    case 'OrderSettled':
      return isPlaced(order) ? { ...order, settled: true } : order;
    case 'OrderRefundRequested': {
      const { orderId: _of, ...refund } = event.data;
      return isCaptured(order)
        ? { ...order, refunds: [...order.refunds, { ...refund, state: 'requested', settled: false }] }
        : order;
    }
    case 'OrderRefunded':
      return refunded(order, event.data);
    case 'OrderRefundFailed':
      return withRefund(order, event.data.refundId, { state: 'failed' });
    case 'OrderRefundSettled':
      return withRefund(order, event.data.refundId, { settled: true });
    case 'OrderDisputeOpened': {
      const { orderId: _of, ...dispute } = event.data;
      return isCaptured(order)
        ? { ...order, disputes: [...order.disputes, { ...dispute, outcome: 'open', settled: [] }] }
        : order;
    }
    case 'OrderDisputeWon':
      return withDispute(order, event.data.disputeId, () => ({ outcome: 'won' }));
    case 'OrderDisputeLost':
      return lost(withDispute(order, event.data.disputeId, () => ({ outcome: 'lost' })));
    case 'OrderDisputeSettled':
      return withDispute(order, event.data.disputeId, ({ settled }) => ({ settled: [...settled, event.data.stage] }));
    default:
      return unreachable(event);
  }
};
