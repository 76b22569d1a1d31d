import type { Clock } from '../../infra/clock/port.ts';
import type { DeadLetter, Generation, GenerationRef } from '../../infra/documents/sink.port.ts';
import type { Decoded } from '../../infra/event-codec/port.ts';
import { deadLetterOf, PoisonEvent } from './dead-letters.ts';
import { exclusive } from './exclusive.ts';
import type { FoldOptions, Parked } from './fold-batch.ts';
import type { Source } from './source.ts';

/** What happens to an event that cannot be applied: it is parked with what depends on it, or the feed stops. */
export type OnPoison = 'park' | 'stop';

/** One generation of a projection with its checkpoint, as the engine feeds it. Calls are done one after the other. */
export type Feed = {
  readonly source: Source;
  readonly ref: GenerationRef;
  checkpoint(): bigint | undefined;
  /**
   * Checkpoint and parked streams as the sink has them: before the first `apply` and after every failed one. `anew` forgets
   * what stopped a build: those events are tried again. Answers what the generation is to the sink.
   */
  reload(anew?: boolean): Promise<Generation['state']>;
  /**
   * Applies events in log order and moves the checkpoint to `upTo`, in one write; what lies at or before the checkpoint is
   * passed over. Answers how many events were new. @throws PoisonEvent (its dead letter is kept), StaleCheckpoint, and what
   * the sink throws; then nothing else happened.
   */
  apply(events: readonly Decoded[], upTo: bigint, onPoison: OnPoison): Promise<number>;
  /**
   * As `apply`, with what is refused parked, for a batch that other feeds are given at the same moment: the checkpoints of those that it
   * does not touch are moved together.
   */
  applyWithOthers(events: readonly Decoded[], upTo: bigint): Promise<number>;
  /**
   * Applies events that were parked, those of `letters` without the discarded ones: what waits for one document (`documentId`)
   * or one stream (null). The letters are settled in the same write; what is refused again is parked again. Nobody reloads for
   * it: it reads anew where the sink stands, which another worker may have moved.
   */
  applyParked(letters: readonly DeadLetter[], documentId: string | null, events: readonly Decoded[]): Promise<void>;
};

const positionOf = (decoded: Decoded): bigint => (decoded.ok ? decoded.event : decoded.stored).position;
const manyLetters = 1_000;

/** `moved` is called after each write. */
export const openFeed = (
  source: Source,
  ref: GenerationRef,
  clock: Clock,
  moved: () => void,
  discarded: NonNullable<FoldOptions['discarded']> = () => false,
): Feed => {
  const { sink } = source;
  const inTurn = exclusive();
  let loaded = false;
  let checkpoint: bigint | undefined;
  let parked: Parked = { streams: new Set(), documents: new Set() };
  /** A copy: what a failed write refused is not parked. */
  const copyOfParked = (): Parked => ({ streams: new Set(parked.streams), documents: new Set(parked.documents) });

  const reload = async (anew: boolean): Promise<Generation['state']> => {
    const generation = (await sink.generations(ref.projection)).find((each) => each.generation === ref.generation);
    if (generation === undefined || generation.state === 'dropped')
      throw new Error(`${ref.projection} generation ${ref.generation} is gone`);
    if (anew && generation.state === 'building') {
      const { projection, generation: number } = ref;
      const letters = await sink.deadLetters({ projection, generation: number, limit: manyLetters });
      await sink.removeDeadLetters(letters.map(({ id }) => id));
    }
    const { streams, documents } = await sink.parked(ref);
    parked = { streams: new Set(streams), documents: new Set(documents) };
    checkpoint = generation.checkpoint;
    loaded = true;
    return generation.state;
  };

  const foldAndWrite = async (
    events: readonly Decoded[],
    after: bigint | undefined,
    upTo: bigint,
    onPoison: OnPoison,
  ): Promise<void> => {
    const parking = copyOfParked();
    const load = (ids: readonly string[]) => sink.load(ref, ids);
    const { puts, removes, touched, refusals } = await source.fold(events, load, parking, { discarded });
    const deadLetters = refusals.map((refusal) => deadLetterOf(ref, refusal, clock.now()));
    const [first] = refusals;
    if (first !== undefined && onPoison === 'stop') {
      await sink.park(deadLetters.slice(0, 1));
      throw new PoisonEvent(first);
    }
    await sink.write(ref, { puts, removes, touched, deadLetters, after, checkpoint: upTo });
    parked = parking;
  };

  /** `write` has what is new of the events, and the checkpoint to move from. */
  const advance = async (
    events: readonly Decoded[],
    upTo: bigint,
    write: (fresh: readonly Decoded[], after: bigint | undefined) => Promise<void>,
  ): Promise<number> => {
    // Parked events were applied, or not: the answer was lost.
    if (!loaded) await reload(false);
    const after = checkpoint;
    if (after !== undefined && upTo <= after) return 0;
    const fresh = after === undefined ? events : events.filter((each) => positionOf(each) > after);
    await write(fresh, after);
    checkpoint = upTo;
    moved();
    return fresh.length;
  };

  const apply: Feed['apply'] = (events, upTo, onPoison) =>
    advance(events, upTo, (fresh, after) => foldAndWrite(fresh, after, upTo, onPoison));

  const applyWithOthers: Feed['applyWithOthers'] = (events, upTo) =>
    advance(events, upTo, (fresh, after) =>
      // Most batches hold nothing for most projections.
      fresh.some(source.concerns)
        ? foldAndWrite(fresh, after, upTo, 'park')
        : source.moveCheckpoint({ ref, after, checkpoint: upTo }),
    );

  const applyParked: Feed['applyParked'] = async (letters, documentId, events) => {
    await reload(false);
    if (checkpoint === undefined) return; // nothing was applied yet, so nothing can be parked
    const parking = copyOfParked();
    if (documentId !== null) parking.documents.delete(documentId);
    else for (const { stream } of letters) parking.streams.delete(stream);
    const load = (ids: readonly string[]) => sink.load(ref, ids);
    const folded = await source.fold(events, load, parking, { discarded, late: { documentId } });
    const deadLetters = folded.refusals.map((refusal) => deadLetterOf(ref, refusal, clock.now()));
    const settled = letters.map(({ id }) => id);
    const { puts, removes, touched } = folded;
    loaded = false;
    await sink.write(ref, { puts, removes, touched, deadLetters, settled, after: checkpoint, checkpoint });
    loaded = true;
    parked = parking;
    moved();
  };

  return {
    source,
    ref,
    checkpoint: () => checkpoint,
    reload: (anew = false) => inTurn(() => reload(anew)),
    apply: (events, upTo, onPoison) => inTurn(() => apply(events, upTo, onPoison)),
    applyWithOthers: (events, upTo) => inTurn(() => applyWithOthers(events, upTo)),
    applyParked: (letters, documentId, events) => inTurn(() => applyParked(letters, documentId, events)),
  };
};
