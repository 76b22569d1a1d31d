import type { Recorded } from '../../domain/event/recorded.ts';
import { projection } from '../definition.ts';

export type DisputeDocument = {
  readonly id: string;
  readonly orderId: string;
  readonly state: 'open' | 'won' | 'lost';
  /** Minor units of the order's currency. */
  readonly amount: number;
  readonly reason: string;
  readonly openedAt: string;
  readonly closedAt: string | null;
  /** The texts are their authors' and lie in `people`. */
  readonly evidence: readonly {
    readonly id: string;
    readonly by: string;
    readonly at: string;
    readonly state: 'recorded' | 'sent' | 'refused';
  }[];
};

type OfDispute = Recorded<{ readonly type: string; readonly data: { readonly disputeId: string } }>;
const disputeId = (event: OfDispute): string => event.data.disputeId;

const closed =
  (state: 'won' | 'lost') =>
  (dispute: DisputeDocument | undefined, { metadata }: OfDispute): DisputeDocument | undefined =>
    dispute && { ...dispute, state, closedAt: metadata.occurredAt };

const evidenceIn =
  (state: 'sent' | 'refused') =>
  (
    dispute: DisputeDocument | undefined,
    { data }: { readonly data: { readonly evidenceId: string } },
  ): DisputeDocument | undefined =>
    dispute && {
      ...dispute,
      evidence: dispute.evidence.map((each) => (each.id === data.evidenceId ? { ...each, state } : each)),
    };

/** Every dispute, with what was said against it. */
export const disputes = projection<DisputeDocument>('disputes', {
  version: 1,
  sink: 'documents',
  indexes: [['openedAt']],
})
  .on('OrderDisputeOpened', disputeId, (_, { data, metadata }) => ({
    id: data.disputeId,
    orderId: data.orderId,
    state: 'open',
    amount: data.amount,
    reason: data.reason,
    openedAt: metadata.occurredAt,
    closedAt: null,
    evidence: [],
  }))
  .on('OrderDisputeWon', disputeId, closed('won'))
  .on('OrderDisputeLost', disputeId, closed('lost'))
  .on(
    'OrderDisputeEvidenceSubmitted',
    disputeId,
    (dispute, { data, metadata }) =>
      dispute && {
        ...dispute,
        evidence: [
          ...dispute.evidence,
          { id: data.evidenceId, by: data.submittedBy, at: metadata.occurredAt, state: 'recorded' },
        ],
      },
  )
  .on('OrderDisputeEvidenceSent', disputeId, evidenceIn('sent'))
  .on('OrderDisputeEvidenceRefused', disputeId, evidenceIn('refused'));

/** That a dispute holds money of a vendor; the rest stands in `disputes` and `orders`, joined when queried. */
export type VendorDisputeDocument = {
  readonly vendorId: string;
  readonly disputeId: string;
  readonly orderId: string;
  readonly openedAt: string;
};

export const vendorDisputes = projection<VendorDisputeDocument>('vendorDisputes', {
  version: 1,
  sink: 'documents',
  indexes: [['vendorId', 'openedAt']],
}).on(
  'DisputeReserved',
  ({ data }) => `${data.disputeId}:${data.vendorId}`,
  (_, { data, metadata }) => ({
    vendorId: data.vendorId,
    disputeId: data.disputeId,
    orderId: data.orderId,
    openedAt: metadata.occurredAt,
  }),
);
