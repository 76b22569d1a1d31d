import type { ClientAction } from '../order/events.ts';
import type { PaymentEventData, ProviderAmount } from './state.ts';

/** What the provider says of a charge, in the words of the payments port. */
export type ChargeFact =
  | { readonly type: 'processing' }
  | { readonly type: 'requiresAction'; readonly providerRef: string; readonly clientAction: ClientAction }
  | { readonly type: 'captured'; readonly providerRef: string; readonly amount: ProviderAmount }
  | { readonly type: 'declined'; readonly reason: string }
  | { readonly type: 'abandoned' };
export type RefundFact =
  | { readonly type: 'processing' }
  | { readonly type: 'succeeded'; readonly providerRef: string }
  | { readonly type: 'failed'; readonly reason: string };

/**
 * The `Record…` commands are facts of the provider, in any order, any number of times: what is known changes nothing,
 * a capture is never unsaid, the first end of a refund or dispute stays. They are refused with NOT_FOUND only where we
 * never asked: then they are not about us.
 */
export type PaymentCommand =
  | { readonly type: 'RequestPayment'; readonly payment: PaymentEventData<'PaymentRequested'> }
  | { readonly type: 'RecordCharge'; readonly fact: ChargeFact }
  | { readonly type: 'RequestRefund'; readonly refundId: string; readonly amount: number }
  | { readonly type: 'RecordRefund'; readonly refundId: string; readonly fact: RefundFact }
  | {
      readonly type: 'RecordDispute';
      readonly disputeId: string;
      readonly status: 'opened' | 'won' | 'lost';
      readonly amount: ProviderAmount;
      readonly reason: string;
    };
