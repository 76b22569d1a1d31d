import type { PayoutOutcome } from './state.ts';

/** What the provider says of a payout, by answer, query or webhook. */
export type PayoutFact =
  | { readonly type: 'inTransit' | 'paid'; readonly providerRef: string }
  | { readonly type: 'failed' | 'returned'; readonly providerRef: string; readonly reason: string };

export type VendorPayoutCommand =
  | {
      readonly type: 'RequestPayout';
      readonly payoutId: string;
      readonly vendorId: string;
      /** Minor units of `currency`, at least 1; reserved in the vendor's account before. */
      readonly amount: number;
      readonly currency: string;
      readonly payoutAccount: string;
    }
  | { readonly type: 'StartPayout'; readonly payoutId: string }
  | { readonly type: 'RecordPayoutState'; readonly payoutId: string; readonly state: PayoutFact }
  /** Asked because it had not reported, the provider says nothing new: still in transit, or still paid. */
  | { readonly type: 'RecordPoll'; readonly payoutId: string }
  | { readonly type: 'CancelPayout'; readonly payoutId: string }
  | { readonly type: 'SettlePayout'; readonly payoutId: string; readonly outcome: PayoutOutcome };
