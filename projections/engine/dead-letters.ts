import { v5 } from 'uuid';
import type { DeadLetter, GenerationRef } from '../../infra/documents/sink.port.ts';
import type { EventPlace, Refusal } from './fold-batch.ts';

/** Names the ids of dead letters; any other constant would do as well, but it may not change. */
const namespace = '7d1f7c0e-8a52-5b8e-9a51-0d6a3f1c2b44';

/** The dead letter of a refusal; its id follows from generation, event and document, so that it is one however often it is made. */
export const deadLetterOf = (ref: GenerationRef, { event, documentId, reason }: Refusal, now: number): DeadLetter => ({
  id: v5(JSON.stringify([ref.projection, ref.generation, String(event.position), documentId]), namespace),
  projection: ref.projection,
  generation: ref.generation,
  position: event.position,
  stream: event.stream,
  revision: event.revision,
  eventId: event.id,
  eventType: event.type,
  documentId,
  reason,
  parkedAt: now,
});

/** A rebuild met an event that it cannot apply: it stops, and says which. */
export class PoisonEvent extends Error {
  override readonly name = 'PoisonEvent';
  readonly event: EventPlace;
  constructor({ event, documentId, reason }: Refusal) {
    const document = documentId === null ? '' : ` for document ${documentId}`;
    super(
      `event ${event.id} (${event.type}, ${event.stream} revision ${event.revision}, position ${event.position})${document}: ${reason}`,
    );
    this.event = event;
  }
}
