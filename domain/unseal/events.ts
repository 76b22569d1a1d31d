import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { uuid } from '../event/fields.ts';

/** Streams `unseal-<lookId>`: each look of an auditor at one personal field of one event. */
export const unsealEvents = {
  /** Recorded before the value is shown, also where the person is erased. `revision` in decimal digits; `path` is dotted. */
  AuditSealOpened: event(
    1,
    z.object({
      lookId: uuid,
      stream: z.string(),
      revision: z.string(),
      path: z.string(),
      reason: z.string(),
      auditorId: uuid,
    }),
  ),
};
export type UnsealEvent = EventOf<typeof unsealEvents>;
