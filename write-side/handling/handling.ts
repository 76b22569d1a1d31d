import type { DomainEvent } from '../../domain/catalogue.ts';
import type { Decider } from '../../domain/decider.ts';
import { DomainError, domainError } from '../../domain/errors.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import {
  type Appended,
  type EventStore,
  StoreUnavailable,
  WrongExpectedRevision,
} from '../../infra/event-store/port.ts';
import type { Random } from '../../infra/random/port.ts';
import type { CommandContext } from './context.ts';
import { idFrom } from './ids.ts';
import { type CachedStream, type Cause, NO_REVISION, type RecordedCommand, streamCache } from './stream-cache.ts';

/** The answer of a command: where its last event stands. `replayed`: the stream held this command already. */
export type Handled<State> = {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly state: State;
  readonly replayed: boolean;
};

export type Loaded<State> = {
  readonly stream: string;
  readonly state: State;
  /** −1 when the stream does not exist. */
  readonly revision: bigint;
  readonly position: bigint;
  readonly exists: boolean;
  /** The last event: the cause of what a reactor does about this state. */
  readonly last: Cause | undefined;
};

export type HandlingOptions = {
  /** `If-Match`: refused with REVISION_MISMATCH when the stream is elsewhere. */
  readonly ifRevision?: bigint | undefined;
};

export type Handling = {
  /**
   * Decides `command` on the stream `<decider.category>-<id>` and appends what was decided, durably.
   * Conflicts are decided again until the deadline; an unknown outcome is retried with the same ids and revision.
   * @throws DomainError the decider's refusals; REVISION_MISMATCH; IDEMPOTENCY_KEY_REUSED; CONTENTION or UNAVAILABLE at the deadline
   */
  handle<C, S, E extends DomainEvent>(
    decider: Decider<C, S, E>,
    id: string,
    command: C,
    context: CommandContext,
    options?: HandlingOptions,
  ): Promise<Handled<S>>;
  /** The stream's state with nothing unconfirmed in it. */
  load<C, S, E extends DomainEvent>(decider: Decider<C, S, E>, id: string): Promise<Loaded<S>>;
  /** The answer that a command got before, if its stream holds it. @throws DomainError IDEMPOTENCY_KEY_REUSED for another body */
  recorded<C, S, E extends DomainEvent>(
    decider: Decider<C, S, E>,
    id: string,
    context: CommandContext,
  ): Promise<Handled<S> | undefined>;
  /** Runs `work` when no other of the same command id runs any more: a twin finds what the first has recorded. */
  inTurn<T>(commandId: string, work: () => Promise<T>): Promise<T>;
  /** Lets go of what memory holds of streams that may have personal data, in the clear; their next commands read the log. */
  forgetPersonal(): Promise<void>;
};

type Deps = {
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds that one command may take, default 5,000. */
  readonly deadlineMs?: number;
  /** Streams kept in memory, default 20,000. */
  readonly cacheCapacity?: number;
};

const streamOf = (category: string, id: string): string => `${category}-${id}`;

/**
 * The position of the state as it is at the call, once all that it rests on went through; undefined: it did not. The entry's own position
 * is that of what went through before: a client that waits for it would not see what it was told.
 */
const confirmed = async (entry: CachedStream<unknown>): Promise<bigint | undefined> => {
  const { appendsUnderWay, position, pending, lastAppend } = entry;
  if (appendsUnderWay === 0) return position;
  if (!(await pending)) return undefined;
  return (await lastAppend)?.position ?? position;
};

/** The one place where events are appended: DESIGN.md section 4, steps 1 to 6. */
export const commandHandling = (deps: Deps): Handling => {
  const { store, codec, clock, random } = deps;
  const deadlineMs = deps.deadlineMs ?? 5_000;
  const cache = streamCache({ store, codec, capacity: deps.cacheCapacity ?? 20_000 });

  const backOff = async (attempt: number): Promise<void> => {
    const ceiling = Math.min(400, 5 * 2 ** Math.min(attempt, 7));
    await clock.sleep(Math.ceil(random.fraction() * ceiling));
  };

  /** Same ids, same revision, until the store answers or the deadline has passed. */
  const appendSurely = async (
    stream: string,
    expected: bigint,
    events: Parameters<EventStore['append']>[2],
    until: number,
  ) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await store.append(stream, expected === NO_REVISION ? 'no_stream' : expected, events);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        if (clock.now() >= until)
          throw domainError('UNAVAILABLE', 'The event store does not answer; the outcome is unknown.');
        await backOff(attempt);
      }
    }
  };

  const replay = <S>(
    stream: string,
    entry: CachedStream<S>,
    prior: RecordedCommand,
    context: CommandContext,
  ): Handled<S> => {
    if (context.bodyHash !== undefined && prior.bodyHash !== undefined && context.bodyHash !== prior.bodyHash) {
      throw domainError('IDEMPOTENCY_KEY_REUSED');
    }
    return { stream, revision: prior.revision, position: prior.position, state: entry.state, replayed: true };
  };

  /** Undefined: what it was decided on turned out not to be the log; decide again. */
  const attempt = async <C, S, E extends DomainEvent>(
    decider: Decider<C, S, E>,
    stream: string,
    command: C,
    context: CommandContext,
    options: HandlingOptions,
    until: number,
  ): Promise<Handled<S> | undefined> => {
    const entry = await cache.get(decider, stream);
    // What was read is the log for sure once the store took a first append on it.
    if (typeof entry.first === 'object' && !(await entry.first)) return undefined;
    if (entry.stale) return undefined;

    // 1. The stream holds this command already, or is just being given it.
    const prior = entry.commands.get(context.commandId);
    if (prior !== undefined) {
      const settled = await Promise.resolve(prior).catch(() => undefined);
      return settled && replay(stream, entry, settled, context);
    }
    // 2. Decide, on what the decisions before left, confirmed or not.
    let events: readonly E[];
    try {
      if (options.ifRevision !== undefined && options.ifRevision !== entry.revision)
        throw domainError('REVISION_MISMATCH');
      events = decider.decide(command, entry.state);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if ((await confirmed(entry)) !== undefined) throw error;
      return undefined;
    }
    if (events.length === 0) {
      const { revision, state } = entry;
      const position = await confirmed(entry);
      return position === undefined ? undefined : { stream, revision, position, state, replayed: false };
    }
    // 3. Memory moves on at once, so that the next command of this stream need not wait for the disk.
    const expected = entry.revision;
    const identified = events.map((event, index) => ({ id: idFrom(stream, context.commandId, index), event }));
    const metadata = metadataOf(context, clock);
    entry.state = events.reduce(decider.evolve, entry.state);
    entry.revision += BigInt(events.length);
    entry.last = { id: identified.at(-1)?.id ?? '', metadata: { ...metadata, schemaVersion: '' } };
    entry.appendsUnderWay += 1;
    const { state } = entry;
    const encoding = codec.encode(stream, identified, metadata);
    // 4. Hand over in the order of the decisions; wait for the disk together (group commit).
    const appending = Promise.all([encoding, entry.handedOver]).then(([bytes]) => ({
      appended: appendSurely(stream, expected, bytes, until),
    }));
    entry.handedOver = appending.catch(() => undefined);
    const appended: Promise<Appended> = appending.then((handed) => handed.appended);
    const recordedCommand = appended.then(({ revision, position }) => ({
      revision,
      position,
      bodyHash: context.bodyHash,
    }));
    entry.commands.set(context.commandId, recordedCommand);
    entry.lastAppend = recordedCommand;
    const taken = appended.then(
      () => true,
      () => false,
    );
    entry.first ??= taken;
    entry.pending = Promise.all([entry.pending, taken]).then((all) => all.every(Boolean));
    try {
      const answer = await recordedCommand;
      if (answer.position > entry.position) entry.position = answer.position;
      entry.commands.set(context.commandId, answer);
      entry.first = 'taken';
      return { stream, revision: answer.revision, position: answer.position, state, replayed: false };
    } catch (error) {
      cache.forget(stream, entry);
      if (error instanceof WrongExpectedRevision) return undefined;
      throw error;
    } finally {
      entry.appendsUnderWay -= 1;
    }
  };

  const underWay = new Map<string, Promise<unknown>>();
  /** One at a time for one command id: the twin finds what the first has recorded. */
  const inTurn = async <T>(commandId: string, work: () => Promise<T>): Promise<T> => {
    for (let first = underWay.get(commandId); first !== undefined; first = underWay.get(commandId)) await first;
    const running = work();
    const settled = running.then(
      () => undefined,
      () => undefined,
    );
    underWay.set(commandId, settled);
    try {
      return await running;
    } finally {
      underWay.delete(commandId);
    }
  };

  return {
    inTurn,
    forgetPersonal: cache.forgetPersonal,
    handle: async (decider, id, command, context, options = {}) => {
      const until = clock.now() + deadlineMs;
      for (let tries = 0; ; tries++) {
        const handled = await attempt(decider, streamOf(decider.category, id), command, context, options, until);
        if (handled !== undefined) return handled;
        if (clock.now() >= until) throw domainError('CONTENTION');
        await backOff(tries);
      }
    },
    load: async (decider, id) => {
      const stream = streamOf(decider.category, id);
      for (;;) {
        const entry = await cache.get(decider, stream);
        const { state, revision, last, stale } = entry;
        if (stale) continue;
        // What was read may still be on its way to the disk: it counts once all before it went through.
        const position = await confirmed(entry);
        if (position === undefined) continue;
        return { stream, state, revision, position, exists: revision > NO_REVISION, last };
      }
    },
    recorded: async (decider, id, context) => {
      const stream = streamOf(decider.category, id);
      const entry = await cache.get(decider, stream);
      const prior = await Promise.resolve(entry.commands.get(context.commandId)).catch(() => undefined);
      return prior && replay(stream, entry, prior, context);
    },
  };
};

const metadataOf = (context: CommandContext, clock: Clock) => ({
  commandId: context.commandId,
  correlationId: context.correlationId,
  ...(context.causationId === undefined ? {} : { causationId: context.causationId }),
  actorId: context.actorId,
  actorRole: context.actorRole,
  occurredAt: context.occurredAt ?? new Date(clock.now()).toISOString(),
  ...(context.traceparent === undefined ? {} : { traceparent: context.traceparent }),
  ...(context.bodyHash === undefined ? {} : { bodyHash: context.bodyHash }),
});
