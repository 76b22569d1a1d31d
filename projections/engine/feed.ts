import type { Clock } from '../../infra/clock/port.ts';
import type { GenerationRef } from '../../infra/documents/sink.port.ts';
import type { Decoded } from '../../infra/event-codec/port.ts';
import { deadLetterOf, PoisonEvent } from './dead-letters.ts';
import type { Parked } from './fold-batch.ts';
import type { Source } from './source.ts';

/** What happens to an event that cannot be applied: it is parked with what depends on it, or the feed stops. */
export type OnPoison = 'park' | 'stop';

/** One generation of a projection with its checkpoint, as the engine feeds it. Calls of `apply` may not overlap. */
export type Feed = {
  readonly source: Source;
  readonly ref: GenerationRef;
  checkpoint(): bigint | undefined;
  /** Checkpoint and parked streams as the sink has them: before the first `apply` and after every failed one. */
  reload(): Promise<void>;
  /**
   * Applies events in log order and moves the checkpoint to `upTo`, in one write; what lies at or before the checkpoint is
   * passed over. Answers how many events were new. @throws PoisonEvent, StaleCheckpoint, and what the sink throws; then nothing happened
   */
  apply(events: readonly Decoded[], upTo: bigint, onPoison: OnPoison): Promise<number>;
};

const positionOf = (decoded: Decoded): bigint => (decoded.ok ? decoded.event : decoded.stored).position;

/** `moved` is called after each write. */
export const openFeed = (source: Source, ref: GenerationRef, clock: Clock, moved: () => void): Feed => {
  const { sink } = source;
  let checkpoint: bigint | undefined;
  let parked: Parked = { streams: new Set(), documents: new Set() };

  return {
    source,
    ref,
    checkpoint: () => checkpoint,
    reload: async () => {
      const generation = (await sink.generations(ref.projection)).find((each) => each.generation === ref.generation);
      if (generation === undefined || generation.state === 'dropped')
        throw new Error(`${ref.projection} generation ${ref.generation} is gone`);
      const { streams, documents } = await sink.parked(ref);
      parked = { streams: new Set(streams), documents: new Set(documents) };
      checkpoint = generation.checkpoint;
    },
    apply: async (events, upTo, onPoison) => {
      const after = checkpoint;
      if (after !== undefined && upTo <= after) return 0;
      const fresh = after === undefined ? events : events.filter((each) => positionOf(each) > after);
      // A copy: what a failed write refused is not parked.
      const parking: Parked = { streams: new Set(parked.streams), documents: new Set(parked.documents) };
      const { puts, removes, refusals } = await source.fold(fresh, (ids) => sink.load(ref, ids), parking);
      const [first] = refusals;
      if (first !== undefined && onPoison === 'stop') throw new PoisonEvent(first);
      const deadLetters = refusals.map((refusal) => deadLetterOf(ref, refusal, clock.now()));
      await sink.write(ref, { puts, removes, deadLetters, after, checkpoint: upTo });
      parked = parking;
      checkpoint = upTo;
      moved();
      return fresh.length;
    },
  };
};
