import {
  type Appended,
  type EventStore,
  type ReadAllOptions,
  type ReadStreamOptions,
  type StoredEvent,
  StoreUnavailable,
  type SubscriptionBatch,
  WrongExpectedRevision,
} from '../../event-store/port.ts';
import { isUuid } from '../../event-store/sqlite/columns.ts';
import { type Append, type LogDisk, matches } from './log-disk.ts';

export type MemoryEventStore = EventStore & {
  /** The end of the process: of what was written and not synced the first `kept` appends are on the disk all the same. */
  crash(kept: number): void;
  /** Appends that wait for the disk now. */
  unsynced(): number;
};

type Pending = {
  readonly append: Append;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
};

const assertAppend = ({ stream, expected, events }: Append): void => {
  if (stream === '') throw new TypeError('append: empty stream name');
  if (expected !== 'no_stream' && expected < 0n) throw new RangeError(`append: expected revision ${expected}`);
  if (events.length === 0) throw new TypeError(`append to ${stream}: no events`);
  for (const { id, type, data, metadata } of events) {
    if (!isUuid(id)) throw new TypeError(`append to ${stream}: event id ${id} is not a lower-case UUID`);
    if (type === '') throw new TypeError(`append to ${stream}: empty event type`);
    if (!(data instanceof Uint8Array && metadata instanceof Uint8Array))
      throw new TypeError(`append to ${stream}: data and metadata must be bytes`);
  }
};

const batchOf = ({ batchSize = 1000 }: ReadAllOptions): number => {
  if (!Number.isInteger(batchSize) || batchSize < 1) throw new RangeError(`batchSize ${batchSize}`);
  return batchSize;
};
const indexAfter = (after: bigint | undefined): number =>
  after === undefined ? 0 : Math.min(Number(after), Number.MAX_SAFE_INTEGER - 1) + 1;

/**
 * A process's way to the log. Appends are written at once and synced together when `sync` calls back: only then they are checked,
 * durable, visible and answered, in the order of the calls.
 */
export const openMemoryEventStore = (disk: LogDisk, sync: (done: () => void) => void): MemoryEventStore => {
  let pending: Pending[] = [];
  let closed = false;
  const waiting = new Set<() => void>();

  const assertOpen = (): void => {
    if (closed) throw new StoreUnavailable('the event store is closed');
  };

  const flush = (): void => {
    const group = pending;
    pending = [];
    let wrote = false;
    for (const { append, resolve, reject } of group) {
      try {
        const written = disk.write(append);
        wrote ||= written.wrote;
        resolve(written.appended);
      } catch (error) {
        reject(error);
      }
    }
    if (wrote) disk.written();
  };

  const nextWrite = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = (): void => {
        forget();
        waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const forget = disk.onWrite(done);
      waiting.add(done);
      signal.addEventListener('abort', done);
    });

  async function* readStream(stream: string, read: ReadStreamOptions = {}): AsyncGenerator<readonly StoredEvent[]> {
    const { backwards = false, limit = Number.POSITIVE_INFINITY, signal } = read;
    signal?.throwIfAborted();
    assertOpen();
    const held = disk.stream(stream);
    const from = read.from === undefined ? undefined : Number(read.from);
    const all = backwards
      ? held.slice(0, from === undefined ? held.length : from + 1).reverse()
      : held.slice(from === undefined ? 0 : from);
    const wanted = all.slice(0, limit);
    for (let at = 0; at < wanted.length; at += 1000) {
      signal?.throwIfAborted();
      assertOpen();
      yield wanted.slice(at, at + 1000);
    }
  }

  async function* readAll(read: ReadAllOptions = {}): AsyncGenerator<readonly StoredEvent[]> {
    const size = batchOf(read);
    let batch: StoredEvent[] = [];
    read.signal?.throwIfAborted();
    assertOpen();
    for (let at = indexAfter(read.after); at < disk.events.length; at += 1) {
      const event = disk.events[at];
      if (event === undefined || !matches(read.filter, event)) continue;
      batch.push(event);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
      read.signal?.throwIfAborted();
      assertOpen();
    }
    if (batch.length > 0) yield batch;
  }

  async function* subscribe(
    read: ReadAllOptions & { readonly signal: AbortSignal },
  ): AsyncGenerator<SubscriptionBatch> {
    const { signal, filter } = read;
    const size = batchOf(read);
    let at = indexAfter(read.after);
    let live = false;
    while (!signal.aborted) {
      assertOpen();
      if (live && at >= disk.events.length) {
        await nextWrite(signal);
        continue;
      }
      const events: StoredEvent[] = [];
      while (at < disk.events.length && events.length < size) {
        const event = disk.events[at];
        if (event !== undefined && matches(filter, event)) events.push(event);
        at += 1;
      }
      live = at >= disk.events.length;
      const position = at === 0 ? undefined : BigInt(at - 1);
      if (events.length > 0 || live || filter !== undefined) yield { events, position, live };
    }
  }

  return {
    append: async (stream, expected, events) => {
      const append: Append = { stream, expected, events };
      assertAppend(append);
      assertOpen();
      return new Promise((resolve, reject) => {
        pending.push({ append, resolve, reject });
        if (pending.length === 1) sync(flush);
      });
    },
    readStream,
    readAll,
    subscribe,
    head: async () => {
      assertOpen();
      return disk.events.length === 0 ? undefined : BigInt(disk.events.length - 1);
    },
    close: async () => {
      if (closed) return;
      flush();
      closed = true;
      for (const done of [...waiting]) done();
    },
    unsynced: () => pending.length,
    crash: (kept) => {
      const survivors = pending.slice(0, kept);
      pending = [];
      closed = true;
      for (const { append } of survivors) {
        try {
          disk.write(append);
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision)) throw error; // a refusal writes nothing; nobody is there to hear it
        }
      }
      if (survivors.length > 0) disk.written();
    },
  };
};
