import type { ClientAction } from './events.ts';
import type { RefundRequest } from './refund.ts';
import type { CancelReason, DisputeStage, HoldsOutcome, LicenseOfLine, OrderEventData } from './state.ts';

/**
 * Commands of an order. Those without a person behind them answer nothing instead of refusing where another step of the
 * process was faster.
 */
export type OrderCommand =
  | { readonly type: 'PlaceOrder'; readonly order: OrderEventData<'OrderPlaced'> }
  /** Succeeds only where no order came, so that the holds under its id may be released. */
  | { readonly type: 'ExpireCheckout'; readonly orderId: string }
  | { readonly type: 'RequestPayment'; readonly paymentId: string; readonly dueBy: string }
  | { readonly type: 'RequirePaymentAction'; readonly clientAction: ClientAction }
  | { readonly type: 'ReportConfirmation' }
  | { readonly type: 'RecordPaid'; readonly amount: number; readonly method: string }
  | { readonly type: 'CancelOrder'; readonly reason: CancelReason; readonly detail?: string | undefined }
  /** One licence for every line. Refused where the order will not be delivered: what was issued has to be revoked. */
  | { readonly type: 'FulfilOrder'; readonly licenses: readonly LicenseOfLine[] }
  | { readonly type: 'SettleHolds'; readonly outcome: HoldsOutcome }
  | { readonly type: 'SettleOrder' }
  | {
      readonly type: 'RequestRefund';
      readonly refundId: string;
      readonly request: RefundRequest;
      readonly reason: string;
      /** Account id, or `system`. */
      readonly requestedBy: string;
      /** Captured, but not deliverable or already cancelled. */
      readonly compensation: boolean;
    }
  /** Of a failed refund: an operator says that the money (of a compensation: all that is left) went back another way. */
  | { readonly type: 'RecordRefunded'; readonly refundId: string; readonly note?: string }
  | { readonly type: 'RecordRefundFailed'; readonly refundId: string; readonly reason: string }
  | { readonly type: 'SettleRefund'; readonly refundId: string }
  | { readonly type: 'OpenDispute'; readonly disputeId: string; readonly amount: number; readonly reason: string }
  | { readonly type: 'WinDispute'; readonly disputeId: string }
  | { readonly type: 'LoseDispute'; readonly disputeId: string }
  | { readonly type: 'SettleDispute'; readonly disputeId: string; readonly stage: DisputeStage }
  /** About the dispute that is open; of several the one opened last. */
  | {
      readonly type: 'SubmitEvidence';
      readonly evidenceId: string;
      /** Account id of who wrote it. */
      readonly submittedBy: string;
      readonly text: string;
    }
  | { readonly type: 'RecordEvidenceSent'; readonly disputeId: string; readonly evidenceId: string }
  | {
      readonly type: 'RecordEvidenceRefused';
      readonly disputeId: string;
      readonly evidenceId: string;
      readonly reason: string;
    }
  | {
      readonly type: 'AskForRefund';
      readonly requestId: string;
      readonly reason: string;
      /** Absent: all that have something left and are not asked for already. */
      readonly lineIds?: readonly string[] | undefined;
    }
  | {
      readonly type: 'RefuseRefundRequest';
      readonly requestId: string;
      readonly reason: string;
      /** Account id. */
      readonly refusedBy: string;
      /** A vendor's own; absent: all that have no answer yet. */
      readonly lineIds?: readonly string[] | undefined;
    };
