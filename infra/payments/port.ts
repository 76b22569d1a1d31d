/**
 * The payment provider. Every money-moving call carries an idempotency key of the caller: the same key again is the
 * same charge, refund or payout, for ever (the first call's parameters hold). A call that times out or cannot reach the
 * provider throws `ProviderUnavailable`: the outcome is unknown and has to be asked for (`find…`), never assumed.
 * A call that can never be right, however often it is repeated, throws `ProviderRefused`.
 * Amounts are integer minor units of `currency` (ISO 4217).
 */
export type ProviderMoney = { readonly amount: number; readonly currency: string };

export type ClientAction = { readonly type: string; readonly url?: string; readonly expiresAt: string };

export type ChargeState =
  | { readonly type: 'processing'; readonly providerRef: string }
  | { readonly type: 'requiresAction'; readonly providerRef: string; readonly clientAction: ClientAction }
  | { readonly type: 'captured'; readonly providerRef: string; readonly amount: ProviderMoney }
  | { readonly type: 'declined'; readonly providerRef: string; readonly reason: string }
  /** Given up for good: it can no longer be captured. */
  | { readonly type: 'abandoned'; readonly providerRef: string };

export type RefundState =
  | { readonly type: 'processing'; readonly providerRef: string }
  | { readonly type: 'succeeded'; readonly providerRef: string; readonly amount: ProviderMoney }
  | { readonly type: 'failed'; readonly providerRef: string; readonly reason: string };

export type PayoutState =
  | { readonly type: 'inTransit'; readonly providerRef: string }
  | { readonly type: 'paid'; readonly providerRef: string }
  | { readonly type: 'failed'; readonly providerRef: string; readonly reason: string }
  | { readonly type: 'returned'; readonly providerRef: string; readonly reason: string };

/** What a webhook says. `eventId` is the provider's id of the message: the same message again has the same id. */
export type ProviderNotice = { readonly eventId: string } & (
  | { readonly type: 'charge'; readonly paymentId: string; readonly state: ChargeState }
  | { readonly type: 'refund'; readonly paymentId: string; readonly refundId: string; readonly state: RefundState }
  | { readonly type: 'payout'; readonly payoutId: string; readonly state: PayoutState }
  | {
      readonly type: 'dispute';
      readonly paymentId: string;
      readonly disputeId: string;
      readonly status: 'opened' | 'won' | 'lost';
      readonly amount: ProviderMoney;
      readonly reason: string;
    }
  /** Understood, and nothing to us. */
  | { readonly type: 'other' }
);

export type PaymentProvider = {
  /** `paymentId` is the idempotency key. A repeated call answers with the charge's present state. */
  charge(request: {
    readonly paymentId: string;
    readonly orderId: string;
    readonly amount: ProviderMoney;
    readonly method: string;
  }): Promise<ChargeState>;
  /** The charge as the provider has it now; undefined when it never heard of it. */
  findCharge(paymentId: string): Promise<ChargeState | undefined>;
  /**
   * The buyer says the client step is done: the provider's own view of it.
   * @throws ProviderRefused when the provider never heard of the charge
   */
  confirmCharge(paymentId: string): Promise<ChargeState>;
  /**
   * Gives the charge up so that it can never be captured, also when the provider has not heard of it yet: a `charge`
   * that arrives later answers `abandoned`. Answers `captured` or `declined` when it was too late.
   */
  abandonCharge(paymentId: string): Promise<ChargeState>;
  /** `refundId` is the idempotency key. */
  refund(request: {
    readonly refundId: string;
    readonly paymentId: string;
    readonly amount: ProviderMoney;
  }): Promise<RefundState>;
  findRefund(refundId: string): Promise<RefundState | undefined>;
  /** `payoutId` is the idempotency key; `account` is the provider's token of the vendor's account. */
  payOut(request: {
    readonly payoutId: string;
    readonly account: string;
    readonly amount: ProviderMoney;
  }): Promise<PayoutState>;
  findPayout(payoutId: string): Promise<PayoutState | undefined>;
  /**
   * Adds evidence to a dispute; the outcome comes as a notice. A dispute that is closed already stays as it is.
   * @throws ProviderRefused when there is no such dispute
   */
  submitEvidence(request: { readonly disputeId: string; readonly text: string }): Promise<void>;
  /**
   * Verifies signature and time window over the raw body, then reads it. Header names are lower case.
   * @throws InvalidWebhook when the signature, the time or the format is not the provider's
   */
  readWebhook(rawBody: Uint8Array, headers: Readonly<Record<string, string | undefined>>): readonly ProviderNotice[];
};

export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';
}

/** The provider understood the call and will never do it. */
export class ProviderRefused extends Error {
  override readonly name = 'ProviderRefused';
}

export class InvalidWebhook extends Error {
  override readonly name = 'InvalidWebhook';
}
