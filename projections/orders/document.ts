import type { Answered } from '../../domain/order/buyers-request.ts';
import type { ClientAction, OrderLine, RefundLine } from '../../domain/order/events.ts';

export type RefundDocument = {
  readonly id: string;
  readonly state: 'requested' | 'succeeded' | 'failed';
  readonly amount: number;
  readonly lines: readonly RefundLine[];
  readonly reason: string;
  readonly requestedAt: string;
  readonly failure: string | null;
};

/** Why it was asked for is the buyer's and lies in `people`. */
export type RefundRequestDocument = {
  readonly id: string;
  readonly requestedAt: string;
  /** Each vendor answers for its own. */
  readonly lines: readonly AskedLineDocument[];
};

export type AskedLineDocument = {
  readonly lineId: string;
  readonly state: Answered;
  readonly answeredAt: string | null;
  /** The refund that answered it, or why it was refused. */
  readonly refundId: string | null;
  readonly refusal: string | null;
};

export type TimelineEntry = {
  readonly at: string;
  readonly step: string;
  readonly reason: string | null;
  /** The lines that it is about; null: the whole order. */
  readonly lineIds: readonly string[] | null;
};

/** Amounts in minor units of `currency`. The name on the bill is personal and stays in the log. */
export type OrderDocument = {
  readonly id: string;
  readonly customerId: string;
  readonly state:
    | 'placed'
    | 'awaitingPayment'
    | 'awaitingConfirmation'
    | 'paid'
    | 'fulfilled'
    | 'cancelled'
    | 'partiallyRefunded'
    | 'refunded';
  readonly disputed: boolean;
  readonly createdAt: string;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly subtotal: number;
  readonly discount: number;
  readonly tax: number;
  readonly total: number;
  readonly refunded: number;
  readonly coupon: string | null;
  readonly billing: { readonly country: string; readonly vatId: string | null } | null;
  readonly refunds: readonly RefundDocument[];
  readonly refundRequests: readonly RefundRequestDocument[];
  readonly dispute: {
    readonly id: string;
    readonly state: 'open' | 'won' | 'lost';
    readonly amount: number;
    readonly reason: string;
  } | null;
  /** Ids of the disputes that are open; `dispute` is the one opened last. */
  readonly openDisputes: readonly string[];
  readonly payment: {
    readonly state: 'requested' | 'requiresAction' | 'captured' | 'declined' | 'abandoned' | 'refunded';
    readonly method: string;
    readonly clientAction: ClientAction | null;
  } | null;
  readonly licenses: readonly { readonly lineId: string; readonly licenseId: string }[];
  readonly reason: string | null;
  readonly timeline: readonly TimelineEntry[];
  readonly revision: string;
};
