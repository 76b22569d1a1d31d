import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock/port.ts';
import {
  type EventFilter,
  type EventStore,
  type ReadAllOptions,
  type ReadStreamOptions,
  type StoredEvent,
  StoreUnavailable,
  StreamDeleted,
  type SubscriptionBatch,
} from '../port.ts';
import { groupCommit, type Turn } from './group-commit.ts';
import { openKinds } from './kinds.ts';
import { openPages } from './pages.ts';
import { matches, openRecent } from './recent.ts';
import { prepareSchema } from './schema.ts';
import { openStreams } from './streams.ts';
import { wake } from './wake.ts';
import { type Append, assertAppend, openWriter } from './write.ts';

export type SqliteEventStoreOptions = {
  /** Path of the database file, made when it is missing (its folder must exist). */
  readonly file: string;
  readonly clock: Clock;
  /** Default true: an append is on the disk when it resolves. False: it survives a crash of the process only. */
  readonly durable?: boolean;
  /** Appends throw; the file must be there, written by another store of this or another thread. Default false. */
  readonly readOnly?: boolean;
  /** When a group of appends is closed, and how long reads pause between pages. Default `setImmediate`. */
  readonly turn?: Turn;
  /** How the file is opened: for tests of failures. */
  readonly open?: (file: string) => DatabaseSync;
};

export type SqliteEventStore = EventStore & {
  /** Subscriptions that wait for the next commit right now. */
  waitingSubscribers(): number;
};

const defaultBatch = 1000;
const beforeFirst = -1;

/** Positions and revisions inside are numbers (below 2^53); whatever lies beyond is beyond the end of every log. */
const inside = (value: bigint): number => Math.min(Number(value), Number.MAX_SAFE_INTEGER);
const outside = (position: number): bigint | undefined => (position < 0 ? undefined : BigInt(position));

const batchOf = ({ batchSize = defaultBatch }: ReadAllOptions): number => {
  if (!Number.isInteger(batchSize) || batchSize < 1) throw new RangeError(`batchSize ${batchSize}`);
  return batchSize;
};

/**
 * The event store in one SQLite file, for one process that writes. Reads of the same process see committed events only
 * (a transaction never spans a turn of the event loop); subscribers are woken by commits of this process.
 * Reads throw StoreUnavailable after `close`, and so does a subscription that waits meanwhile.
 * @throws Error when the file has a newer schema
 */
export const openSqliteEventStore = (options: SqliteEventStoreOptions): SqliteEventStore => {
  // 1. The file. A lock held by another process (a backup, a shell) is waited for at most a second.
  const { file, clock, durable = true, readOnly = false, turn = setImmediate } = options;
  const database = (options.open ?? ((path) => new DatabaseSync(path, { timeout: 1000, readOnly })))(file);
  try {
    prepareSchema(database, file, readOnly ? 'readOnly' : durable ? 'durable' : 'fast');
  } catch (error) {
    database.close();
    throw error;
  }

  // 2. The parts.
  const kinds = openKinds(database);
  const streams = openStreams(database);
  const pages = openPages(database, kinds);
  const commits = wake();
  const write = openWriter(database, clock, kinds, streams);
  const recent = openRecent();
  const committed = (written: readonly StoredEvent[]): void => {
    recent.add(written);
    commits.all();
  };
  const group = groupCommit(database, write, turn, { committed, rolledBack: kinds.reload });
  let closed = false;

  const assertOpen = (): void => {
    if (closed) throw new StoreUnavailable(`event store ${file} is closed`);
  };
  const nextTurn = (): Promise<void> => new Promise((resolve) => turn(resolve));

  // 3. Reads, page by page, with a turn of the event loop between two pages.
  async function* readStream(stream: string, read: ReadStreamOptions = {}): AsyncGenerator<readonly StoredEvent[]> {
    const { backwards = false, limit = Number.POSITIVE_INFINITY, signal } = read;
    let from = read.from === undefined ? (backwards ? Number.MAX_SAFE_INTEGER : 0) : inside(read.from);
    let left = limit;
    while (left > 0) {
      signal?.throwIfAborted();
      assertOpen();
      const row = streams.find(stream);
      if (row?.state === 'tombstoned') throw new StreamDeleted(stream);
      if (row === undefined || row.state === 'softDeleted') return;
      const { events, more } = pages.stream(row, from, Math.min(left, defaultBatch), backwards);
      const last = events.at(-1);
      if (last === undefined) return;
      yield events;
      left -= events.length;
      if (!more || left <= 0) return;
      from = Number(last.revision) + (backwards ? -1 : 1);
      await nextTurn();
    }
  }

  async function* readAll(read: ReadAllOptions = {}): AsyncGenerator<readonly StoredEvent[]> {
    const batch = batchOf(read);
    let after = read.after === undefined ? beforeFirst : inside(read.after);
    for (;;) {
      read.signal?.throwIfAborted();
      assertOpen();
      const { events, upTo, atHead } = pages.log(after, batch, read.filter);
      if (events.length > 0) yield events;
      if (atHead) return;
      after = upTo;
      await nextTurn();
    }
  }

  const recentPage = (after: number, head: number, limit: number, filter: EventFilter | undefined) => {
    const events = recent.after(after, head, limit);
    if (events === undefined) return undefined;
    const upTo = Number(events.at(-1)?.position ?? after);
    return { events: events.filter((event) => matches(filter, event)), upTo, atHead: upTo >= head };
  };

  async function* subscribe(
    read: ReadAllOptions & { readonly signal: AbortSignal },
  ): AsyncGenerator<SubscriptionBatch> {
    const { signal } = read;
    const batch = batchOf(read);
    let after = read.after === undefined ? beforeFirst : inside(read.after);
    let live = false;
    while (!signal.aborted) {
      assertOpen();
      const head = pages.head();
      if (live && head <= after) {
        // No commit can come between the look at the head and the wait: both are in one turn.
        await commits.next(signal);
        continue;
      }
      const { events, upTo, atHead } =
        recentPage(after, head, batch, read.filter) ?? pages.log(after, batch, read.filter);
      after = upTo;
      live = atHead;
      if (events.length > 0 || live || read.filter !== undefined) yield { events, position: outside(after), live };
      if (!live) await nextTurn();
    }
  }

  return {
    append: async (stream, expected, events) => {
      const append: Append = { stream, expected, events };
      assertAppend(append);
      assertOpen();
      return group.add(append);
    },
    readStream,
    readAll,
    subscribe,
    head: async () => {
      assertOpen();
      return outside(pages.head());
    },
    close: async () => {
      if (closed) return;
      closed = true;
      group.flush();
      database.close();
      commits.all();
    },
    waitingSubscribers: commits.waiting,
  };
};
