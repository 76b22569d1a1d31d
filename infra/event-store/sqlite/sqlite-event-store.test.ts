import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../clock/manual-clock.ts';
import { eventStoreContract } from '../contract.ts';
import { all, anEvent, someEvents, until } from '../contract-kit.ts';
import type { EventFilter } from '../port.ts';
import { openSqliteEventStore, type SqliteEventStore, type SqliteEventStoreOptions } from './sqlite-event-store.ts';

const clock = manualClock(1_764_000_000_000);
const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'event-store-'));

eventStoreContract('SQLite', async () => {
  const path = await folder();
  const open = (): SqliteEventStore => openSqliteEventStore({ file: join(path, 'log.db'), clock });
  let store = open();
  return {
    store,
    reopen: async () => {
      await store.close();
      store = open();
      return store;
    },
    dispose: async () => {
      await store.close();
      await rm(path, { recursive: true });
    },
  };
});

/** Counts commits, and fails the next one on request as a broken disk would. */
class WatchedDatabase extends DatabaseSync {
  commits = 0;
  failCommit = false;
  override exec(sql: string): void {
    if (sql === 'COMMIT') {
      if (this.failCommit) {
        this.failCommit = false;
        throw new Error('disk I/O error');
      }
      this.commits += 1;
    }
    super.exec(sql);
  }
}

describe('SQLite event store', () => {
  let path: string;
  let file: string;
  let store: SqliteEventStore;
  let database: WatchedDatabase;

  const reopen = async (options: Partial<SqliteEventStoreOptions> = {}): Promise<void> => {
    await store?.close();
    const open = (name: string) => {
      database = new WatchedDatabase(name);
      return database;
    };
    store = openSqliteEventStore({ file, clock, open, ...options });
  };
  /** As an administrator's shell would. */
  const sql = (statement: string): void => {
    const other = new DatabaseSync(file);
    other.exec(statement);
    other.close();
  };

  beforeEach(async () => {
    path = await folder();
    file = join(path, 'log.db');
    await reopen();
  });
  afterEach(async () => {
    await store.close();
    await rm(path, { recursive: true });
  });

  it('starts at position 0, and has no head and no position before', async () => {
    expect(await store.head()).toBeUndefined();
    const empty = await until(
      (signal) => store.subscribe({ signal }),
      () => true,
    );
    expect(empty.batches).toEqual([{ events: [], position: undefined, live: true }]);
    expect(await store.append('a-1', 'no_stream', someEvents(2))).toEqual({ revision: 1n, position: 1n });
    expect((await all(store.readAll())).map((event) => event.position)).toEqual([0n, 1n]);
  });

  it('records the time of its clock', async () => {
    await store.append('a-1', 'no_stream', someEvents(1));
    await clock.advance(1234);
    await store.append('a-1', 0n, someEvents(1));
    const [first, second] = await all(store.readStream('a-1'));
    expect(second?.recordedAt).toBe((first?.recordedAt ?? 0) + 1234);
  });

  it('commits 64 concurrent appends at once', async () => {
    const appends = Array.from({ length: 64 }, (_, i) => store.append(`a-${i}`, 'no_stream', someEvents(1)));
    await Promise.all(appends);
    expect(database.commits).toBe(1);
  });

  it('splits what is too much for one group, in order', async () => {
    const appends = Array.from({ length: 1200 }, (_, i) =>
      store.append('a-1', i === 0 ? 'no_stream' : BigInt(i - 1), [anEvent()]),
    );
    await Promise.all(appends);
    expect(database.commits).toBe(3);
    const large = { ...anEvent(), data: new Uint8Array(3_000_000) };
    await Promise.all(['b-1', 'b-2', 'b-3'].map((stream) => store.append(stream, 'no_stream', [large])));
    expect(database.commits).toBe(6);
  });

  it('rolls a failed commit back, answers that the outcome is unknown, and works again', async () => {
    database.failCommit = true;
    const events = [anEvent('a', 'NewType')];
    const failed = await Promise.allSettled([
      store.append('a-1', 'no_stream', events),
      store.append('a-2', 'no_stream', someEvents(1)),
      store.append('a-2', 7n, someEvents(1)),
    ]);
    expect(failed.map((result) => result.status === 'rejected' && result.reason.name)).toEqual(
      Array.from({ length: 3 }, () => 'StoreUnavailable'),
    );
    expect(await store.head()).toBeUndefined();
    expect(await store.append('a-1', 'no_stream', events)).toEqual({ revision: 0n, position: 0n });
    expect((await all(store.readAll({ filter: { types: ['NewType'] } }))).map((event) => event.id)).toEqual([
      events[0]?.id,
    ]);
  });

  it('survives a full disk: the append fails, an append that fits works', async () => {
    await store.append('a-1', 'no_stream', someEvents(1));
    const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count);
    database.exec(`PRAGMA max_page_count = ${pages + 4}`);
    const large = { ...anEvent(), data: new Uint8Array(1_000_000) };
    await expect(store.append('a-1', 0n, [large])).rejects.toMatchObject({ name: 'StoreUnavailable' });
    await store.append('a-1', 0n, someEvents(1));
    database.exec('PRAGMA max_page_count = 1000000');
    expect((await store.append('a-1', 1n, [large])).revision).toBe(2n);
  });

  it('shows a subscriber only what another connection can read already', async () => {
    const other = new DatabaseSync(file, { readOnly: true });
    const committed = other.prepare('SELECT coalesce(max(position), -1) AS head FROM event');
    const behind: bigint[] = [];
    const seen = until(
      (signal) => store.subscribe({ signal }),
      (events, batch) => {
        const head = BigInt(Number(committed.get()?.head));
        if (batch.position !== undefined && head < batch.position) behind.push(batch.position);
        return events.length >= 200;
      },
    );
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let i = 0; i < 50; i += 1) {
        await store.append(`a-${writer}`, i === 0 ? 'no_stream' : BigInt(i - 1), someEvents(1));
      }
    });
    await Promise.all(writers);
    await seen;
    other.close();
    expect(behind).toEqual([]);
  });

  it('lets go of a subscriber that was aborted while it waited', async () => {
    const abort = new AbortController();
    const next = store.subscribe({ signal: abort.signal })[Symbol.asyncIterator]();
    await next.next();
    const waiting = next.next();
    expect(store.waitingSubscribers()).toBe(1);
    abort.abort();
    expect((await waiting).done).toBe(true);
    expect(store.waitingSubscribers()).toBe(0);
  });

  it('fails a subscriber that waits when it is closed', async () => {
    const next = store.subscribe({ signal: new AbortController().signal })[Symbol.asyncIterator]();
    await next.next();
    const waiting = next.next();
    await store.close();
    await expect(waiting).rejects.toMatchObject({ name: 'StoreUnavailable' });
  });

  it('gives the event loop a turn between two pages, of a read and of a subscription', async () => {
    await store.append('a-1', 'no_stream', someEvents(30));
    const turnsDuring = async (work: Promise<unknown>): Promise<number> => {
      let turns = 0;
      const count = (): void => {
        turns += 1;
        timer = setImmediate(count);
      };
      let timer = setImmediate(count);
      await work;
      clearImmediate(timer);
      return turns;
    };
    expect(await turnsDuring(all(store.readAll({ batchSize: 1 })))).toBeGreaterThanOrEqual(29);
    const caughtUp = until(
      (signal) => store.subscribe({ signal, batchSize: 1 }),
      (_, batch) => batch.live,
    );
    expect(await turnsDuring(caughtUp)).toBeGreaterThanOrEqual(29);
  });

  it('gives a filtered batch that reaches the end the position of the end', async () => {
    await store.append('a-1', 'no_stream', someEvents(2));
    await store.append('b-1', 'no_stream', someEvents(5));
    const { batches } = await until(
      (signal) => store.subscribe({ filter: { categories: ['a'] }, signal }),
      () => true,
    );
    expect(batches).toMatchObject([{ events: [{ position: 0n }, { position: 1n }], position: 6n, live: true }]);
  });

  it('syncs every commit to the disk unless told otherwise', async () => {
    const mode = () => Number(database.prepare('PRAGMA synchronous').get()?.synchronous);
    expect(mode()).toBe(2);
    await reopen({ durable: false });
    expect(mode()).toBe(1);
  });

  it('ends a page early when its events are large', async () => {
    const large = () => ({ ...anEvent(), data: new Uint8Array(1_500_000) });
    for (let i = 0; i < 7; i += 1) await store.append(`a-${i}`, 'no_stream', [large()]);
    const batches = await Array.fromAsync(store.readAll());
    expect(batches.map((batch) => batch.length)).toEqual([3, 3, 1]);
  });

  it('tolerates gaps between positions', async () => {
    for (let i = 0; i < 4; i += 1) await store.append(`a-${i}`, 'no_stream', someEvents(1));
    sql('UPDATE event SET position = position + 1000000 WHERE position >= 2');
    const filters: readonly (EventFilter | undefined)[] = [undefined, { categories: ['a'] }];
    for (const filter of filters) {
      const options = { batchSize: 1, ...(filter && { filter }) };
      const positions = (await all(store.readAll(options))).map((event) => event.position);
      expect(positions).toEqual([0n, 1n, 1_000_002n, 1_000_003n]);
    }
    expect((await store.append('a-0', 0n, someEvents(1))).position).toBe(1_000_004n);
  });

  it('filters by more kinds than it merges, and over windows in which nothing matches', async () => {
    const types = Array.from({ length: 80 }, (_, i) => `T${i}`);
    await store.append(
      'a-1',
      'no_stream',
      types.map((type) => anEvent('x', type)),
    );
    await store.append('b-1', 'no_stream', someEvents(5));
    sql('UPDATE event SET position = position + 100000 WHERE position >= 40');
    const read = await all(store.readAll({ filter: { categories: ['a'] }, batchSize: 30 }));
    expect(read.map((event) => event.type)).toEqual(types);
    const { batches } = await until(
      (signal) => store.subscribe({ filter: { categories: ['a'] }, after: 39n, signal }),
      (_, batch) => batch.live,
    );
    expect(batches.map((batch) => batch.events.length).reduce((a, b) => a + b)).toBe(40);
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.at(-1)?.position).toBe(await store.head());
  });

  it('refuses batches of no size', async () => {
    await expect(all(store.readAll({ batchSize: 0 }))).rejects.toThrow(RangeError);
  });

  describe('deleted streams', () => {
    const first = [anEvent('0'), anEvent('1'), anEvent('2')];
    beforeEach(async () => {
      await store.append('a-1', 'no_stream', first);
    });
    const revisions = async (): Promise<readonly number[]> =>
      (await all(store.readStream('a-1'))).map((event) => Number(event.revision));

    it('soft-deleted: reads as missing, goes on counting, and hides what was before', async () => {
      sql("UPDATE stream SET state = 1 WHERE name = 'a-1'");
      expect(await revisions()).toEqual([]);
      expect(await all(store.readAll())).toHaveLength(3);
      await expect(store.append('a-1', 1n, someEvents(1))).rejects.toMatchObject({ actual: 2n });
      expect((await store.append('a-1', 'no_stream', first)).revision).toBe(2n);
      expect(await revisions()).toEqual([]);
      expect((await store.append('a-1', 'no_stream', someEvents(2))).revision).toBe(4n);
      expect(await revisions()).toEqual([3, 4]);
      expect((await all(store.readStream('a-1', { backwards: true }))).map(({ revision }) => revision)).toEqual([
        4n,
        3n,
      ]);
      await expect(store.append('a-1', 'no_stream', someEvents(1))).rejects.toMatchObject({ actual: 4n });
    });

    it('soft-deleted: the exact last revision brings it back too', async () => {
      sql("UPDATE stream SET state = 1 WHERE name = 'a-1'");
      expect((await store.append('a-1', 2n, someEvents(1))).revision).toBe(3n);
      expect(await revisions()).toEqual([3]);
    });

    it('truncated: shows what is left', async () => {
      sql("UPDATE stream SET truncate_before = 2 WHERE name = 'a-1'");
      expect(await revisions()).toEqual([2]);
      await store.append('a-1', 2n, someEvents(1));
      expect(await revisions()).toEqual([2, 3]);
    });

    it('tombstoned: refuses appends, retries and reads; the log still shows its events', async () => {
      sql("UPDATE stream SET state = 2 WHERE name = 'a-1'; INSERT INTO stream (name, state) VALUES ('a-2', 2)");
      for (const attempt of [
        () => store.append('a-1', 2n, someEvents(1)),
        () => store.append('a-1', 'no_stream', first),
        () => store.append('a-2', 'no_stream', someEvents(1)),
        () => all(store.readStream('a-1')),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ name: 'StreamDeleted' });
      }
      expect(await all(store.readAll())).toHaveLength(3);
    });
  });

  it('refuses a file of a newer release and leaves it alone', async () => {
    await store.append('a-1', 'no_stream', someEvents(1));
    await store.close();
    sql('PRAGMA user_version = 99');
    expect(() => openSqliteEventStore({ file, clock })).toThrow(/version 99, this release knows 1/);
    sql('PRAGMA user_version = 1');
    await reopen();
    expect(await all(store.readAll())).toHaveLength(1);
  });
});
