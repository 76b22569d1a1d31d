import { unreachable } from '../../../domain/unreachable.ts';
import type { MessageObject } from './message-format.ts';
import type { ChargeRecord, DisputeRecord, PayoutRecord, RefundRecord } from './provider-file.ts';

export const chargeMessage = ({ paymentId, state }: ChargeRecord): MessageObject => {
  const base = { object: 'charge', id: state.providerRef, payment_id: paymentId } as const;
  switch (state.type) {
    case 'processing':
      return { ...base, status: 'pending' };
    case 'requiresAction': {
      const { expiresAt, ...action } = state.clientAction;
      return { ...base, status: 'requires_action', next_action: { ...action, expires_at: expiresAt } };
    }
    case 'captured':
      return { ...base, status: 'succeeded', ...state.amount };
    case 'declined':
      return { ...base, status: 'failed', failure_code: state.reason };
    case 'abandoned':
      return { ...base, status: 'canceled' };
    default:
      return unreachable(state);
  }
};

export const refundMessage = ({ paymentId, refundId, state }: RefundRecord): MessageObject => {
  const base = { object: 'refund', id: state.providerRef, payment_id: paymentId, refund_id: refundId } as const;
  switch (state.type) {
    case 'processing':
      return { ...base, status: 'pending' };
    case 'succeeded':
      return { ...base, status: 'succeeded', ...state.amount };
    case 'failed':
      return { ...base, status: 'failed', failure_code: state.reason };
    default:
      return unreachable(state);
  }
};

export const payoutMessage = ({ payoutId, state }: PayoutRecord): MessageObject => {
  const base = { object: 'payout', id: state.providerRef, payout_id: payoutId } as const;
  switch (state.type) {
    case 'inTransit':
      return { ...base, status: 'in_transit' };
    case 'paid':
      return { ...base, status: 'paid' };
    case 'failed':
    case 'returned':
      return { ...base, status: state.type, failure_code: state.reason };
    default:
      return unreachable(state);
  }
};

export const disputeMessage = ({ disputeId, paymentId, status, reason, amount }: DisputeRecord): MessageObject => ({
  object: 'dispute',
  id: disputeId,
  payment_id: paymentId,
  status,
  reason,
  ...amount,
});

/** The JSON body of message `id`, sent first at `createdMs`. */
export const encodeMessage = (id: string, createdMs: number, object: MessageObject): string =>
  JSON.stringify({
    id,
    type: `${object.object}.${object.status}`,
    created: Math.floor(createdMs / 1000),
    data: { object },
  });
