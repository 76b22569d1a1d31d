import { sumOf } from '../money/money.ts';
import { unreachable } from '../unreachable.ts';
import type { PaymentEvent } from './events.ts';
import {
  type AskedPayment,
  isCapturedPayment,
  isOpenPayment,
  type Payment,
  type PaymentDispute,
  type PaymentEventData,
  type PaymentRefund,
} from './state.ts';

const asAsked = ({ paymentId, orderId, amount, currency, method, disputes }: AskedPayment) => ({
  paymentId,
  orderId,
  amount,
  currency,
  method,
  disputes,
});

const captured = (payment: Payment, { providerRef, amount, currency }: PaymentEventData<'PaymentCaptured'>): Payment =>
  payment.status === 'none' || isCapturedPayment(payment)
    ? payment
    : { ...asAsked(payment), status: 'captured', providerRef, captured: { amount, currency }, refunds: [] };

const refundEnded = (payment: Payment, refundId: string, change: Partial<PaymentRefund>): Payment => {
  if (!isCapturedPayment(payment)) return payment;
  const refunds = payment.refunds.map((refund) =>
    refund.refundId === refundId && refund.state === 'requested' ? { ...refund, ...change } : refund,
  );
  const back = sumOf(refunds.filter((refund) => refund.state === 'succeeded').map((refund) => refund.amount));
  return { ...payment, refunds, status: back >= payment.captured.amount ? 'refunded' : 'captured' };
};

const disputeEnded = (payment: Payment, disputeId: string, outcome: PaymentDispute['outcome']): Payment =>
  payment.status === 'none'
    ? payment
    : {
        ...payment,
        disputes: payment.disputes.map((d) =>
          d.disputeId === disputeId && d.outcome === 'open' ? { ...d, outcome } : d,
        ),
      };

/** The payment after an event; an event that can't follow leaves it unchanged. */
export const evolve = (payment: Payment, event: PaymentEvent): Payment => {
  switch (event.type) {
    case 'PaymentRequested':
      return payment.status === 'none' ? { ...event.data, status: 'requested', disputes: [] } : payment;
    case 'PaymentActionRequired': {
      const { providerRef, clientAction } = event.data;
      return payment.status === 'requested' || payment.status === 'requiresAction'
        ? { ...asAsked(payment), status: 'requiresAction', providerRef, clientAction }
        : payment;
    }
    case 'PaymentCaptured':
      return captured(payment, event.data);
    case 'PaymentDeclined':
      return payment.status !== 'none' && isOpenPayment(payment)
        ? { ...asAsked(payment), status: 'declined', reason: event.data.reason }
        : payment;
    case 'PaymentAbandoned':
      return payment.status !== 'none' && isOpenPayment(payment)
        ? { ...asAsked(payment), status: 'abandoned' }
        : payment;
    case 'PaymentRefundRequested': {
      const { refundId, amount } = event.data;
      return isCapturedPayment(payment) && payment.refunds.every((refund) => refund.refundId !== refundId)
        ? { ...payment, refunds: [...payment.refunds, { refundId, amount, state: 'requested' }] }
        : payment;
    }
    case 'PaymentRefunded':
      return refundEnded(payment, event.data.refundId, { state: 'succeeded' });
    case 'PaymentRefundFailed':
      return refundEnded(payment, event.data.refundId, { state: 'failed', reason: event.data.reason });
    case 'PaymentDisputeOpened': {
      const { disputeId, amount, currency, reason } = event.data;
      return payment.status === 'none' || payment.disputes.some((dispute) => dispute.disputeId === disputeId)
        ? payment
        : {
            ...payment,
            disputes: [...payment.disputes, { disputeId, amount, currency, reason, outcome: 'open' }],
          };
    }
    case 'PaymentDisputeWon':
      return disputeEnded(payment, event.data.disputeId, 'won');
    case 'PaymentDisputeLost':
      return disputeEnded(payment, event.data.disputeId, 'lost');
    default:
      return unreachable(event);
  }
};
