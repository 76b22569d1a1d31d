import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { all, anEvent, bytes, increasing, someEvents, textOf, type World } from './contract-kit.ts';
import type { EventStore } from './port.ts';

/** Reads of one stream and of all. */
export const readContract = (world: () => World): void => {
  let store: EventStore;
  let stream: string;
  let category: string;
  beforeEach(() => {
    ({ store, stream, category } = world());
  });

  describe('reading a stream', () => {
    it('gives back every field as it was written', async () => {
      const binary = Uint8Array.from({ length: 256 }, (_, i) => i);
      const events = [
        { id: randomUUID(), type: 'Binary', data: binary, metadata: bytes('{"a":"ü"}') },
        { id: randomUUID(), type: 'Empty', data: new Uint8Array(0), metadata: new Uint8Array(0) },
        { id: randomUUID(), type: 'Large', data: new Uint8Array(1024 * 1024 - 256).fill(7), metadata: bytes('{}') },
      ];
      const { position } = await store.append(stream, 'no_stream', events);
      const read = await all(store.readStream(stream));
      expect(read.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }))).toEqual(events);
      expect(read.map((event) => event.stream)).toEqual([stream, stream, stream]);
      expect(read.map((event) => event.revision)).toEqual([0n, 1n, 2n]);
      expect(read.at(-1)?.position).toBe(position);
      expect(read.every((event) => Number.isInteger(event.recordedAt) && event.recordedAt > 0)).toBe(true);
    });

    it('goes forwards and backwards, from a revision, up to a limit', async () => {
      await store.append(stream, 'no_stream', someEvents(10));
      const read = async (options: Parameters<EventStore['readStream']>[1]) =>
        (await all(store.readStream(stream, options))).map((event) => Number(event.revision));
      expect(await read({})).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(await read({ from: 7n })).toEqual([7, 8, 9]);
      expect(await read({ from: 2n, limit: 3 })).toEqual([2, 3, 4]);
      expect(await read({ from: 10n })).toEqual([]);
      expect(await read({ limit: 0 })).toEqual([]);
      expect(await read({ backwards: true, limit: 2 })).toEqual([9, 8]);
      expect(await read({ backwards: true, from: 2n })).toEqual([2, 1, 0]);
      expect(await read({ backwards: true, from: 99n, limit: 1 })).toEqual([9]);
    });

    it('reads a stream of several pages whole, both ways', async () => {
      for (let i = 0; i < 5; i += 1) {
        await store.append(stream, i === 0 ? 'no_stream' : BigInt(i * 500 - 1), someEvents(500));
      }
      const up = (await all(store.readStream(stream))).map((event) => Number(event.revision));
      const down = (await all(store.readStream(stream, { backwards: true }))).map((event) => Number(event.revision));
      expect(up).toEqual(Array.from({ length: 2500 }, (_, i) => i));
      expect(down).toEqual(up.toReversed());
      expect(await all(store.readStream(stream, { from: 100n, limit: 1800 }))).toHaveLength(1800);
    });

    it('finds nothing in a missing stream', async () => {
      expect(await all(store.readStream(stream))).toEqual([]);
      expect(await all(store.readStream(stream, { backwards: true }))).toEqual([]);
    });

    it('throws when it is aborted, so that half a stream is never taken for the whole', async () => {
      await store.append(stream, 'no_stream', someEvents(1));
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(all(store.readStream(stream, { signal }))).rejects.toThrow('enough');
      await expect(all(store.readAll({ signal }))).rejects.toThrow('enough');
    });
  });

  describe('reading all', () => {
    it('gives the streams interleaved in the order of the log, after a position, in batches', async () => {
      const start = await store.head();
      const other = `${category}-other`;
      await store.append(stream, 'no_stream', [anEvent('a')]);
      const { position } = await store.append(other, 'no_stream', [anEvent('b')]);
      await store.append(stream, 0n, [anEvent('c'), anEvent('d')]);
      const options = { filter: { categories: [category] }, ...(start !== undefined && { after: start }) };
      const read = await all(store.readAll(options));
      expect(read.map(textOf)).toEqual(['a', 'b', 'c', 'd']);
      expect(increasing(read.map((event) => event.position))).toBe(true);
      expect((await all(store.readAll({ ...options, after: position }))).map(textOf)).toEqual(['c', 'd']);
      const batches = await Array.fromAsync(store.readAll({ ...options, batchSize: 1 }));
      expect(batches.map((batch) => batch.length)).toEqual([1, 1, 1, 1]);
    });

    it('filters by category, by type, and by both', async () => {
      const [a, b] = [`${category}a`, `${category}b`];
      const after = (await store.append(stream, 'no_stream', someEvents(1))).position;
      await store.append(`${a}-1`, 'no_stream', [anEvent('1', 'Red'), anEvent('2', 'Blue')]);
      await store.append(`${b}-1`, 'no_stream', [anEvent('3', 'Red'), anEvent('4', 'Green')]);
      await store.append(`${a}-1-2`, 'no_stream', [anEvent('5', 'Green')]);
      await store.append(a, 'no_stream', [anEvent('6', 'Blue')]);
      const read = async (filter: { categories?: readonly string[]; types?: readonly string[] }) =>
        (await all(store.readAll({ after, filter, batchSize: 2 })))
          .filter((event) => event.stream.startsWith(category))
          .map(textOf)
          .join('');
      expect(await read({ categories: [a] })).toBe('1256');
      expect(await read({ categories: [a, b] })).toBe('123456');
      expect(await read({ types: ['Red', 'Green'] })).toBe('1345');
      expect(await read({ categories: [a], types: ['Green', 'Blue'] })).toBe('256');
      expect(await read({ categories: [`${category}z`] })).toBe('');
      expect(await read({ categories: [] })).toBe('');
      expect(await read({})).toBe('123456');
    });
  });
};
