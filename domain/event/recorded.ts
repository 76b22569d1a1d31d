import { z } from 'zod';

/** A flat object of strings beside every event (DESIGN.md 3). */
export const eventMetadata = z
  .object({
    schemaVersion: z.string(),
    commandId: z.string(),
    correlationId: z.string(),
    /** Id of the event that caused the command; absent for what a person asked. */
    causationId: z.string().optional(),
    /** Account id, or `system`. */
    actorId: z.string(),
    actorRole: z.string(),
    /** RFC 3339, UTC, milliseconds: when it happened for the business (the command's time). */
    occurredAt: z.string(),
    traceparent: z.string().optional(),
    /** Hash of the request body that came with an Idempotency-Key. */
    bodyHash: z.string().optional(),
  })
  .catchall(z.string());
export type EventMetadata = z.infer<typeof eventMetadata>;

/** A decoded event with its place in the log. */
export type Recorded<Event extends { readonly type: string; readonly data: unknown }> = Event & {
  readonly id: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly metadata: EventMetadata;
  /** Milliseconds since the Unix epoch, by the store's clock. */
  readonly recordedAt: number;
};
export type AnyEvent = { readonly type: string; readonly data: unknown };
