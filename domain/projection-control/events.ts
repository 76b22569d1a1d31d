import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';

const ofGeneration = z.object({ projection: z.string(), generation: z.number().int().positive() });

/** Streams `projection-<name>`: what operators order, followed by the projection workers. */
export const projectionControlEvents = {
  ProjectionRebuildRequested: event(
    1,
    z.object({ projection: z.string(), generation: z.number().int().positive(), reason: z.string().optional() }),
  ),
  /** Recorded by the worker once readers see the generation. */
  ProjectionSwitched: event(1, ofGeneration),
};
export type ProjectionControlEvent = EventOf<typeof projectionControlEvents>;
