import type { DomainEvent } from '../../domain/catalogue.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import type { PostingEvent } from '../../domain/vendor-account/events.ts';
import { type Projection, projection } from '../definition.ts';

/** One side of one posting. The entries of one event sum to zero. */
export type LedgerDocument = {
  /** `<event id>:<index>`: unique by cause and effect. */
  readonly id: string;
  readonly vendorId: string;
  readonly account: string;
  readonly amount: number;
  readonly currency: string;
  readonly effect: PostingEvent['type'];
  readonly eventId: string;
  /** The thing it is about: a sale, refund, dispute or payout id. */
  readonly cause: {
    readonly type: 'sale' | 'refund' | 'dispute' | 'payout';
    readonly id: string;
    readonly orderId: string | null;
  };
  readonly at: string;
  readonly position: string;
  /** Position, padded, and index: sorts as the log does. */
  readonly sequence: string;
};

const causeOf = (event: PostingEvent): LedgerDocument['cause'] => {
  switch (event.type) {
    case 'SaleRecorded':
    case 'SaleMatured':
      return { type: 'sale', id: event.data.saleId, orderId: event.data.orderId };
    case 'RefundRecorded':
      return { type: 'refund', id: event.data.refundId, orderId: event.data.orderId };
    case 'DisputeReserved':
    case 'DisputeReleased':
    case 'DisputeCharged':
      return { type: 'dispute', id: event.data.disputeId, orderId: event.data.orderId };
    default:
      return { type: 'payout', id: event.data.payoutId, orderId: null };
  }
};

type Posting = Recorded<PostingEvent>;

const entryIds = (event: Posting): readonly string[] => event.data.entries.map((_, index) => `${event.id}:${index}`);

const entry = (_: LedgerDocument | undefined, event: Posting, id: string): LedgerDocument | undefined => {
  const index = Number(id.slice(id.lastIndexOf(':') + 1));
  const side = event.data.entries[index];
  return (
    side && {
      id,
      vendorId: event.data.vendorId,
      account: side.account,
      amount: side.amount,
      currency: event.data.currency,
      effect: event.type,
      eventId: event.id,
      cause: causeOf(event),
      at: event.metadata.occurredAt,
      position: event.position.toString(),
      sequence: `${event.position.toString().padStart(19, '0')}:${index}`,
    }
  );
};

/** The event types that post to a vendor's ledger. */
export const postingTypes = [
  'SaleRecorded',
  'SaleMatured',
  'RefundRecorded',
  'DisputeReserved',
  'DisputeReleased',
  'DisputeCharged',
  'PayoutReserved',
  'PayoutCompleted',
  'PayoutReleased',
] as const satisfies readonly (PostingEvent['type'] & DomainEvent['type'])[];

const empty = projection<LedgerDocument>('ledger', {
  version: 1,
  sink: 'documents',
  indexes: [
    ['vendorId', 'sequence'],
    ['vendorId', 'cause.id', 'sequence'],
  ],
});

/** Every entry of every vendor's double-entry ledger. */
export const ledger = postingTypes.reduce<Projection<LedgerDocument>>(
  (all, type) => all.on(type, entryIds, entry),
  empty,
);
