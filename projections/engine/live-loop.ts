import type { Clock } from '../../infra/clock/port.ts';
import type { Decoded, EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore, SubscriptionBatch } from '../../infra/event-store/port.ts';
import type { Random } from '../../infra/random/port.ts';
import { backoff } from './backoff.ts';
import { exclusive } from './exclusive.ts';
import type { Feed } from './feed.ts';
import type { Rate } from './rate.ts';

export type LiveLoop = {
  /** Everything up to here was given to every member; no feed may be ahead of it, or control events would be lost in a crash. */
  position(): bigint | undefined;
  /** True while the loop stands at the head of the log. */
  atHead(): boolean;
  /** Resolves at the head; resolves early (never rejects) when `signal` aborts. */
  reachedHead(signal: AbortSignal): Promise<void>;
  lastError(): string | undefined;
  /** Runs `work` between two batches. @throws what `work` throws */
  between<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Feeds a member that stands at `position()` from the next batch on: call it inside `between`. Resolves with the error that
   * threw it out (others go on without it), or with undefined when `signal` aborts.
   */
  join(feed: Feed, rate: Rate, signal: AbortSignal): Promise<unknown>;
  /** Somebody waits for what happened last: a rest under way ends. */
  hurry(): void;
  /** Runs until `signal` aborts. */
  run(): Promise<void>;
};

type Member = { readonly feed: Feed; readonly rate: Rate; readonly leave: (error: unknown) => void };

/** Largest batch of the subscription: reached while catching up; at the head a batch is what just happened. */
const batchSize = 2000;

/** A batch that took less is no load: what comes next is taken up at once. */
const unnoticedMs = 10;
/** At the head, and while nobody waits for them, read models leave so much of the time to others for each part that they take. */
const restsForWork = 4;
const longestRestMs = 100;

/**
 * How long the loop lets events gather after a batch that took `ms`: a batch that holds more of what happened to a document
 * reads and writes it once for all of that.
 */
export const restAfter = (ms: number): number => (ms < unnoticedMs ? 0 : Math.min(longestRestMs, ms * restsForWork));

/**
 * The one unfiltered subscription. Each batch is decoded once, then `control` sees it, then every member applies it; only then
 * the loop's own position moves on. What the subscription, the codec or `control` throws: back off, and again from that position.
 */
export const liveLoop = (options: {
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly clock: Clock;
  readonly random: Random;
  readonly control: (events: readonly Decoded[]) => Promise<void>;
  readonly failed: (error: unknown) => void;
  /** Whether somebody waits for what happened last: the loop does not rest then. */
  readonly awaited: () => boolean;
  /** Where to begin: strictly after it; undefined: at the beginning of the log. */
  readonly from: bigint | undefined;
  readonly signal: AbortSignal;
}): LiveLoop => {
  const { store, codec, clock, random, control, failed, awaited, from, signal } = options;
  const between = exclusive();
  const members = new Set<Member>();
  const waitingForHead = new Set<() => void>();
  let position = from;
  let atHead = false;
  let lastError: string | undefined;
  let resting: AbortController | undefined;

  /** Until its time is over, somebody waits, or `signal` aborts. */
  const rest = async (ms: number): Promise<void> => {
    if (ms === 0 || awaited() || signal.aborted) return;
    const ended = new AbortController();
    resting = ended;
    const abort = (): void => ended.abort();
    signal.addEventListener('abort', abort, { once: true });
    await clock.sleep(ms, ended.signal);
    signal.removeEventListener('abort', abort);
    resting = undefined;
  };

  const handle = async (batch: SubscriptionBatch): Promise<void> => {
    if (batch.position !== undefined) {
      const upTo = batch.position;
      const events = batch.events.length === 0 ? [] : await codec.decode(batch.events);
      await control(events);
      await Promise.all(
        [...members].map(async (member) => {
          try {
            member.rate.add(await member.feed.applyWithOthers(events, upTo));
          } catch (error) {
            members.delete(member);
            member.leave(error);
          }
        }),
      );
      position = upTo;
    }
    atHead = batch.live;
    if (atHead) for (const resolve of waitingForHead) resolve();
  };

  const follow = async (retry: { succeeded(): void }): Promise<void> => {
    const after = position;
    /** Since the last rest. */
    let worked = 0;
    for await (const batch of store.subscribe({ ...(after === undefined ? {} : { after }), batchSize, signal })) {
      const started = clock.now();
      await between(() => handle(batch));
      lastError = undefined;
      retry.succeeded();
      worked += clock.now() - started;
      if (!atHead) continue;
      await rest(restAfter(worked));
      worked = 0;
    }
    if (!signal.aborted) throw new Error('the subscription ended by itself');
  };

  return {
    position: () => position,
    atHead: () => atHead,
    lastError: () => lastError,
    between,
    hurry: () => resting?.abort(),
    reachedHead: async (until) => {
      if (atHead || until.aborted) return;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          waitingForHead.delete(done);
          until.removeEventListener('abort', done);
          resolve();
        };
        waitingForHead.add(done);
        until.addEventListener('abort', done);
      });
    },
    join: (feed, rate, until) =>
      new Promise((resolve) => {
        const leave = (error: unknown): void => {
          until.removeEventListener('abort', aborted);
          resolve(error);
        };
        const member: Member = { feed, rate, leave };
        const aborted = (): void => {
          members.delete(member);
          leave(undefined);
        };
        if (until.aborted) return resolve(undefined);
        members.add(member);
        until.addEventListener('abort', aborted);
      }),
    run: async () => {
      const retry = backoff(clock, random);
      while (!signal.aborted) {
        try {
          await follow(retry);
        } catch (error) {
          if (signal.aborted) return;
          atHead = false;
          lastError = error instanceof Error ? error.message : String(error);
          failed(error);
          await retry.failed(signal);
        }
      }
    },
  };
};
