import type { Clock } from '../../infra/clock/port.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import type { Random } from '../../infra/random/port.ts';
import { backoff } from './backoff.ts';
import { catchUp, type Turn } from './catch-up.ts';
import { PoisonEvent } from './dead-letters.ts';
import type { Feed, OnPoison } from './feed.ts';
import type { LiveLoop } from './live-loop.ts';
import { type Rate, rate } from './rate.ts';

export type LaneRole = 'building' | 'live' | 'retained';
/** `stopped`: a rebuild met a poison event and waits for an operator or the next start; `paused`: an operator's wish. */
export type LanePhase = 'catchingUp' | 'joined' | 'faulted' | 'stopped' | 'paused';

/** One generation on its way: it reads on its own until it stands where the live loop stands, and joins it. */
export type Lane = {
  readonly feed: Feed;
  readonly rate: Rate;
  /** Where and when this run began, for its speed. */
  readonly began: { readonly at: number; readonly checkpoint: bigint | undefined };
  role: LaneRole;
  phase: LanePhase;
  lastError: string | undefined;
  /** Resolves when it joined for the first time, failed for the first time, or ended. */
  readonly firstTry: Promise<void>;
  /** Ends it and resolves when it does nothing any more. Not from inside `between`: it may wait for its turn there. */
  stop(): Promise<void>;
  readonly done: Promise<void>;
};

export type LaneSurroundings = {
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly clock: Clock;
  readonly random: Random;
  readonly turn: Turn;
  readonly live: LiveLoop;
  readonly signal: AbortSignal;
  readonly failed: (lane: Lane, error: unknown) => void;
  /** What a building lane does between two live batches, once it has everything: the switch. */
  readonly promote: (lane: Lane) => Promise<void>;
  /** Between two live batches, when readers see a building lane's generation already: another worker has switched. */
  readonly adopt: (lane: Lane) => Promise<void>;
  /** After the switch, outside of the live loop. Must not throw: the lane is a member already. */
  readonly promoted: (lane: Lane) => void;
};

/** Starts it after `before` (the end of what it replaces). Runs until it is stopped, for ever trying again; `paused`: not at all. */
export const startLane = (
  feed: Feed,
  role: LaneRole,
  onPoison: OnPoison,
  surroundings: LaneSurroundings,
  before: () => Promise<void> = async () => {},
  paused = false,
): Lane => {
  const { store, codec, clock, random, turn, live, adopt, promote, promoted, failed } = surroundings;
  const abort = new AbortController();
  const { signal } = abort;
  // Not `AbortSignal.any`: a signal of that kind that is listened to is kept for ever unless it aborts, with all that it wakes.
  const follow = (): void => abort.abort(surroundings.signal.reason);
  surroundings.signal.addEventListener('abort', follow, { once: true });
  if (surroundings.signal.aborted) follow();
  const { promise: firstTry, resolve: triedOnce } = Promise.withResolvers<void>();
  const retry = backoff(clock, random);

  const read = (target: bigint | undefined): Promise<void> =>
    catchUp({
      feed,
      target,
      onPoison: lane.role === 'building' ? onPoison : 'park',
      store,
      codec,
      clock,
      turn,
      rate: lane.rate,
      signal,
    });

  const once = async (): Promise<unknown> => {
    lane.phase = 'catchingUp';
    const built = lane.role === 'building';
    const state = await feed.reload(built && onPoison === 'stop');
    if (built && state === 'live') await live.between(() => adopt(lane));
    lane.began = { at: clock.now(), checkpoint: feed.checkpoint() };
    const building = lane.role === 'building';
    // Whoever is switched to must have everything; the others may join a loop that is itself catching up.
    if (building) await live.reachedHead(signal);
    await read(live.position());
    await read(live.position()); // what came meanwhile: little, so the live loop waits for little below
    const { left } = await live.between(async () => {
      signal.throwIfAborted();
      await read(live.position());
      if (building) await promote(lane);
      lane.phase = 'joined';
      lane.lastError = undefined;
      return { left: live.join(feed, lane.rate, signal) };
    });
    retry.succeeded();
    triedOnce();
    if (built) promoted(lane);
    return left;
  };

  const rest = async (): Promise<void> => {
    try {
      await before();
      await feed.reload();
      lane.began = { at: clock.now(), checkpoint: feed.checkpoint() };
    } catch (error) {
      lane.lastError = error instanceof Error ? error.message : String(error);
      failed(lane, error);
    }
  };

  const run = async (): Promise<void> => {
    await Promise.resolve(); // the caller has the lane before anything of it runs
    if (paused) return rest();
    let prepared = false;
    while (!signal.aborted) {
      try {
        if (!prepared) await before();
        prepared = true;
        const error = await once();
        if (error === undefined) return;
        throw error;
      } catch (error) {
        if (signal.aborted) return;
        const stops = error instanceof PoisonEvent;
        lane.phase = stops ? 'stopped' : 'faulted';
        lane.lastError = error instanceof Error ? error.message : String(error);
        failed(lane, error);
        triedOnce();
        if (stops) return;
        await retry.failed(signal);
      }
    }
  };

  const lane: { -readonly [Key in keyof Lane]: Lane[Key] } = {
    feed,
    role,
    rate: rate(clock),
    began: { at: clock.now(), checkpoint: undefined },
    phase: paused ? 'paused' : 'catchingUp',
    lastError: undefined,
    firstTry,
    stop: () => {
      abort.abort(new Error('the generation was stopped'));
      return lane.done;
    },
    done: Promise.resolve(),
  };
  lane.done = run().finally(() => {
    surroundings.signal.removeEventListener('abort', follow);
    triedOnce();
  });
  return lane;
};
