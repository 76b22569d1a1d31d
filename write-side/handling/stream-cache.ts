import { type DomainEvent, isPersonal } from '../../domain/catalogue.ts';
import type { Decider } from '../../domain/decider.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import { categoryOf, type EventStore } from '../../infra/event-store/port.ts';

/** What a stream remembers of one command: where its last event stands. */
export type RecordedCommand = {
  readonly revision: bigint;
  readonly position: bigint;
  readonly bodyHash: string | undefined;
};

/** Revision of a stream that does not exist (yet). */
export const NO_REVISION = -1n;

/**
 * A stream as this process believes it to be. `state`, `revision` and `lastEvent` run ahead of the log while appends are under
 * way; `pending` settles when the last of them has: true when all of them went through.
 */
export type CachedStream<State> = {
  state: State;
  revision: bigint;
  position: bigint;
  /** The last event's id, correlation and trace: what a reactor names as the cause. */
  last: Cause | undefined;
  readonly commands: Map<string, RecordedCommand | Promise<RecordedCommand>>;
  pending: Promise<boolean>;
  /** The append that `revision` belongs to, while one is under way. */
  lastAppend: Promise<RecordedCommand> | undefined;
  appendsUnderWay: number;
  /**
   * The first append since the stream was read: resolves with whether the store took it. Until then what was read may be behind the log (an
   * append whose answer was lost), and what is appended on top of it could be taken at a revision that somebody else's event has reached.
   */
  first: Promise<boolean> | 'taken' | undefined;
  /** Settles when the append before was handed to the store: keeps the store's call order equal to the decisions'. */
  handedOver: Promise<unknown>;
  stale: boolean;
};
export type Cause = { readonly id: string; readonly metadata: Recorded<DomainEvent>['metadata'] };

/** A stored event that this release can't read stops every command of its stream: deciding without it would be wrong. */
export class UnreadableStream extends Error {
  override readonly name = 'UnreadableStream';
}

/** Least recently used streams go first; one with appends under way stays. */
export const streamCache = (deps: {
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly capacity: number;
}) => {
  const entries = new Map<string, Promise<CachedStream<unknown>>>();
  /** Appends of entries that were forgotten, while they are under way. */
  const settling = new Map<string, Promise<unknown>>();

  const outdate = (stream: string, entry: CachedStream<unknown>): void => {
    entry.stale = true;
    if (entry.appendsUnderWay === 0) return;
    const settled = Promise.all([settling.get(stream), entry.pending]).then(() => {
      if (settling.get(stream) === settled) settling.delete(stream);
    });
    settling.set(stream, settled);
  };

  const read = async <C, S, E extends DomainEvent>(
    decider: Decider<C, S, E>,
    stream: string,
  ): Promise<CachedStream<S>> => {
    const entry: CachedStream<S> = {
      state: decider.initial,
      revision: NO_REVISION,
      position: NO_REVISION,
      last: undefined,
      commands: new Map(),
      pending: Promise.resolve(true),
      lastAppend: undefined,
      appendsUnderWay: 0,
      first: undefined,
      handedOver: Promise.resolve(),
      stale: false,
    };
    await settling.get(stream);
    for await (const batch of deps.store.readStream(stream)) {
      for (const decoded of await deps.codec.decode(batch)) {
        if (!decoded.ok) {
          const { revision, type } = decoded.stored;
          throw new UnreadableStream(`${stream}@${revision} ${type}: ${decoded.reason}`);
        }
        const { event } = decoded;
        // The codec chose the schema by the stream's category, which is the decider's: its events are E.
        entry.state = decider.evolve(entry.state, event as Recorded<DomainEvent> & E);
        entry.revision = event.revision;
        entry.position = event.position;
        entry.last = event;
        const { commandId, bodyHash } = event.metadata;
        entry.commands.set(commandId, { revision: event.revision, position: event.position, bodyHash });
      }
    }
    return entry;
  };

  const trim = async (): Promise<void> => {
    for (const [stream, loading] of entries) {
      if (entries.size <= deps.capacity) return;
      const entry = await loading;
      if (entry.appendsUnderWay === 0 && entries.get(stream) === loading) entries.delete(stream);
    }
  };

  return {
    /** The stream from memory, or read from the log. @throws UnreadableStream */
    get: async <C, S, E extends DomainEvent>(decider: Decider<C, S, E>, stream: string): Promise<CachedStream<S>> => {
      const known = entries.get(stream);
      if (known !== undefined) {
        entries.delete(stream);
        entries.set(stream, known);
        return (await known) as CachedStream<S>;
      }
      const loading = read(decider, stream);
      entries.set(stream, loading);
      loading.catch(() => entries.get(stream) === loading && entries.delete(stream));
      const entry = await loading;
      if (entries.size > deps.capacity) await trim();
      return entry;
    },
    /** Forgets every stream that may say something about a person: what was read under keys that are gone is no longer known. */
    forgetPersonal: async (): Promise<void> => {
      const forgotten = [...entries].filter(([stream]) => isPersonal(categoryOf(stream)));
      for (const [stream] of forgotten) entries.delete(stream);
      for (const [stream, loading] of forgotten) {
        const entry = await loading.catch(() => undefined); // who asked for it was told
        if (entry !== undefined && !entry.stale) outdate(stream, entry);
      }
    },
    /** Forgets what memory says: the next command reads the log, once the decisions that were handed over have settled. */
    forget: (stream: string, entry: CachedStream<unknown>): void => {
      if (entry.stale) return; // what is remembered by now is another one
      entries.delete(stream);
      outdate(stream, entry);
    },
  };
};
export type StreamCache = ReturnType<typeof streamCache>;
