import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { currencyCode, minorUnits, uuid } from '../event/fields.ts';
import { clientAction } from '../order/events.ts';

const amount = minorUnits.nonnegative();

/** Streams `payment-<paymentId>`: what was asked of the provider, and what the provider said, in any order. */
export const paymentEvents = {
  /** Recorded before the provider is called; `paymentId` is the idempotency key there. */
  PaymentRequested: event(
    1,
    z.object({ paymentId: uuid, orderId: uuid, amount: amount.positive(), currency: currencyCode, method: z.string() }),
  ),
  PaymentActionRequired: event(1, z.object({ paymentId: uuid, providerRef: z.string(), clientAction })),
  PaymentCaptured: event(1, z.object({ paymentId: uuid, providerRef: z.string(), amount, currency: currencyCode })),
  PaymentDeclined: event(1, z.object({ paymentId: uuid, reason: z.string() })),
  PaymentAbandoned: event(1, z.object({ paymentId: uuid })),
  PaymentRefundRequested: event(1, z.object({ paymentId: uuid, refundId: uuid, amount: amount.positive() })),
  PaymentRefunded: event(1, z.object({ paymentId: uuid, refundId: uuid, amount, providerRef: z.string() })),
  PaymentRefundFailed: event(1, z.object({ paymentId: uuid, refundId: uuid, reason: z.string() })),
  PaymentDisputeOpened: event(
    1,
    z.object({ paymentId: uuid, disputeId: z.string(), amount, currency: currencyCode, reason: z.string() }),
  ),
  PaymentDisputeWon: event(1, z.object({ paymentId: uuid, disputeId: z.string() })),
  PaymentDisputeLost: event(1, z.object({ paymentId: uuid, disputeId: z.string() })),
};
export type PaymentEvent = EventOf<typeof paymentEvents>;
