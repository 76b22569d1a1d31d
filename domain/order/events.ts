import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { currencyCode, minorUnits, text, timestamp, uuid } from '../event/fields.ts';

const amount = minorUnits.nonnegative();
const lineIds = z.array(uuid).min(1).optional();

/**
 * One line, all amounts frozen, minor units of the order's currency.
 * net = unitPrice × quantity − discount; total = net + tax; commission is the market's part of net.
 */
export const orderLine = z.object({
  lineId: uuid,
  productId: uuid,
  vendorId: uuid,
  title: text(120),
  tierId: z.string(),
  tierName: z.string(),
  quantity: z.number().int().positive(),
  /** Of the licence: the tier's limit × quantity. */
  activationLimit: z.number().int().positive(),
  validDays: z.number().int().positive().optional(),
  unitPrice: amount,
  discount: amount,
  tax: amount,
  taxRateBps: z.number().int().nonnegative(),
  total: amount,
  commission: amount,
});
export type OrderLine = z.infer<typeof orderLine>;

/** A part of a line given back: `amount` with tax; `net` and `commission` by the line's own ratio. */
export const refundLine = z.object({ lineId: uuid, amount, net: amount, commission: amount });
export type RefundLine = z.infer<typeof refundLine>;

export const clientAction = z.object({ type: z.string(), url: z.string().optional(), expiresAt: timestamp });
export type ClientAction = z.infer<typeof clientAction>;

export const cancelReasons = ['declined', 'payment_timeout', 'cancelled_by_buyer'] as const;

const ofOrder = z.object({ orderId: uuid });
const ofDispute = z.object({ orderId: uuid, disputeId: z.string() });

/** Streams `order-<orderId>`: also the state of its checkout process. */
export const orderEvents = {
  OrderPlaced: event(
    1,
    z.object({
      orderId: uuid,
      customerId: uuid,
      currency: currencyCode,
      lines: z.array(orderLine).min(1),
      subtotal: amount,
      discount: amount,
      tax: amount,
      total: amount,
      couponCode: z.string().optional(),
      /** Products whose limited stock is held for this order. */
      stockHolds: z.array(uuid),
      /** The provider's token; absent when the total is 0. */
      paymentMethod: z.string().optional(),
      billing: z.object({ country: z.string(), vatId: z.string().optional(), name: z.string().optional() }).optional(),
    }),
    { personal: { subject: 'customerId', fields: ['billing.name'] } },
  ),
  /** The fence of a checkout whose order never came: holds under this id may be released now, no order can follow. */
  CheckoutExpired: event(1, ofOrder),
  /** Recorded before the provider is asked. Unconfirmed by `dueBy`, the payment is given up. */
  OrderPaymentRequested: event(1, z.object({ orderId: uuid, paymentId: uuid, dueBy: timestamp })),
  OrderPaymentActionRequired: event(1, z.object({ orderId: uuid, clientAction })),
  /** The buyer says the client step is done: the provider is to be asked. */
  OrderConfirmationReported: event(1, ofOrder),
  /** `amount` 0 and method `none` for a free order. */
  OrderPaid: event(1, z.object({ orderId: uuid, amount, method: z.string() })),
  OrderCancelled: event(1, z.object({ orderId: uuid, reason: z.enum(cancelReasons), detail: z.string().optional() })),
  /** Licences exist for every line. */
  OrderFulfilled: event(1, z.object({ orderId: uuid, licenses: z.array(z.object({ lineId: uuid, licenseId: uuid })) })),
  /** Coupon and stock holds were confirmed (paid) or released (cancelled). */
  OrderHoldsSettled: event(1, z.object({ orderId: uuid, outcome: z.enum(['confirmed', 'released']) })),
  /** Every vendor of the order was credited. */
  OrderSettled: event(1, ofOrder),
  /** `compensation`: captured, but not deliverable or already cancelled. */
  OrderRefundRequested: event(
    1,
    z.object({
      orderId: uuid,
      refundId: uuid,
      amount,
      lines: z.array(refundLine),
      reason: z.string(),
      requestedBy: z.string(),
      compensation: z.boolean(),
    }),
  ),
  OrderRefunded: event(
    1,
    z.object({
      orderId: uuid,
      refundId: uuid,
      amount,
      lines: z.array(refundLine),
      /** An operator's reason, where the money went back another way. */
      note: z.string().optional(),
    }),
  ),
  OrderRefundFailed: event(1, z.object({ orderId: uuid, refundId: uuid, reason: z.string() })),
  /** Licences and ledgers followed the refund. */
  OrderRefundSettled: event(1, z.object({ orderId: uuid, refundId: uuid })),
  OrderDisputeOpened: event(1, z.object({ orderId: uuid, disputeId: z.string(), amount, reason: z.string() })),
  OrderDisputeWon: event(1, ofDispute),
  OrderDisputeLost: event(1, ofDispute),
  /** Licences and ledgers followed the dispute to this stage. */
  OrderDisputeSettled: event(
    1,
    z.object({ orderId: uuid, disputeId: z.string(), stage: z.enum(['opened', 'won', 'lost']) }),
  ),
  /** Recorded before the provider is given it. `submittedBy` is the account that wrote it. */
  OrderDisputeEvidenceSubmitted: event(
    1,
    z.object({ ...ofDispute.shape, evidenceId: uuid, submittedBy: uuid, text: z.string() }),
    { personal: { subject: 'submittedBy', fields: ['text'] } },
  ),
  OrderDisputeEvidenceSent: event(1, z.object({ ...ofDispute.shape, evidenceId: uuid })),
  /** It will never reach the provider. */
  OrderDisputeEvidenceRefused: event(1, z.object({ ...ofDispute.shape, evidenceId: uuid, reason: z.string() })),
  /** The buyer asks for the money of lines (absent, as once written: of all); their vendor or an administrator answers. */
  OrderRefundRequestedByBuyer: event(
    1,
    z.object({ orderId: uuid, requestId: uuid, customerId: uuid, reason: z.string(), lineIds }),
    { personal: { subject: 'customerId', fields: ['reason'] } },
  ),
  /** For these lines (absent: all that were still open); others of the request wait for their own answer. */
  OrderRefundRequestRefused: event(
    1,
    z.object({ orderId: uuid, requestId: uuid, reason: z.string(), refusedBy: z.string(), lineIds }),
  ),
  /** Answered for these lines (absent: all that were still open) with a refund. */
  OrderRefundRequestAnswered: event(1, z.object({ orderId: uuid, requestId: uuid, refundId: uuid, lineIds })),
};
export type OrderEvent = EventOf<typeof orderEvents>;
