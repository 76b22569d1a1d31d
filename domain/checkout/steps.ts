import type { OrderCommand } from '../order/commands.ts';
import type { OrderLine } from '../order/events.ts';
import type { DisputeStage, LicenseOfLine } from '../order/state.ts';

/** What a step needs to ask for a payment or to give it up: the facts of `PaymentRequested`. */
export type PaymentToAsk = {
  readonly paymentId: string;
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly method: string;
};

/** One vendor's part of the order, or of a refund: minor units without tax; the vendor's own part is net − commission. */
export type VendorPart = {
  readonly vendorId: string;
  readonly lines: readonly { readonly lineId: string; readonly net: number; readonly commission: number }[];
};

/** A licence by its line; without `licenseId` it may or may not have been issued when the delivery was given up. */
export type LicenseToFollow = { readonly lineId: string; readonly licenseId?: LicenseOfLine['licenseId'] };

/**
 * One thing that the checkout owes. Each may be done at once, whatever becomes of the others in the list, and again
 * after a crash: ids follow from the order and what the step names. `command` goes to the order as it is; where there
 * is none, the step says how its outcome is recorded.
 */
export type Step =
  /** Nothing to pay. */
  | { readonly type: 'payFree'; readonly command: OrderCommand }
  /** Order: RequestPayment, with the payment's id and the time by which it has to be confirmed. */
  | { readonly type: 'requestPayment' }
  /** Payment: RequestPayment; then ask the provider to charge (the same id is the same charge), RecordCharge. */
  | { readonly type: 'chargeProvider'; readonly payment: PaymentToAsk }
  /** Ask the provider what became of the client step; payment: RecordCharge. */
  | { readonly type: 'confirmWithProvider'; readonly paymentId: string }
  /** Payment: RequestPayment (it may not be there yet); have the provider give it up, RecordCharge its answer. */
  | { readonly type: 'abandonPayment'; readonly payment: PaymentToAsk }
  /** The payment knows more than the order. */
  | { readonly type: 'reflectPayment'; readonly command: OrderCommand }
  /**
   * Issue one licence a line, then FulfilOrder. A licence refused: RequestRefund with `compensation`. FulfilOrder
   * refused: the order was given back meanwhile, revoke what was issued.
   */
  | { readonly type: 'issueLicenses'; readonly customerId: string; readonly lines: readonly OrderLine[] }
  /** Confirm or release coupon and stock under the order's id, then SettleHolds. */
  | {
      readonly type: 'confirmHolds' | 'releaseHolds';
      readonly couponCode?: string;
      readonly stockHolds: readonly string[];
    }
  /** Credit every vendor, then SettleOrder. */
  | { readonly type: 'settleVendors'; readonly currency: string; readonly vendors: readonly VendorPart[] }
  /** Order: RequestRefund of all that is left, `compensation`; the refund's id follows from `attempt` (1, 2, …). */
  | { readonly type: 'requestCompensation'; readonly attempt: number }
  /** The provider would not give the money back: an operator records that all that is left went back (RecordRefunded). */
  | { readonly type: 'awaitOperator'; readonly refundId: string }
  /** Payment: RequestRefund; then ask the provider (the same id is the same refund), RecordRefund. */
  | {
      readonly type: 'refundProvider';
      readonly paymentId: string;
      readonly refundId: string;
      readonly amount: number;
      readonly currency: string;
    }
  | { readonly type: 'reflectRefund'; readonly command: OrderCommand }
  /** Revoke the licences, post to the vendors (none where they were never credited), then SettleRefund. */
  | {
      readonly type: 'settleRefund';
      readonly refundId: string;
      readonly currency: string;
      readonly licensesToRevoke: readonly LicenseToFollow[];
      readonly vendors: readonly VendorPart[];
    }
  | { readonly type: 'reflectDispute'; readonly command: OrderCommand }
  /**
   * opened: suspend the licences, reserve at the vendors; won: restore, release; lost: revoke, charge. Then
   * SettleDispute. No vendors where they were never credited.
   */
  | {
      readonly type: 'settleDispute';
      readonly disputeId: string;
      readonly stage: DisputeStage;
      readonly currency: string;
      readonly licenses: readonly LicenseToFollow[];
      readonly vendorIds: readonly string[];
    }
  /** Give the provider the text that the log holds under this id; RecordEvidenceSent, or RecordEvidenceRefused. */
  | { readonly type: 'submitEvidence'; readonly disputeId: string; readonly evidenceId: string };
