import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectionSink } from '../documents/sink.port.ts';
import { contentHash, emptyChain, nextHead } from './hash-chain.ts';
import type { AuditIndex, AuditQuery } from './port.ts';

export type AuditWorld = { readonly audit: AuditIndex; readonly sink: ProjectionSink; close(): Promise<void> };

const first = { projection: 'audit', generation: 1 };
const second = { projection: 'audit', generation: 2 };
const begun = { version: 1, kind: 'audit', indexes: [], bornAt: undefined } as const;

/** An event at a position: streams `a-1` and `b-1` in turn, recorded a second apart. */
const at = (position: bigint, more: { readonly [column: string]: string | null } = {}) => {
  const stream = position % 2n === 0n ? 'a-1' : 'b-1';
  const category = stream.slice(0, 1);
  const data = Buffer.from(`data ${position}`);
  return {
    id: String(position),
    position,
    document: {
      ...{
        stream,
        category,
        revision: '9007199254740993',
        id: `e${position}`,
        type: 'Happened',
        recordedAt: Number(position) * 1000,
      },
      ...{ dataHash: contentHash(data), metadataHash: contentHash(Buffer.from('{}')) },
      ...{ actorId: 'ann', correlationId: `k${position / 4n}`, causationId: null, commandId: 'c', occurredAt: null },
      ...more,
    },
  };
};

const chained = (previous: string, position: bigint, type = 'Happened'): string =>
  nextHead(previous, {
    ...{ stream: position % 2n === 0n ? 'a-1' : 'b-1', revision: 9007199254740993n, id: `e${position}`, type },
    dataHash: contentHash(Buffer.from(`data ${position}`)),
    metadataHash: contentHash(Buffer.from('{}')),
  });
const one = chained(emptyChain, 10n);
const two = chained(one, 13n);
const three = chained(two, 14n);
const heads = [one, two, three, chained(three, 21n, 'Ended')];

/** What every audit index must do. */
export const auditContract = (name: string, open: () => Promise<AuditWorld>): void => {
  describe(`audit index: ${name}`, () => {
    let world: AuditWorld;
    const numbers = async (query: Partial<AuditQuery>) =>
      (await world.audit.find({ limit: 100, ...query })).map((row) => row.n);
    beforeEach(async () => {
      world = await open();
      const { sink } = world;
      await sink.create({ ...first, ...begun, state: 'live' });
      const batch = { removes: [], deadLetters: [] };
      await sink.write(first, {
        ...batch,
        puts: [at(10n), at(13n), at(14n, { actorId: 'bob', causationId: 'e10' })],
        after: undefined,
        checkpoint: 20n,
      });
      await sink.write(first, {
        ...batch,
        puts: [at(21n, { type: 'Ended', actorId: null })],
        after: 20n,
        checkpoint: 30n,
      });
    });
    afterEach(() => world.close());

    it('numbers without gaps, whatever the positions', async () => {
      expect(await numbers({})).toEqual([1, 2, 3, 4]);
      const counts = [9n, 10n, 12n, 13n, 20n, 21n, 9007199254740993n].map((position) =>
        world.audit.countUpTo(position),
      );
      expect(await Promise.all(counts)).toEqual([0, 1, 1, 2, 3, 4, 4]);
      expect(await world.audit.checkpoint()).toBe(30n);
    });

    it('tells all that it knows of an event', async () => {
      expect((await world.audit.find({ limit: 1 }))[0]).toEqual({
        ...{
          n: 1,
          position: 10n,
          stream: 'a-1',
          category: 'a',
          revision: 9007199254740993n,
          id: 'e10',
          type: 'Happened',
        },
        ...{
          actorId: 'ann',
          correlationId: 'k2',
          causationId: undefined,
          commandId: 'c',
          occurredAt: undefined,
          recordedAt: 10_000,
          chain: heads[0],
        },
      });
    });

    it('links every event to the one before', async () => {
      expect((await world.audit.find({ limit: 100 })).map(({ chain }) => chain)).toEqual(heads);
    });

    it('finds by stream, category, type, actor, correlation, cause, time and position, all of them together', async () => {
      expect(await numbers({ stream: 'a-1' })).toEqual([1, 3]);
      expect(await numbers({ category: 'b' })).toEqual([2, 4]);
      expect(await numbers({ type: 'Ended' })).toEqual([4]);
      expect(await numbers({ actorId: 'ann' })).toEqual([1, 2]);
      expect(await numbers({ correlationId: 'k3' })).toEqual([2, 3]);
      expect(await numbers({ causationId: 'e10' })).toEqual([3]);
      expect(await numbers({ from: 13_000, to: 21_000 })).toEqual([2, 3]);
      expect(await numbers({ minPosition: 13n })).toEqual([2, 3, 4]);
      expect(await numbers({ correlationId: 'k3', category: 'a', minPosition: 14n })).toEqual([3]);
      expect(await numbers({ stream: 'nothing' })).toEqual([]);
    });

    it('pages in log order', async () => {
      expect(await numbers({ limit: 2 })).toEqual([1, 2]);
      expect(await numbers({ limit: 2, after: 2 })).toEqual([3, 4]);
      expect(await numbers({ limit: 2, after: 4 })).toEqual([]);
    });

    it('reads the generation that is live, and nothing before there is one', async () => {
      await world.sink.create({ ...second, ...begun, state: 'building' });
      await world.sink.write(second, {
        puts: [at(10n)],
        removes: [],
        deadLetters: [],
        after: undefined,
        checkpoint: 10n,
      });
      expect(await numbers({})).toHaveLength(4);
      await world.sink.activate(second);
      expect(await numbers({})).toEqual([1]);
      expect(await world.audit.checkpoint()).toBe(10n);
    });
  });
};
