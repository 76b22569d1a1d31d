import { z } from 'zod';
import { unreachable } from '../../../domain/unreachable.ts';
import { type ChargeState, InvalidWebhook, type PayoutState, type ProviderNotice, type RefundState } from '../port.ts';
import {
  type chargeObject,
  envelope,
  isKnownObject,
  knownObject,
  type MessageObject,
  type payoutObject,
  type refundObject,
} from './message-format.ts';

/**
 * Reads a message whose signature was verified. One about objects that are nothing to us is `other`.
 * @throws InvalidWebhook when the body is not a message of this provider
 */
export const decodeMessage = (rawBody: Uint8Array): ProviderNotice => {
  const message = parsed(envelope, jsonOf(rawBody));
  if (!isKnownObject(message.data.object.object)) return { eventId: message.id, type: 'other' };
  return { eventId: message.id, ...noticeOf(parsed(knownObject, message.data.object)) };
};

const jsonOf = (rawBody: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody));
  } catch (cause) {
    throw new InvalidWebhook('the body is not JSON', { cause });
  }
};

const parsed = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const result = schema.safeParse(value);
  if (!result.success) throw new InvalidWebhook(z.prettifyError(result.error));
  return result.data;
};

type Notice = ProviderNotice extends infer N ? (N extends ProviderNotice ? Omit<N, 'eventId'> : never) : never;

const noticeOf = (object: MessageObject): Notice => {
  switch (object.object) {
    case 'charge':
      return { type: 'charge', paymentId: object.payment_id, state: chargeState(object) };
    case 'refund':
      return {
        type: 'refund',
        paymentId: object.payment_id,
        refundId: object.refund_id,
        state: refundState(object),
      };
    case 'payout':
      return { type: 'payout', payoutId: object.payout_id, state: payoutState(object) };
    case 'dispute': {
      const { id: disputeId, payment_id: paymentId, status, reason, amount, currency } = object;
      return { type: 'dispute', paymentId, disputeId, status, amount: { amount, currency }, reason };
    }
    default:
      return unreachable(object);
  }
};

const chargeState = (object: z.infer<typeof chargeObject>): ChargeState => {
  const providerRef = object.id;
  switch (object.status) {
    case 'pending':
      return { type: 'processing', providerRef };
    case 'requires_action': {
      const { expires_at: expiresAt, ...action } = object.next_action;
      return { type: 'requiresAction', providerRef, clientAction: { ...action, expiresAt } };
    }
    case 'succeeded':
      return { type: 'captured', providerRef, amount: { amount: object.amount, currency: object.currency } };
    case 'failed':
      return { type: 'declined', providerRef, reason: object.failure_code };
    case 'canceled':
      return { type: 'abandoned', providerRef };
    default:
      return unreachable(object);
  }
};

const refundState = (object: z.infer<typeof refundObject>): RefundState => {
  const providerRef = object.id;
  switch (object.status) {
    case 'pending':
      return { type: 'processing', providerRef };
    case 'succeeded':
      return { type: 'succeeded', providerRef, amount: { amount: object.amount, currency: object.currency } };
    case 'failed':
      return { type: 'failed', providerRef, reason: object.failure_code };
    default:
      return unreachable(object);
  }
};

const payoutState = (object: z.infer<typeof payoutObject>): PayoutState => {
  const providerRef = object.id;
  switch (object.status) {
    case 'in_transit':
      return { type: 'inTransit', providerRef };
    case 'paid':
      return { type: 'paid', providerRef };
    case 'failed':
    case 'returned':
      return { type: object.status, providerRef, reason: object.failure_code };
    default:
      return unreachable(object);
  }
};
