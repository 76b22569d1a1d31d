import type { ClientAction } from '../order/events.ts';
import type { PaymentEvent } from './events.ts';

export type PaymentEventData<Type extends PaymentEvent['type']> = Extract<PaymentEvent, { type: Type }>['data'];
/** Minor units and ISO 4217 code, as the provider says them. */
export type ProviderAmount = { readonly amount: number; readonly currency: string };

export type PaymentRefund = {
  readonly refundId: string;
  readonly amount: number;
  readonly state: 'requested' | 'succeeded' | 'failed';
  /** Why it failed. */
  readonly reason?: string;
};
export type PaymentDispute = {
  readonly disputeId: string;
  readonly amount: number;
  readonly currency: string;
  readonly reason: string;
  readonly outcome: 'open' | 'won' | 'lost';
};

/** Disputes may be known before the capture is: webhooks come in any order. */
type Asked = PaymentEventData<'PaymentRequested'> & { readonly disputes: readonly PaymentDispute[] };
type Money = {
  readonly providerRef: string;
  readonly captured: ProviderAmount;
  readonly refunds: readonly PaymentRefund[];
};

export type Payment =
  | { readonly status: 'none' }
  | (Asked & { readonly status: 'requested' })
  | (Asked & { readonly status: 'requiresAction'; readonly providerRef: string; readonly clientAction: ClientAction })
  | (Asked & Money & { readonly status: 'captured' })
  /** Captured, and wholly given back. */
  | (Asked & Money & { readonly status: 'refunded' })
  | (Asked & { readonly status: 'declined'; readonly reason: string })
  | (Asked & { readonly status: 'abandoned' });
export type AskedPayment = Exclude<Payment, { status: 'none' }>;
export type CapturedPayment = Extract<Payment, { captured: ProviderAmount }>;

export const isCapturedPayment = (payment: Payment): payment is CapturedPayment =>
  payment.status === 'captured' || payment.status === 'refunded';

/** No answer of the provider ends it yet. */
export const isOpenPayment = (payment: Payment): boolean =>
  payment.status === 'none' || payment.status === 'requested' || payment.status === 'requiresAction';
