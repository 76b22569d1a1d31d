import type { EventMetadata } from '../../domain/event/recorded.ts';
import { idFrom } from './ids.ts';

/** Who commands, why, and under which id. */
export type CommandContext = {
  /** Recorded with the events; the same id again on the same stream is answered from the log. */
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly actorId: string;
  readonly actorRole: string;
  readonly traceparent?: string;
  /** Hash of the request body that came with an Idempotency-Key. */
  readonly bodyHash?: string;
  /** RFC 3339; when it happened for the business. Absent: the clock's now. */
  readonly occurredAt?: string;
};

/** The context of a command that a reactor sends because of an event: its id is made from the cause and the step. */
export const becauseOf = (
  cause: { readonly id: string; readonly metadata: Pick<EventMetadata, 'correlationId' | 'traceparent'> },
  step: string,
): CommandContext => ({
  commandId: idFrom(cause.id, step),
  correlationId: cause.metadata.correlationId,
  causationId: cause.id,
  actorId: 'system',
  actorRole: 'system',
  ...(cause.metadata.traceparent === undefined ? {} : { traceparent: cause.metadata.traceparent }),
});

/** The context of a further command of the same request, on another stream. */
export const stepOf = (context: CommandContext, step: string): CommandContext => ({
  ...context,
  commandId: idFrom(context.commandId, step),
});
