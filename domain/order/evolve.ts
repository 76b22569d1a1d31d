import { unreachable } from '../unreachable.ts';
import { withAnswer } from './buyers-request.ts';
import type { OrderEvent } from './events.ts';
import {
  type BuyersRequest,
  isCaptured,
  isLost,
  isPlaced,
  nextStage,
  type Order,
  type OrderDispute,
  type OrderEventData,
  type OrderRefund,
  type PlacedOrder,
  refundedLines,
} from './state.ts';

/** Changes one refund where it is in one of the states `from`. */
const withRefund = (
  order: Order,
  refundId: string,
  from: readonly OrderRefund['state'][],
  change: Partial<OrderRefund>,
): Order =>
  isPlaced(order)
    ? {
        ...order,
        refunds: order.refunds.map((refund) =>
          refund.refundId === refundId && from.includes(refund.state) ? { ...refund, ...change } : refund,
        ),
      }
    : order;

const withOutcome = (order: Order, disputeId: string, outcome: 'won' | 'lost'): Order =>
  isPlaced(order)
    ? {
        ...order,
        disputes: order.disputes.map((dispute) =>
          dispute.disputeId === disputeId && dispute.outcome === 'open' ? { ...dispute, outcome } : dispute,
        ),
      }
    : order;

const refundAsked = (order: Order, { orderId: _of, ...refund }: OrderEventData<'OrderRefundRequested'>): Order =>
  isCaptured(order) && order.refunds.every((known) => known.refundId !== refund.refundId)
    ? { ...order, refunds: [...order.refunds, { ...refund, state: 'requested', settled: false }] }
    : order;

const disputed = (order: Order, { orderId: _of, ...dispute }: OrderEventData<'OrderDisputeOpened'>): Order =>
  isCaptured(order) && order.disputes.every((known) => known.disputeId !== dispute.disputeId)
    ? { ...order, disputes: [...order.disputes, { ...dispute, outcome: 'open', settled: [], evidence: [] }] }
    : order;

const followed = (order: Order, { disputeId, stage }: OrderEventData<'OrderDisputeSettled'>): Order =>
  isPlaced(order)
    ? {
        ...order,
        disputes: order.disputes.map((dispute) =>
          dispute.disputeId === disputeId && nextStage(dispute) === stage
            ? { ...dispute, settled: [...dispute.settled, stage] }
            : dispute,
        ),
      }
    : order;

const withEvidence = (
  order: Order,
  disputeId: string,
  change: (of: OrderDispute) => OrderDispute['evidence'],
): Order =>
  isPlaced(order)
    ? {
        ...order,
        disputes: order.disputes.map((dispute) =>
          dispute.disputeId === disputeId ? { ...dispute, evidence: change(dispute) } : dispute,
        ),
      }
    : order;

const evidenceIn = (
  order: Order,
  { disputeId, evidenceId }: OrderEventData<'OrderDisputeEvidenceSent'>,
  state: 'sent' | 'refused',
): Order =>
  withEvidence(order, disputeId, ({ evidence }) =>
    evidence.map((each) =>
      each.evidenceId === evidenceId && each.state === 'recorded' ? { evidenceId, state } : each,
    ),
  );

const submitted = (order: Order, { disputeId, evidenceId }: OrderEventData<'OrderDisputeEvidenceSubmitted'>): Order =>
  withEvidence(order, disputeId, ({ evidence }) =>
    evidence.some((known) => known.evidenceId === evidenceId)
      ? evidence
      : [...evidence, { evidenceId, state: 'recorded' }],
  );

const requestedByBuyer = (
  order: Order,
  { requestId, lineIds }: OrderEventData<'OrderRefundRequestedByBuyer'>,
): Order => {
  if (!isPlaced(order) || order.refundRequests.some((known) => known.requestId === requestId)) return order;
  const asked = lineIds ?? order.lines.map(({ lineId }) => lineId);
  const lines = asked.map((lineId) => ({ lineId, state: 'open' as const }));
  return { ...order, refundRequests: [...order.refundRequests, { requestId, lines }] };
};

const requestAnswered = (
  order: Order,
  { requestId, lineIds }: { readonly requestId: string; readonly lineIds?: readonly string[] | undefined },
  answer: Omit<BuyersRequest['lines'][number], 'lineId'>,
): Order =>
  isPlaced(order)
    ? {
        ...order,
        refundRequests: order.refundRequests.map((request) =>
          request.requestId === requestId ? { requestId, lines: withAnswer(request.lines, lineIds, answer) } : request,
        ),
      }
    : order;

type Unpaid = Extract<Order, { status: 'placed' | 'awaitingPayment' | 'awaitingConfirmation' }>;
const isUnpaid = (order: Order): order is Unpaid =>
  order.status === 'placed' || order.status === 'awaitingPayment' || order.status === 'awaitingConfirmation';

/** Past the client step, what was asked of the buyer is gone. */
const pastClientStep = (order: Unpaid): Exclude<Unpaid, { status: 'awaitingConfirmation' }> => {
  if (order.status !== 'awaitingConfirmation') return order;
  const { clientAction: _asked, confirmationReported: _reported, ...body } = order;
  return { ...body, status: 'awaitingPayment' };
};

const paid = (order: Order, captured: { amount: number; method: string }): Order => {
  if (isUnpaid(order)) return { ...pastClientStep(order), status: 'paid', captured };
  return order.status === 'cancelled' ? { ...order, captured } : order;
};

const cancelled = (order: Order, { reason, detail }: OrderEventData<'OrderCancelled'>): Order =>
  isUnpaid(order)
    ? { ...pastClientStep(order), status: 'cancelled', reason, ...(detail === undefined ? {} : { detail }) }
    : order;

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
  return afterRefund(
    withRefund(order, refundId, ['requested', 'failed'], { state: 'succeeded', amount, lines }),
    reason,
  );
};

const fulfilled = (order: Order, licenses: OrderEventData<'OrderFulfilled'>['licenses']): Order => {
  if (order.status !== 'paid') return order;
  const partly = order.refunds.some((refund) => refund.state === 'succeeded');
  return { ...order, status: partly ? 'partiallyRefunded' : 'fulfilled', licenses };
};

const afterLoss = (order: Order): Order => {
  if (!isPlaced(order) || !isLost(order)) return order;
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
  refundRequests: [],
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
    case 'OrderCancelled':
      return cancelled(order, event.data);
    case 'OrderFulfilled':
      return fulfilled(order, event.data.licenses);
    case 'OrderHoldsSettled':
      return isPlaced(order) && order.holdsSettled === undefined
        ? { ...order, holdsSettled: event.data.outcome }
        : order;
    case 'OrderSettled':
      return isPlaced(order) ? { ...order, settled: true } : order;
    case 'OrderRefundRequested':
      return refundAsked(order, event.data);
    case 'OrderRefunded':
      return refunded(order, event.data);
    case 'OrderRefundFailed':
      return withRefund(order, event.data.refundId, ['requested'], { state: 'failed' });
    case 'OrderRefundSettled':
      return withRefund(order, event.data.refundId, ['succeeded'], { settled: true });
    case 'OrderDisputeOpened':
      return disputed(order, event.data);
    case 'OrderDisputeWon':
      return withOutcome(order, event.data.disputeId, 'won');
    case 'OrderDisputeLost':
      return afterLoss(withOutcome(order, event.data.disputeId, 'lost'));
    case 'OrderDisputeSettled':
      return followed(order, event.data);
    case 'OrderDisputeEvidenceSubmitted':
      return submitted(order, event.data);
    case 'OrderDisputeEvidenceSent':
      return evidenceIn(order, event.data, 'sent');
    case 'OrderDisputeEvidenceRefused':
      return evidenceIn(order, event.data, 'refused');
    case 'OrderRefundRequestedByBuyer':
      return requestedByBuyer(order, event.data);
    case 'OrderRefundRequestRefused':
      return requestAnswered(order, event.data, { state: 'refused' });
    case 'OrderRefundRequestAnswered':
      return requestAnswered(order, event.data, { state: 'refunded', refundId: event.data.refundId });
    default:
      return unreachable(event);
  }
};
