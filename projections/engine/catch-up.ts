import type { Clock } from '../../infra/clock/port.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import type { Feed, OnPoison } from './feed.ts';
import type { Rate } from './rate.ts';

/** Gives the event loop back between two batches. */
export type Turn = (resume: () => void) => void;

const pageSize = 2000;
const smallest = 100;
/** A batch holds the event loop about so long: others are served between two. */
const shortMs = 20;
const longMs = 60;

/** How many events the next batch takes, after one of `size` took `ms`. */
export const nextBatchSize = (size: number, ms: number): number =>
  ms > longMs ? Math.max(smallest, Math.floor(size / 2)) : ms < shortMs ? Math.min(pageSize, size * 2) : size;

/**
 * Feeds events from the feed's checkpoint up to `target`, reading only the categories it handles, and leaves the checkpoint at
 * `target`. Progress is kept batch by batch. @throws when `signal` aborts, and what `apply`, the store and the codec throw
 */
export const catchUp = async (options: {
  readonly feed: Feed;
  readonly target: bigint | undefined;
  readonly onPoison: OnPoison;
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly clock: Clock;
  readonly turn: Turn;
  readonly rate: Rate;
  readonly signal: AbortSignal;
}): Promise<void> => {
  const { feed, target, onPoison, store, codec, clock, turn, rate, signal } = options;
  const after = feed.checkpoint();
  if (target === undefined || (after !== undefined && after >= target)) return;
  const { categories } = feed.source;
  let size = smallest;
  const pages = store.readAll({
    ...(after === undefined ? {} : { after }),
    ...(categories === undefined ? {} : { filter: { categories } }),
    batchSize: pageSize,
    signal,
  });
  for await (const page of pages) {
    const within = page.filter((event) => event.position <= target);
    for (let done = 0; done < within.length; ) {
      const events = within.slice(done, done + size);
      const last = events.at(-1);
      if (last === undefined) break;
      done += events.length;
      const started = clock.now();
      rate.add(await feed.apply(await codec.decode(events), last.position, onPoison));
      size = nextBatchSize(size, clock.now() - started);
      await new Promise<void>((resolve) => turn(resolve));
      signal.throwIfAborted();
    }
    if (within.length < page.length) break;
  }
  signal.throwIfAborted();
  await feed.apply([], target, onPoison);
};
