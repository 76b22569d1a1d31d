import type { AuditIndex } from '../../infra/audit/port.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { Documents, ReadModelClock } from '../../infra/documents/port.ts';
import type { GenerationRef } from '../../infra/documents/sink.port.ts';
import type { Decoded, EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import type { Random } from '../../infra/random/port.ts';
import type { Projection } from '../definition.ts';
import type { Turn } from './catch-up.ts';
import { openFeed } from './feed.ts';
import { lowestLive, standingsOf } from './generations.ts';
import { type Lane, type LaneRole, type LaneSurroundings, startLane } from './lane.ts';
import { liveLoop } from './live-loop.ts';
import type { Log } from './log.ts';
import { type Lanes, obey } from './obey.ts';
import { orderIn, standingOrders } from './orders.ts';
import { readModelClock } from './read-model-clock.ts';
import { type Sinks, type Source, sourcesOf } from './source.ts';
import { type ProjectionStatus, statusOf } from './status.ts';
import { untilDone } from './until-done.ts';

export type ProjectionsOptions = {
  readonly definitions: readonly Projection[];
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly sinks: Sinks;
  /** The read side of the audit index that the engine feeds under the name `auditProjection`: it numbers the log. */
  readonly audit: AuditIndex;
  /** Default true. False: the audit index is left as it is, and whoever asks for it sees that. */
  readonly feedAudit?: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Told, until it succeeds, of each switch of what readers see, and again at each start: it must be idempotent. */
  readonly onSwitched?: (projection: string, generation: number) => Promise<void>;
  /** What readers see: another worker may have switched them. */
  readonly documents: Pick<Documents, 'position'>;
  /** Told of each person that the log says was erased, before anything that comes after it is obeyed: whoever remembers their key lets it go. */
  readonly erased?: (personId: string) => void;
  /** Default `setImmediate`. */
  readonly turn?: Turn;
  readonly signal: AbortSignal;
};

export type Projections = {
  /** Waits for what readers see. Rejects for the name of no projection. */
  readonly clock: ReadModelClock;
  status(): Promise<readonly ProjectionStatus[]>;
  /** Resolves when, after `signal` aborted, nothing runs any more. */
  readonly stopped: Promise<void>;
};

/**
 * Feeds all projections and the audit index from one log until `signal` aborts. Resolves when the live generations are
 * being fed (not when they have caught up). @throws when sinks or store can't be read at the start
 */
export const startProjections = async (options: ProjectionsOptions): Promise<Projections> => {
  const { store, codec, clock, random, log, signal, turn = setImmediate } = options;
  const sources = sourcesOf(options.definitions, options.sinks, options.feedAudit);
  const sourceNamed = new Map(sources.map((source) => [source.name, source]));
  const lanes = new Map<string, Lane[]>(sources.map((source) => [source.name, []]));
  const lanesOf = (name: string): Lane[] => {
    const found = lanes.get(name);
    if (found === undefined) throw new Error(`there is no projection ${name}`);
    return found;
  };
  const laneOf = (name: string, role: LaneRole): Lane | undefined =>
    lanesOf(name).findLast((lane) => lane.role === role);
  const waiting = readModelClock(
    clock,
    (name) => laneOf(name, 'live')?.feed.checkpoint(),
    options.documents.position,
    () => live.hurry(),
  );
  const { onSwitched = async () => {} } = options;
  const aside = untilDone({ clock, random, log, signal });
  const announce = (ref: GenerationRef): void =>
    aside(ref, 'the switch was not recorded yet', () => onSwitched(ref.projection, ref.generation));

  const ending = new Set<Promise<void>>();
  /** Takes the lane away at once; what it still does ends by itself. */
  const end = (lane: Lane): Promise<void> => {
    const { name } = lane.feed.source;
    lanes.set(
      name,
      lanesOf(name).filter((each) => each !== lane),
    );
    const ended = lane.stop().finally(() => ending.delete(ended));
    ending.add(ended);
    return ended;
  };

  /** Ends a generation that nobody needs any more. @throws what the sink throws: do it again then */
  const dismiss = async (lane: Lane): Promise<void> => {
    await end(lane);
    await lane.feed.source.sink.drop(lane.feed.ref);
  };

  const start = (source: Source, ref: GenerationRef, role: LaneRole, before?: () => Promise<void>): Lane => {
    const feed = openFeed(source, ref, clock, waiting.moved, (eventId, documentId) =>
      standing.discards.has(source.name, eventId, documentId),
    );
    // With nothing to fall back on a build parks what it can't apply, like the live generation that it stands for.
    const onPoison = laneOf(source.name, 'live') === undefined ? 'park' : 'stop';
    const lane = startLane(feed, role, onPoison, surroundings, before, isPaused(ref, role));
    lanesOf(source.name).push(lane);
    return lane;
  };

  /** Readers see the lane's generation from now on; the one they saw is kept. */
  const switchTo = async (lane: Lane, options: { readonly unlessBehind?: boolean } = {}): Promise<void> => {
    const { source, ref } = lane.feed;
    const before = laneOf(source.name, 'live');
    await source.sink.activate(ref, options);
    if (before !== undefined) before.role = 'retained';
    lane.role = 'live';
    waiting.moved();
  };

  const commanded: Lanes = {
    of: ({ name }, role) => laneOf(name, role),
    withGeneration: ({ name }, generation) => lanesOf(name).find((lane) => lane.feed.ref.generation === generation),
    start: (source, ref, role, replaces) =>
      start(source, ref, role, replaces === undefined ? undefined : () => dismiss(replaces)),
    restart: (lane) => {
      const { source, ref } = lane.feed;
      const ended = end(lane);
      start(source, ref, lane.role, () => ended);
    },
    drop: async ({ name, sink }, ref) => {
      const lane = lanesOf(name).find(({ feed }) => feed.ref.generation === ref.generation);
      if (lane !== undefined) void end(lane); // a write of it that is under way fails on the missing generation
      await sink.drop(ref);
    },
    switchTo,
  };

  /** Before anything of the batch is applied: a crash in between gives the same orders again. */
  const control = async (events: readonly Decoded[]): Promise<void> => {
    for (const decoded of events) {
      if (decoded.ok && decoded.event.type === 'AccountErased') options.erased?.(decoded.event.data.accountId);
      const order = orderIn(decoded);
      const source = order === undefined ? undefined : sourceNamed.get(order.data.projection);
      if (order === undefined || source === undefined) continue;
      await obey(order, source, { store, codec, log, standing, lanes: commanded });
    }
  };

  // 1. What there is, and where the one subscription begins.
  const standing = await standingOrders(store, codec, log);
  const standings = await standingsOf(sources, await store.head());
  const isPaused = ({ projection, generation }: GenerationRef, role: LaneRole): boolean => {
    const pause = standing.paused.get(projection);
    return pause?.generation === generation && role === (pause.what === 'rebuild' ? 'building' : 'live');
  };
  const live = liveLoop({
    ...{
      store,
      codec,
      clock,
      random,
      signal,
      control,
      awaited: waiting.awaited,
      from: lowestLive(standings, (generation) => isPaused(generation, 'live')),
    },
    failed: (error) => log.warn({ error }, 'the subscription of the projections failed'),
  });
  const replaced = new Map<Lane, Lane>();
  const surroundings: LaneSurroundings = {
    ...{ store, codec, clock, random, turn, live, signal },
    failed: ({ feed: { ref }, lastError }) => log.warn({ ...ref, error: lastError }, 'a projection failed'),
    adopt: switchTo,
    promote: async (lane) => {
      const oldest = laneOf(lane.feed.source.name, 'retained');
      await switchTo(lane, { unlessBehind: true });
      if (oldest !== undefined) replaced.set(lane, oldest);
    },
    promoted: (lane) => {
      const { ref } = lane.feed;
      log.info(ref, 'readers see the new generation');
      announce(ref);
      const oldest = replaced.get(lane);
      replaced.delete(lane);
      if (oldest !== undefined) aside(oldest.feed.ref, 'an old generation was not dropped yet', () => dismiss(oldest));
    },
  };

  // 2. The live generations first, so that the subscription has all of them from its first batch on.
  const serving = standings.flatMap(({ source, live: generation }) =>
    generation === undefined ? [] : [start(source, generation, 'live')],
  );
  await Promise.all(serving.map((lane) => lane.firstTry));
  for (const { feed } of serving) if (feed.ref.generation > 1) announce(feed.ref);
  for (const { source, retained, building } of standings) {
    if (retained !== undefined) start(source, retained, 'retained');
    if (building !== undefined) start(source, building, 'building');
  }
  const following = live.run();

  return {
    clock: waiting,
    status: () => Promise.all(sources.map((source) => statusOf(source, lanesOf(source.name), { ...options, live }))),
    stopped: following.then(async () => {
      await Promise.all([...[...lanes.values()].flat().map((lane) => lane.done), ...ending]);
      await aside.settled();
    }),
  };
};
