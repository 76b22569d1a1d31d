import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';

const generation = z.number().int().positive();
const ofGeneration = z.object({ projection: z.string(), generation });

/** Streams `projection-<name>`: what operators order, followed by the projection workers. */
export const projectionControlEvents = {
  ProjectionRebuildRequested: event(
    1,
    z.object({ projection: z.string(), generation: z.number().int().positive(), reason: z.string().optional() }),
  ),
  /** Recorded by the worker once readers see the generation. */
  ProjectionSwitched: event(1, ofGeneration),
  /** The generation is not fed any more: the one that is built, else the one that is read. */
  ProjectionPaused: event(1, ofGeneration.extend({ what: z.enum(['rebuild', 'feed']) })),
  /** What is paused, or stopped at an event that it could not apply, goes on. */
  ProjectionResumed: event(1, z.object({ projection: z.string() })),
  /** The generation that is built is dropped. */
  ProjectionRebuildCancelled: event(1, ofGeneration),
  /** Readers see the generation that was kept, `generation`, instead of `from`, which is kept now. */
  ProjectionRolledBack: event(1, ofGeneration.extend({ from: generation })),
  /** The generation that was kept is gone. */
  ProjectionGenerationDropped: event(1, ofGeneration),
};
export type ProjectionControlEvent = EventOf<typeof projectionControlEvents>;
