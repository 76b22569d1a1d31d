import type { DomainEvent } from '../../domain/catalogue.ts';
import type { EventMetadata, Recorded } from '../../domain/event/recorded.ts';
import type { NewEvent, StoredEvent } from '../event-store/port.ts';

/**
 * Why an event could not be read. `unknownType` and `newerVersion` may come from a newer release (a worker pauses);
 * `broken` is an event that no release will ever read.
 */
export type PoisonKind = 'unknownType' | 'newerVersion' | 'broken';

export type Decoded =
  /** `stored`: the bytes that it was read from. */
  | { readonly ok: true; readonly event: Recorded<DomainEvent>; readonly stored: StoredEvent }
  /** A poison event. `reason` names type, version and field, and holds nothing of the event's data. */
  | { readonly ok: false; readonly stored: StoredEvent; readonly kind: PoisonKind; readonly reason: string };

/** Between domain events and stored bytes: schemas, versions, upcasting, encryption of personal fields. */
export type EventCodec = {
  /**
   * Validates against the schema of the stream's category and encrypts personal fields under their person's key
   * (made when absent). @throws Error when an event does not fit its schema (a fault of ours, nothing is written)
   */
  encode(
    stream: string,
    events: readonly { readonly id: string; readonly event: DomainEvent }[],
    metadata: Omit<EventMetadata, 'schemaVersion'>,
  ): Promise<readonly NewEvent[]>;
  /**
   * In order, one answer an event; personal fields of erased people read `[erased]`. Never throws for what is stored;
   * rejects only when the keys cannot be read.
   */
  decode(events: readonly StoredEvent[]): Promise<readonly Decoded[]>;
};
