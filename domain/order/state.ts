import type { Answered } from './buyers-request.ts';
import type { ClientAction, cancelReasons, OrderEvent, OrderLine, RefundLine } from './events.ts';

export type OrderEventData<Type extends OrderEvent['type']> = Extract<OrderEvent, { type: Type }>['data'];

export type CancelReason = (typeof cancelReasons)[number];
export type DisputeStage = OrderEventData<'OrderDisputeSettled'>['stage'];
export type HoldsOutcome = OrderEventData<'OrderHoldsSettled'>['outcome'];
export type LicenseOfLine = OrderEventData<'OrderFulfilled'>['licenses'][number];

export type OrderRefund = {
  readonly refundId: string;
  readonly amount: number;
  readonly lines: readonly RefundLine[];
  readonly reason: string;
  readonly requestedBy: string;
  readonly compensation: boolean;
  /** A failed one may still succeed: an operator records that the money went back another way. */
  readonly state: 'requested' | 'succeeded' | 'failed';
  readonly settled: boolean;
};

export type OrderDispute = {
  readonly disputeId: string;
  readonly amount: number;
  readonly reason: string;
  readonly outcome: 'open' | 'won' | 'lost';
  /** Stages that licences and ledgers have followed. */
  readonly settled: readonly DisputeStage[];
  /** In the order in which it was submitted; the texts stay in the log. `recorded`: the provider does not have it yet. */
  readonly evidence: readonly { readonly evidenceId: string; readonly state: 'recorded' | 'sent' | 'refused' }[];
};

/** A buyer's wish to have the money of some lines back, answered line by line; why stays in the log. */
export type BuyersRequest = {
  readonly requestId: string;
  readonly lines: readonly {
    readonly lineId: string;
    readonly state: Answered;
    /** The refund that answered it. */
    readonly refundId?: string;
  }[];
};

/** What was frozen when the order was placed, without what only the invoice needs. */
type Frozen = Omit<OrderEventData<'OrderPlaced'>, 'billing'>;

type Body = Frozen & {
  /** Unconfirmed by `dueBy`, the payment is given up. */
  readonly payment?: { readonly paymentId: string; readonly method: string; readonly dueBy: string };
  /** The money that came in; amount 0 and method `none` for a free order. */
  readonly captured?: { readonly amount: number; readonly method: string };
  /** Present once fulfilled, for good: one a line. */
  readonly licenses?: readonly LicenseOfLine[];
  readonly holdsSettled?: HoldsOutcome;
  /** Every vendor was credited. */
  readonly settled: boolean;
  readonly refunds: readonly OrderRefund[];
  readonly disputes: readonly OrderDispute[];
  readonly refundRequests: readonly BuyersRequest[];
};
type AwaitingPayment = Body & Required<Pick<Body, 'payment'>>;
type Captured = Body & Required<Pick<Body, 'captured'>>;
type Delivered = Captured & Required<Pick<Body, 'licenses'>>;

export type Order =
  | { readonly status: 'none' }
  /** The checkout took too long: no order can come any more. */
  | { readonly status: 'expired' }
  | (Body & { readonly status: 'placed' })
  | (AwaitingPayment & { readonly status: 'awaitingPayment' })
  | (AwaitingPayment & {
      readonly status: 'awaitingConfirmation';
      readonly clientAction: ClientAction;
      /** The buyer said so after `clientAction` was asked for. */
      readonly confirmationReported: boolean;
    })
  | (Captured & { readonly status: 'paid' })
  | (Delivered & { readonly status: 'fulfilled' })
  | (Delivered & { readonly status: 'partiallyRefunded' })
  /** `reason` of the refund that completed it, or `dispute_lost`. */
  | (Captured & { readonly status: 'refunded'; readonly reason: string })
  /** Money captured after the cancellation leaves it cancelled, and is given back. */
  | (Body & { readonly status: 'cancelled'; readonly reason: CancelReason; readonly detail?: string });

/** An order that was placed. */
export type PlacedOrder = Exclude<Order, { status: 'none' | 'expired' }>;
/** An order whose money came in. */
export type CapturedOrder =
  | Extract<PlacedOrder, { captured: unknown }>
  | (Extract<PlacedOrder, { status: 'cancelled' }> & Captured);

export const isPlaced = (order: Order): order is PlacedOrder => order.status !== 'none' && order.status !== 'expired';

export const isCaptured = (order: Order): order is CapturedOrder => isPlaced(order) && order.captured !== undefined;

/** A dispute is open: licences rest, refunds are refused. */
export const isDisputed = (order: Order): boolean =>
  isPlaced(order) && order.disputes.some((dispute) => dispute.outcome === 'open');

/** The provider took the money back for good. */
export const isLost = (order: PlacedOrder): boolean => order.disputes.some((dispute) => dispute.outcome === 'lost');

/**
 * Whether the licences are there (`done`), may come (`pending`), or will never come (`never`): cancelled, given back
 * before, or found not deliverable, which a compensating refund says.
 */
export const deliveryOf = (order: PlacedOrder): 'pending' | 'done' | 'never' => {
  if (order.licenses !== undefined) return 'done';
  if (order.status === 'cancelled' || order.status === 'refunded') return 'never';
  return order.refunds.some((refund) => refund.compensation) ? 'never' : 'pending';
};

/** Net of a line: what is shared between vendor and market. */
export const netOfLine = (line: OrderLine): number => line.total - line.tax;

/** Ids of the lines that were given back wholly (a free line: once a refund named it). */
export const refundedLines = (order: PlacedOrder): readonly string[] => {
  const parts = order.refunds.filter((refund) => refund.state === 'succeeded').flatMap((refund) => refund.lines);
  return order.lines
    .filter((line) => {
      const own = parts.filter((part) => part.lineId === line.lineId);
      return own.length > 0 && own.reduce((sum, part) => sum + part.amount, 0) >= line.total;
    })
    .map((line) => line.lineId);
};

/** The stage that licences and ledgers have to follow next; undefined when they are up to date. */
export const nextStage = (dispute: OrderDispute): DisputeStage | undefined => {
  if (!dispute.settled.includes('opened')) return 'opened';
  if (dispute.outcome === 'open' || dispute.settled.includes(dispute.outcome)) return undefined;
  return dispute.outcome;
};
