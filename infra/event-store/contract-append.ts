import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { all, anEvent, someEvents, textOf, type World } from './contract-kit.ts';
import { type Appended, type EventStore, type ExpectedRevision, type NewEvent, WrongExpectedRevision } from './port.ts';

/** Exact revisions, order, all or nothing, and retries with the same ids. */
export const appendContract = (world: () => World): void => {
  let store: EventStore;
  let stream: string;
  let category: string;
  beforeEach(() => {
    ({ store, stream, category } = world());
  });

  const refusal = async (expected: ExpectedRevision, events: readonly NewEvent[]): Promise<unknown> =>
    store.append(stream, expected, events).catch((error: unknown) => error);
  const conflict = (expected: ExpectedRevision, actual: ExpectedRevision) =>
    expect.objectContaining({ name: 'WrongExpectedRevision', stream, expected, actual });

  describe('append', () => {
    it('starts a stream at revision 0 and goes on at the exact revision', async () => {
      const first = await store.append(stream, 'no_stream', someEvents(2));
      expect(first.revision).toBe(1n);
      const second = await store.append(stream, 1n, someEvents(3));
      expect(second.revision).toBe(4n);
      expect(second.position).toBeGreaterThan(first.position);
      expect(await store.head()).toBe(second.position);
    });

    it('refuses any other revision, names both, and writes nothing', async () => {
      expect(await refusal(0n, someEvents(1))).toEqual(conflict(0n, 'no_stream'));
      await store.append(stream, 'no_stream', someEvents(3));
      const head = await store.head();
      expect(await refusal('no_stream', someEvents(1))).toEqual(conflict('no_stream', 2n));
      expect(await refusal(1n, someEvents(1))).toEqual(conflict(1n, 2n));
      expect(await refusal(3n, someEvents(1))).toEqual(conflict(3n, 2n));
      expect(await refusal(2n ** 60n, someEvents(1))).toEqual(conflict(2n ** 60n, 2n));
      expect(await refusal(3n, someEvents(1))).toBeInstanceOf(WrongExpectedRevision);
      expect(await store.head()).toBe(head);
    });

    it('refuses what no caller may send, before anything is written', async () => {
      const wrong: readonly (readonly NewEvent[])[] = [
        [],
        [{ ...anEvent(), id: 'not-a-uuid' }],
        [{ ...anEvent(), id: randomUUID().toUpperCase() }],
        [anEvent('x', '')],
      ];
      for (const events of wrong) await expect(store.append(stream, 'no_stream', events)).rejects.toThrow(TypeError);
      await expect(store.append('', 'no_stream', someEvents(1))).rejects.toThrow(TypeError);
      await expect(store.append(stream, -1n, someEvents(1))).rejects.toThrow(RangeError);
      expect(await all(store.readStream(stream))).toEqual([]);
    });

    it('writes all events of an append or none, side by side in the log', async () => {
      const batch = someEvents(50);
      const results = await Promise.allSettled([
        store.append(stream, 'no_stream', batch),
        store.append(stream, 'no_stream', someEvents(50)),
        store.append(`${category}-other`, 'no_stream', someEvents(50)),
      ]);
      expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      const written = await all(store.readAll({ filter: { categories: [category] } }));
      expect(written.filter((event) => event.stream === stream).map((event) => event.id)).toEqual(
        batch.map((event) => event.id),
      );
      expect(written.slice(0, 50).every((event) => event.stream === written[0]?.stream)).toBe(true);
      expect(written).toHaveLength(100);
    });

    it('keeps the order of appends to one stream that nobody waited for', async () => {
      const appends = Array.from({ length: 20 }, (_, i) =>
        store.append(stream, i === 0 ? 'no_stream' : BigInt(i - 1), [anEvent(String(i))]),
      );
      const revisions = (await Promise.all(appends)).map((appended) => appended.revision);
      expect(revisions).toEqual(Array.from({ length: 20 }, (_, i) => BigInt(i)));
      expect((await all(store.readStream(stream))).map(textOf)).toEqual(revisions.map(String));
    });

    it('lets one of ten win who start a stream at once', async () => {
      const racers = Array.from({ length: 10 }, () => someEvents(1));
      const results = await Promise.allSettled(racers.map((events) => store.append(stream, 'no_stream', events)));
      const lost = results.filter((result) => result.status === 'rejected').map((result) => result.reason);
      expect(lost).toEqual(Array.from({ length: 9 }, () => conflict('no_stream', 0n)));
      expect(await all(store.readStream(stream))).toHaveLength(1);
    });

    it('takes an id that stands in the log already', async () => {
      const event = anEvent();
      await store.append(stream, 'no_stream', [event, event]);
      await store.append(stream, 1n, [event]);
      await store.append(`${category}-other`, 'no_stream', [event]);
      expect((await all(store.readStream(stream))).map(({ id }) => id)).toEqual([event.id, event.id, event.id]);
    });
  });

  describe('a retry', () => {
    const batch = someEvents(3);
    let original: Appended;
    beforeEach(async () => {
      await store.append(stream, 'no_stream', someEvents(2));
      original = await store.append(stream, 1n, batch);
    });
    const writesNothing = async (retry: () => Promise<void>): Promise<void> => {
      const before = await all(store.readStream(stream));
      await retry();
      expect(await all(store.readStream(stream))).toEqual(before);
    };

    it('with the same ids is answered with the original revision and position', () =>
      writesNothing(async () => {
        expect(await store.append(stream, 1n, batch)).toEqual(original);
      }));

    it('is answered so after others have appended', async () => {
      await store.append(stream, 4n, someEvents(5));
      await store.append(`${category}-other`, 'no_stream', someEvents(5));
      await writesNothing(async () => {
        expect(await store.append(stream, 1n, batch)).toEqual(original);
      });
    });

    it('is answered so after the store was closed and opened again', async () => {
      await store.append(stream, 4n, someEvents(1));
      store = await world().reopen();
      await writesNothing(async () => {
        expect(await store.append(stream, 1n, batch)).toEqual(original);
      });
    });

    it('is answered so beside its original, when nobody waited for that', async () => {
      const next = someEvents(2);
      const twice = await Promise.all([store.append(stream, 4n, next), store.append(stream, 4n, next)]);
      // At the current revision ids are not looked at: only the second call finds its ids below it.
      expect(twice[1]).toEqual(twice[0]);
      expect(await all(store.readStream(stream))).toHaveLength(7);
    });

    it('of the first events of an append is answered with the last of these', () =>
      writesNothing(async () => {
        const prefix = await store.append(stream, 1n, batch.slice(0, 2));
        expect(prefix.revision).toBe(3n);
        expect(prefix.position).toBeLessThan(original.position);
        const suffix = await store.append(stream, 2n, batch.slice(1));
        expect(suffix).toEqual(original);
      }));

    it('with other ids, with only some of them, or with more than was written is a conflict', () =>
      writesNothing(async () => {
        const [first, second, third] = batch;
        const wrong: readonly (readonly (NewEvent | undefined)[])[] = [
          someEvents(3),
          [first, anEvent(), third],
          [first, second, anEvent()],
          [second, third],
          [first, second, third, anEvent()],
        ];
        for (const events of wrong) {
          expect(
            await refusal(
              1n,
              events.filter((event) => event !== undefined),
            ),
          ).toEqual(conflict(1n, 4n));
        }
      }));
  });
};
