import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../domain/event/definition.ts';
import type { Documents } from './port.ts';
import { BehindLive, type DocumentPut, type ProjectionSink, StaleCheckpoint } from './sink.port.ts';

export type ReadModelWorld = {
  readonly documents: Documents;
  readonly sink: ProjectionSink;
  /** Ends without a word of farewell and opens the same data again. */
  reopen(): Promise<ReadModelWorld>;
  close(): Promise<void>;
};

const first = { projection: 'things', generation: 1 };
const second = { projection: 'things', generation: 2 };
const indexes = [['color', 'size'], ['size']];
const begun = { version: 1, kind: 'documents', indexes, bornAt: undefined } as const;
const put = (id: string, document: JsonObject, position = 1n): DocumentPut => ({ id, document, position });
const written = (
  puts: readonly DocumentPut[],
  checkpoint: bigint,
  after?: bigint,
  removes: readonly string[] = [],
) => ({
  ...{ puts, removes, deadLetters: [], after, checkpoint },
});

/** What every store of documents must do, both sides. */
export const documentsContract = (name: string, open: () => Promise<ReadModelWorld>): void => {
  describe(`documents: ${name}`, () => {
    let world: ReadModelWorld;
    beforeEach(async () => {
      world = await open();
      await world.sink.create({ ...first, ...begun, state: 'live' });
    });
    afterEach(() => world.close());

    describe('the sink', () => {
      it('writes puts, removes and checkpoint together, and readers see them', async () => {
        const { sink, documents } = world;
        expect(await documents.position('things')).toBeUndefined();
        await sink.write(first, written([put('a', { n: 1 }), put('b', { n: 2 })], 5n));
        await sink.write(first, written([put('a', { n: 3 }, 6n)], 9007199254740993n, 5n, ['b']));
        expect(await documents.get('things', 'a')).toEqual({ n: 3 });
        expect(await documents.get('things', 'b')).toBeUndefined();
        expect(await documents.position('things')).toBe(9007199254740993n);
        expect(await sink.load(first, ['a', 'b'])).toEqual(new Map([['a', { document: { n: 3 }, position: 6n }]]));
      });

      it('refuses a batch folded on another checkpoint, and writes nothing of it', async () => {
        const { sink, documents } = world;
        await sink.write(first, written([put('a', { n: 1 })], 5n));
        await expect(sink.write(first, written([put('a', { n: 2 })], 6n))).rejects.toThrow(StaleCheckpoint);
        await expect(sink.write(first, written([put('a', { n: 2 })], 6n, 4n))).rejects.toThrow(StaleCheckpoint);
        expect(await documents.get('things', 'a')).toEqual({ n: 1 });
        expect(await documents.position('things')).toBe(5n);
      });

      it('moves checkpoints that no batch has anything for together, and leaves those that somebody else moved or that are gone', async () => {
        const { sink, documents } = world;
        const [other, gone] = [
          { projection: 'others', generation: 1 },
          { projection: 'others', generation: 2 },
        ];
        await sink.create({ ...other, ...begun, state: 'live' });
        await sink.create({ ...gone, ...begun, state: 'building' });
        await sink.write(first, written([put('a', { n: 1 })], 5n));
        await sink.drop(gone);
        const unknown = { projection: 'others', generation: 3 };
        const left = await sink.advance([
          { ref: first, after: 4n, checkpoint: 7n },
          { ref: gone, after: undefined, checkpoint: 7n },
          { ref: unknown, after: undefined, checkpoint: 7n },
          { ref: other, after: undefined, checkpoint: 7n },
        ]);
        expect(left).toEqual([first, gone, unknown]);
        expect([await documents.position('things'), await documents.position('others')]).toEqual([5n, 7n]);
        expect(await sink.advance([{ ref: first, after: 5n, checkpoint: 9n }])).toEqual([]);
        await sink.write(first, written([put('a', { n: 2 }, 10n)], 10n, 9n));
        world = await world.reopen();
        expect(await world.documents.position('things')).toBe(10n);
        expect(await world.sink.load(first, ['a'])).toEqual(new Map([['a', { document: { n: 2 }, position: 10n }]]));
      });

      it('settles dead letters with the batch that answers them, and finds them by what waits', async () => {
        const { sink } = world;
        const letter = (id: string, documentId: string | null) => ({
          ...{ ...first, id, documentId, position: 5n, stream: 's-1', revision: 0n, eventId: 'e', eventType: 'T' },
          ...{ reason: 'r', parkedAt: 1 },
        });
        const [one, two] = [letter('1', 'a'), letter('2', null)];
        await sink.write(first, { ...written([], 5n), deadLetters: [one, two] });
        expect(await sink.deadLetters({ id: '2', limit: 9 })).toEqual([two]);
        expect(await sink.deadLetters({ documentId: 'a', limit: 9 })).toEqual([one]);
        expect(await sink.deadLetters({ stream: 's-1', limit: 9 })).toEqual([one, two]);
        expect(await sink.deadLetters({ stream: 's-2', limit: 9 })).toEqual([]);
        const again = { ...one, reason: 'still' };
        await sink.write(first, { ...written([], 5n, 5n), deadLetters: [again], settled: ['1', '2'] });
        expect(await sink.deadLetters({ limit: 9 })).toEqual([again]);
        await sink.park([{ ...again, reason: 'parked anew' }, two]);
        expect((await sink.deadLetters({ limit: 9 })).map(({ reason }) => reason)).toEqual(['parked anew', 'r']);
      });

      it('keeps everything over a reopening', async () => {
        await world.sink.write(first, written([put('a', { n: 1 })], 5n));
        world = await world.reopen();
        expect(await world.documents.get('things', 'a')).toEqual({ n: 1 });
        expect(await world.sink.generations('things')).toMatchObject([{ ...first, state: 'live', checkpoint: 5n }]);
      });

      it('shows a new generation only once it is activated, and then all of it', async () => {
        const { sink, documents } = world;
        await sink.write(first, written([put('a', { n: 1 })], 5n));
        await sink.create({ ...second, ...begun, version: 2, state: 'building', bornAt: 5n });
        await sink.write(second, written([put('b', { n: 2 })], 7n));
        expect([...(await documents.getMany('things', ['a', 'b'])).keys()]).toEqual(['a']);
        await sink.activate(second);
        expect([...(await documents.getMany('things', ['a', 'b'])).keys()]).toEqual(['b']);
        expect(await documents.position('things')).toBe(7n);
        expect(await sink.generations('things')).toEqual([
          { ...first, version: 1, state: 'retained', checkpoint: 5n, bornAt: undefined },
          { ...second, version: 2, state: 'live', checkpoint: 7n, bornAt: 5n },
        ]);
        await sink.activate(first);
        expect(await documents.get('things', 'a')).toEqual({ n: 1 });
      });

      it('does not take readers back in time when it was asked not to', async () => {
        const { sink, documents } = world;
        await sink.create({ ...second, ...begun, state: 'building' });
        await sink.activate(second, { unlessBehind: true });
        await sink.activate(first, { unlessBehind: true });
        await sink.write(first, written([put('a', { n: 1 })], 5n));
        await sink.write(second, written([put('a', { n: 2 })], 4n));
        await expect(sink.activate(second, { unlessBehind: true })).rejects.toThrow(BehindLive);
        expect(await documents.get('things', 'a')).toEqual({ n: 1 });
        await sink.write(second, written([], 5n, 4n));
        await sink.activate(second, { unlessBehind: true });
        expect(await documents.get('things', 'a')).toEqual({ n: 2 });
      });

      it('drops what is not live, remembers its number, and never uses it twice', async () => {
        const { sink } = world;
        await sink.create({ ...second, ...begun, state: 'building' });
        await expect(sink.drop(first)).rejects.toThrow('live');
        await sink.drop(second);
        await sink.drop(second);
        expect(await sink.generations()).toMatchObject([{ state: 'live' }, { ...second, state: 'dropped' }]);
        await expect(sink.create({ ...second, ...begun, state: 'building' })).rejects.toThrow();
        await expect(sink.activate(second)).rejects.toThrow('dropped');
      });

      it('keeps dead letters with the batch that parked them, by position', async () => {
        const { sink } = world;
        const letter = (id: string, position: bigint, documentId: string | null) => ({
          ...{ ...first, id, position, stream: `thing-${id}`, revision: 3n, eventId: `e${id}`, eventType: 'Made' },
          ...{ documentId, reason: 'broken', parkedAt: 1000 },
        });
        const letters = [letter('1', 4n, null), letter('2', 5n, 'a'), letter('3', 5n, 'b')];
        await sink.write(first, { ...written([], 5n), deadLetters: letters });
        expect(await sink.deadLetters({ limit: 2 })).toEqual(letters.slice(0, 2));
        expect(await sink.deadLetters({ limit: 2, projection: 'things', after: { position: 5n, id: '2' } })).toEqual(
          letters.slice(2),
        );
        expect(await sink.deadLetters({ limit: 2, projection: 'others' })).toEqual([]);
        expect(await sink.parked(first)).toEqual({ streams: ['thing-1'], documents: ['a', 'b'] });
        await sink.removeDeadLetters(['1', '3']);
        expect(await sink.parked(first)).toEqual({ streams: [], documents: ['a'] });
      });

      it('stores a document byte for byte as JSON.stringify gives it', async () => {
        const document = { z: 1, a: [{ b: null }], text: 'ü\u0000"', half: 0.5 };
        await world.sink.write(first, written([put('a', document)], 5n));
        expect(JSON.stringify(await world.documents.get('things', 'a'))).toBe(JSON.stringify(document));
      });
    });

    describe('a query', () => {
      const shirts: readonly DocumentPut[] = [
        put('1', { color: 'red', size: 3, on: true, maker: { name: 'Ann' } }),
        put('2', { color: 'red', size: 1, on: false, maker: { name: 'Bob' } }),
        put('3', { color: 'blue', size: 2, on: true, maker: { name: 'Ann' } }),
        put('4', { color: null, size: 2, on: false }),
        put('5', { size: 3, on: true }),
      ];
      const ids = async (query: Partial<Parameters<Documents['find']>[1]>) =>
        (await world.documents.find('things', { limit: 10, ...query })).map((found) => found.id);
      beforeEach(() => world.sink.write(first, written(shirts, 5n)));

      it('compares for equality, null (or absence), lists, ranges and nested fields', async () => {
        expect(await ids({ where: { color: 'red' } })).toEqual(['1', '2']);
        expect(await ids({ where: { on: true } })).toEqual(['1', '3', '5']);
        expect(await ids({ where: { color: null } })).toEqual(['4', '5']);
        expect(await ids({ where: { color: { in: ['blue', 'red'] }, size: { gte: 2 } } })).toEqual(['1', '3']);
        expect(await ids({ where: { size: { gt: 1, lt: 3 } } })).toEqual(['3', '4']);
        expect(await ids({ where: { 'maker.name': 'Ann' } })).toEqual(['1', '3']);
        expect(await ids({ where: { size: '3' } })).toEqual([]);
        expect(await world.documents.count('things', { color: 'red' })).toBe(2);
        expect(await world.documents.count('things')).toBe(5);
      });

      it('orders by fields, then by id', async () => {
        expect(await ids({ order: [{ field: 'size', direction: 'desc' }] })).toEqual(['1', '5', '3', '4', '2']);
        expect(await ids({ order: [{ field: 'size', direction: 'asc' }], limit: 2 })).toEqual(['2', '3']);
      });

      it.each(["size' OR 1=1 --", 'a"b', '$', 'a..b', '', 'a b'])('refuses the field %j', async (field) => {
        await expect(ids({ where: { [field]: 1 } })).rejects.toThrow('field');
        await expect(ids({ order: [{ field, direction: 'asc' }] })).rejects.toThrow('field');
      });

      it('of an unknown projection finds nothing', async () => {
        expect(await world.documents.find('nothing', { limit: 1 })).toEqual([]);
        expect(await world.documents.count('nothing')).toBe(0);
        expect(await world.documents.get('nothing', 'a')).toBeUndefined();
      });
    });

    it('pages through everything once, in order, for any order and page size', async () => {
      const value = fc.option(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', 'b')), { nil: null });
      const direction = fc.constantFrom('asc', 'desc');
      let position = 0n;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ x: value, y: value }), { maxLength: 25 }),
          fc.tuple(direction, direction),
          fc.integer({ min: 1, max: 7 }),
          async (rows, [byX, byY], limit) => {
            const stale = (await world.documents.find('things', { limit: 100 })).map((found) => found.id);
            const puts = rows.map((row, n) => put(`d${n}`, row));
            const gone = stale.filter((id) => !puts.some((each) => each.id === id));
            await world.sink.write(first, written(puts, position + 1n, position === 0n ? undefined : position, gone));
            position += 1n;
            const order = [
              { field: 'x', direction: byX },
              { field: 'y', direction: byY },
            ] as const;
            const whole = await world.documents.find('things', { order, limit: 100 });
            const paged: (typeof whole)[number][] = [];
            for (;;) {
              const last = paged.at(-1);
              const value = (field: string): string | number | null => {
                const found = last?.document[field];
                return typeof found === 'string' || typeof found === 'number' ? found : null;
              };
              const after = last && { values: [value('x'), value('y')], id: last.id };
              const page = await world.documents.find('things', { order, limit, ...(after && { after }) });
              paged.push(...page);
              if (page.length < limit) break;
            }
            expect(whole).toHaveLength(rows.length);
            expect(paged).toEqual(whole);
          },
        ),
        { numRuns: 60 },
      );
    });
  });
};
