import type { Recorded } from '../../domain/event/recorded.ts';
import { projection } from '../definition.ts';

export type PayoutDocument = {
  readonly id: string;
  readonly vendorId: string;
  readonly amount: number;
  readonly currency: string;
  readonly payoutAccount: string;
  readonly state: 'requested' | 'inTransit' | 'paid' | 'failed' | 'returned' | 'cancelled';
  /** Each try at the provider. */
  readonly attempts: readonly { readonly at: string }[];
  readonly reasons: readonly { readonly at: string; readonly reason: string }[];
  readonly requestedAt: string;
  readonly revision: string;
};

type OfPayout = Recorded<{ readonly type: string; readonly data: { readonly payoutId: string } }>;
type Failure = Recorded<{
  readonly type: string;
  readonly data: { readonly payoutId: string; readonly reason: string };
}>;
const payoutId = (event: OfPayout): string => event.data.payoutId;
const inState =
  (state: PayoutDocument['state']) =>
  (payout: PayoutDocument | undefined, event: OfPayout): PayoutDocument | undefined =>
    payout && { ...payout, state, revision: event.revision.toString() };
const failedWith =
  (state: PayoutDocument['state']) =>
  (payout: PayoutDocument | undefined, event: Failure): PayoutDocument | undefined =>
    payout && {
      ...payout,
      state,
      reasons: [...payout.reasons, { at: event.metadata.occurredAt, reason: event.data.reason }],
      revision: event.revision.toString(),
    };

export const payouts = projection<PayoutDocument>('payouts', {
  version: 1,
  sink: 'documents',
  indexes: [['vendorId', 'requestedAt']],
})
  .on('PayoutRequested', payoutId, (_, { data, metadata, revision }) => ({
    id: data.payoutId,
    vendorId: data.vendorId,
    amount: data.amount,
    currency: data.currency,
    payoutAccount: data.payoutAccount,
    state: 'requested',
    attempts: [],
    reasons: [],
    requestedAt: metadata.occurredAt,
    revision: revision.toString(),
  }))
  .on(
    'PayoutStarted',
    payoutId,
    (payout, event) =>
      payout && {
        ...payout,
        attempts: [...payout.attempts, { at: event.metadata.occurredAt }],
        revision: event.revision.toString(),
      },
  )
  .on('PayoutInTransit', payoutId, inState('inTransit'))
  .on('PayoutPaid', payoutId, inState('paid'))
  .on('PayoutFailed', payoutId, failedWith('failed'))
  .on('PayoutReturned', payoutId, failedWith('returned'))
  .on('PayoutCancelled', payoutId, inState('cancelled'))
  .on('PayoutPolled', payoutId, (payout, event) => payout && { ...payout, revision: event.revision.toString() })
  .on('PayoutSettled', payoutId, (payout, event) => payout && { ...payout, revision: event.revision.toString() });
