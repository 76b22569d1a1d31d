import type { AuditIndex } from '../../infra/audit/port.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import type { Lane } from './lane.ts';
import type { LiveLoop } from './live-loop.ts';
import { auditProjection, type Source } from './source.ts';

export type ProjectionState = 'live' | 'catchingUp' | 'building' | 'paused' | 'stopped' | 'faulted';

export type RebuildProgress = {
  readonly generation: number;
  readonly state: 'building' | 'paused' | 'stopped' | 'faulted';
  /** Events of the whole log that lie behind it, of so many. */
  readonly done: number;
  readonly total: number;
  readonly ratePerSecond: number;
  /** Null while there is nothing to tell it from. */
  readonly secondsLeft: number | null;
};

export type ProjectionStatus = {
  readonly name: string;
  /** Of the definition. */
  readonly version: number;
  /** What readers see; null: nothing yet. */
  readonly generation: number | null;
  readonly state: ProjectionState;
  readonly checkpoint: bigint | undefined;
  /** Events not handled yet; null while the numbering of the log is itself behind. */
  readonly lagEvents: number | null;
  /** Age of the oldest event not handled yet; 0: none. */
  readonly lagSeconds: number;
  /** Events handled a second, over the last ten seconds. */
  readonly rate: number;
  readonly lastError: string | undefined;
  readonly rebuild?: RebuildProgress;
};

type Surroundings = {
  readonly store: EventStore;
  readonly audit: AuditIndex;
  readonly clock: Clock;
  readonly live: LiveLoop;
};

const progressOf = async (lane: Lane, { audit, clock }: Surroundings): Promise<RebuildProgress> => {
  const countUpTo = async (position: bigint | undefined): Promise<number> =>
    position === undefined ? 0 : audit.countUpTo(position);
  const [first, done, total] = await Promise.all([
    countUpTo(lane.began.checkpoint),
    countUpTo(lane.feed.checkpoint()),
    audit.checkpoint().then(countUpTo),
  ]);
  const seconds = (clock.now() - lane.began.at) / 1000;
  const ratePerSecond = seconds > 0 ? (done - first) / seconds : 0;
  const { phase } = lane;
  const state = phase === 'stopped' || phase === 'faulted' || phase === 'paused' ? phase : 'building';
  const secondsLeft = state === 'building' && ratePerSecond > 0 ? Math.max(0, total - done) / ratePerSecond : null;
  return { generation: lane.feed.ref.generation, state, done, total, ratePerSecond, secondsLeft };
};

const stateOf = (serving: Lane | undefined, rebuild: RebuildProgress | undefined, live: LiveLoop): ProjectionState => {
  if (serving?.phase === 'faulted' || live.lastError() !== undefined) return 'faulted';
  if (rebuild !== undefined) return rebuild.state;
  if (serving?.phase === 'paused') return 'paused';
  return serving?.phase === 'joined' && live.atHead() ? 'live' : 'catchingUp';
};

/** The status of one projection from its lanes, as of now. */
export const statusOf = async (
  source: Source,
  lanes: readonly Lane[],
  surroundings: Surroundings,
): Promise<ProjectionStatus> => {
  const { store, audit, clock, live } = surroundings;
  const serving = lanes.findLast((lane) => lane.role === 'live');
  const building = lanes.findLast((lane) => lane.role === 'building');
  const rebuild = building === undefined ? undefined : await progressOf(building, surroundings);
  const checkpoint = serving?.feed.checkpoint();

  const head = await store.head();
  const behind = head !== undefined && (checkpoint === undefined || checkpoint < head);
  const numbered = await audit.checkpoint();
  const countable = source.name !== auditProjection && head !== undefined && numbered !== undefined && numbered >= head;
  const lagEvents = !behind
    ? 0
    : countable
      ? (await audit.countUpTo(head)) - (checkpoint === undefined ? 0 : await audit.countUpTo(checkpoint))
      : null;
  let lagSeconds = 0;
  if (behind)
    for await (const [oldest] of store.readAll({
      ...(checkpoint === undefined ? {} : { after: checkpoint }),
      batchSize: 1,
    })) {
      if (oldest !== undefined) lagSeconds = Math.max(0, clock.now() - oldest.recordedAt) / 1000;
      break;
    }

  return {
    name: source.name,
    version: source.version,
    generation: serving?.feed.ref.generation ?? null,
    state: stateOf(serving, rebuild, live),
    checkpoint,
    lagEvents,
    lagSeconds,
    rate: (serving ?? building)?.rate.perSecond() ?? 0,
    lastError: serving?.lastError ?? building?.lastError ?? live.lastError(),
    ...(rebuild === undefined ? {} : { rebuild }),
  };
};
