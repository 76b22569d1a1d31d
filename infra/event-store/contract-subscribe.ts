import { beforeEach, describe, expect, it } from 'vitest';
import { all, anEvent, increasing, someEvents, textOf, until, type World } from './contract-kit.ts';
import type { EventStore, StoredEvent } from './port.ts';

/** Catch-up, then live: nothing missed, nothing doubled, in order. */
export const subscribeContract = (world: () => World): void => {
  let store: EventStore;
  let stream: string;
  let category: string;
  beforeEach(() => {
    ({ store, stream, category } = world());
  });

  describe('a subscription', () => {
    const ours = (after: bigint | undefined) => ({
      filter: { categories: [category] },
      ...(after !== undefined && { after }),
    });

    it('sees every event of 8 writers once and in order, history and live alike, beside another subscription', async () => {
      const start = await store.head();
      const perWriter = 40;
      const history = 30;
      const total = history + 8 * perWriter * 2;
      await store.append(stream, 'no_stream', someEvents(history));
      const watch = (batchSize: number) => {
        const live = Promise.withResolvers<void>();
        const seen = until(
          (signal) => store.subscribe({ ...(start !== undefined && { after: start }), signal, batchSize }),
          (events, batch) => {
            if (batch.live) live.resolve();
            return events.filter((event) => event.stream.startsWith(category)).length >= total;
          },
        );
        return { live: live.promise, seen };
      };
      const watchers = [watch(7), watch(7)];
      await Promise.all(watchers.map((watcher) => watcher.live));
      const write = async (writer: number): Promise<void> => {
        for (let i = 0; i < perWriter; i += 1) {
          await store.append(`${category}-${writer}`, i === 0 ? 'no_stream' : BigInt(2 * i - 1), someEvents(2));
        }
      };
      await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
      const read = (await all(store.readAll(ours(start)))).map((event) => event.position);
      expect(read).toHaveLength(total);
      for (const { events, batches } of await Promise.all(watchers.map((watcher) => watcher.seen))) {
        const mine = events.filter((event) => event.stream.startsWith(category));
        expect(increasing(events.map((event) => event.position))).toBe(true);
        expect(mine.map((event) => event.position)).toEqual(read);
        for (let writer = 0; writer < 8; writer += 1) {
          const revisions = mine.filter((event) => event.stream === `${category}-${writer}`).map((e) => e.revision);
          expect(revisions).toEqual(Array.from({ length: perWriter * 2 }, (_, i) => BigInt(i)));
        }
        expect(batches.every((batch) => batch.events.length <= 7)).toBe(true);
      }
    });

    it('resumed at any position of a batch misses nothing and doubles nothing', async () => {
      const start = await store.head();
      for (let i = 0; i < 10; i += 1) {
        await store.append(`${category}-${i}`, 'no_stream', someEvents(1));
        await store.append(`x${category}-${i}`, 'no_stream', someEvents(2));
      }
      const read = await all(store.readAll(ours(start)));
      let after = start;
      const seen: StoredEvent[] = [];
      while (seen.length < read.length) {
        const { batches } = await until(
          (signal) => store.subscribe({ ...ours(after), signal, batchSize: 3 }),
          () => true,
        );
        const [batch] = batches;
        seen.push(...(batch?.events ?? []));
        after = batch?.position;
      }
      expect(seen).toEqual(read);
    });

    it('says when it is live, also with nothing to show', async () => {
      const { position } = await store.append(stream, 'no_stream', someEvents(5));
      const history = await until(
        (signal) => store.subscribe({ ...ours(undefined), signal, batchSize: 2 }),
        (_, batch) => batch.live,
      );
      expect(history.events).toHaveLength(5);
      expect(history.batches.slice(0, -1).every((batch) => !batch.live)).toBe(true);
      const atHead = await until(
        (signal) => store.subscribe({ ...ours(position), signal }),
        (_, batch) => batch.live,
      );
      expect(atHead.events).toEqual([]);
    });

    it('moves its position over what the filter leaves out', async () => {
      const { position } = await store.append(stream, 'no_stream', someEvents(1));
      const passed = Promise.withResolvers<void>();
      const seen = until(
        (signal) => store.subscribe({ ...ours(position), filter: { types: [`T${category}`] }, signal }),
        (events, batch) => {
          if (batch.live) passed.resolve();
          return (batch.position ?? 0n) > position && events.length === 0;
        },
      );
      await passed.promise;
      const left = await store.append(`${category}-other`, 'no_stream', someEvents(3));
      const { batches, events } = await seen;
      expect(events).toEqual([]);
      const last = batches.at(-1)?.position ?? 0n;
      expect(last > position && last <= left.position).toBe(true);
    });

    it('waits for a filter whose first event has yet to come', async () => {
      const live = Promise.withResolvers<void>();
      const seen = until(
        (signal) => store.subscribe({ ...ours(undefined), signal }),
        (events, batch) => {
          if (batch.live) live.resolve();
          return events.length > 0;
        },
      );
      await live.promise;
      await store.append(stream, 'no_stream', [anEvent('first')]);
      expect((await seen).events.map(textOf)).toEqual(['first']);
    });

    it('ends when it is aborted: while it waits, while it catches up, and before it began', async () => {
      const after = await store.head();
      await store.append(stream, 'no_stream', someEvents(10));
      const waiting = new AbortController();
      const ended = (async () => {
        for await (const batch of store.subscribe({ ...ours(after), signal: waiting.signal })) {
          if (batch.live) setImmediate(() => waiting.abort());
        }
      })();
      await ended;
      const catchingUp = await until(
        (signal) => store.subscribe({ ...ours(after), signal, batchSize: 1 }),
        (events) => events.length === 3,
      );
      expect(catchingUp.events).toHaveLength(3);
      expect(await Array.fromAsync(store.subscribe({ signal: AbortSignal.abort() }))).toEqual([]);
    });

    it('shows a slow reader everything, however far it fell behind', async () => {
      const after = await store.head();
      await store.append(stream, 'no_stream', someEvents(1));
      const abort = new AbortController();
      const reader = store.subscribe({ ...ours(after), signal: abort.signal, batchSize: 50 })[Symbol.asyncIterator]();
      await reader.next();
      for (let i = 0; i < 20; i += 1) await store.append(stream, BigInt(i * 50), someEvents(50));
      const revisions: bigint[] = [];
      while (revisions.length < 1000) {
        const { value } = await reader.next();
        revisions.push(...(value?.events ?? []).map((event: StoredEvent) => event.revision));
      }
      abort.abort();
      expect((await reader.next()).done).toBe(true);
      expect(revisions).toEqual(Array.from({ length: 1000 }, (_, i) => BigInt(i + 1)));
    });
  });
};
