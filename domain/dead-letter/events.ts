import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { uuid } from '../event/fields.ts';

/** The parked event by its stream and id, and what it was parked for; null: for all it may concern. */
const letter = z.object({
  deadLetterId: uuid,
  projection: z.string(),
  generation: z.number().int().positive(),
  stream: z.string(),
  eventId: z.string(),
  documentId: z.string().nullable(),
});

/** Streams `deadLetter-<deadLetterId>`: what operators decided of a parked event, followed by the projection workers. */
export const deadLetterEvents = {
  /** It is applied once more, with everything that waits for the same document or stream. */
  DeadLetterReplayRequested: event(1, letter.extend({ reason: z.string().optional() })),
  /** The read model goes on without the event, in this and in every later generation. */
  DeadLetterDiscarded: event(1, letter.extend({ reason: z.string() })),
};
export type DeadLetterEvent = EventOf<typeof deadLetterEvents>;
export type LetterFacts = z.infer<typeof letter>;
