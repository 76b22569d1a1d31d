import { describe, expect, it } from 'vitest';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import type { ProjectionSink } from '../../infra/documents/sink.port.ts';
import { openSqliteReadModels } from '../../infra/documents/sqlite/open-read-models.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import { type EventStore, StoreUnavailable } from '../../infra/event-store/port.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { oneKey } from '../../infra/secrets/one-key.ts';
import { engineSpec } from './engine-spec.ts';
import { append, appendPoison, closed, created, rebuildOf, reserved, usesOf } from './engine-world.ts';

const clock = manualClock(1_700_000_000_000);
const random = seededRandom(7, clock);
const codec = eventCodec({ keys: oneKey, random });

const { world, start, reopen, reached, held, statusOf, eventually } = engineSpec((folder) => {
  const store = openSqliteEventStore({ file: `${folder}/log.db`, clock, durable: false });
  const readModels = openSqliteReadModels({ file: `${folder}/read.db` });
  const { sink, documents } = readModels;
  return {
    world: { store, sink, documents, audit: readModels.audit('audit'), codec, clock, random },
    close: async () => {
      await store.close();
      readModels.close();
    },
  };
});

describe('live', () => {
  it('feeds every projection from the first event on', async () => {
    await start([usesOf(), usesOf(1, 'others')]);
    expect(await statusOf()).toMatchObject({
      state: 'live',
      generation: 1,
      checkpoint: undefined,
      lagEvents: 0,
      lagSeconds: 0,
    });
    const position = await append(world(), 'coupon-A', created('A'), reserved('A'), reserved('A'));
    expect(await reached(position, 'uses', 'others', 'audit')).toBe(true);
    expect(await held('A')).toBe(2);
    expect(await held('A', 'others')).toBe(2);
    expect(await statusOf()).toMatchObject({
      state: 'live',
      checkpoint: position,
      lagEvents: 0,
      lagSeconds: 0,
      rate: 0.3,
    });
  });

  it('moves every checkpoint over every event, also those it does not handle', async () => {
    await start();
    await append(world(), 'coupon-A', created('A'));
    const position = await append(world(), 'projection-nothing', rebuildOf('nothing', 2));
    expect(await reached(position)).toBe(true);
    expect(await world().documents.position('uses')).toBe(position);
  });

  it('fills new read models from an old log, and goes on where it stopped', async () => {
    await append(world(), 'coupon-A', created('A'), reserved('A'));
    await start();
    await reached(await append(world(), 'coupon-A', reserved('A')));
    await reopen();
    const position = await append(world(), 'coupon-A', reserved('A'));
    await start();
    await reached(position);
    expect(await held('A')).toBe(3);
  });

  it('numbers every event, the unreadable ones too', async () => {
    await start();
    await append(world(), 'coupon-A', created('A'), reserved('A'));
    const poison = await appendPoison(world(), 'coupon-B');
    await reached(await append(world(), 'coupon-C', created('C')));
    const rows = await world().audit.find({ limit: 10 });
    expect(rows.map((row) => [row.n, row.stream, row.type])).toEqual([
      [1, 'coupon-A', 'CouponCreated'],
      [2, 'coupon-A', 'CouponReserved'],
      [3, 'coupon-B', 'CouponReserved'],
      [4, 'coupon-C', 'CouponCreated'],
    ]);
    expect(await world().audit.countUpTo(poison)).toBe(3);
    expect((await world().audit.find({ stream: 'coupon-A', after: 1, limit: 10 })).map((row) => row.n)).toEqual([2]);
    expect(
      (await world().audit.find({ actorId: 'system', type: 'CouponCreated', minPosition: poison, limit: 10 })).map(
        (row) => row.n,
      ),
    ).toEqual([4]);
  });

  it('wakes those who wait for a position, and tells those who wait too long', async () => {
    const engine = await start();
    const position = (await append(world(), 'coupon-A', created('A'))) + 1n;
    const late = engine.clock.reached(['uses'], position, 5000);
    const abort = new AbortController();
    const given = engine.clock.reached(['uses'], position + 100n, 5000, abort.signal);
    const patient = engine.clock.reached(['uses'], position, 2 ** 40);
    abort.abort();
    expect(await given).toBe(false);
    await clock.advance(5000);
    expect(await late).toBe(false);
    await append(world(), 'coupon-A', reserved('A'));
    expect(await patient).toBe(true);
    await expect(engine.clock.reached(['nothing'], 1n, 1)).rejects.toThrow('nothing');
  });
});

describe('faults', () => {
  /** A sink whose next writes of `uses` fail, before or after they happened. */
  const faulty = (fail: () => 'before' | 'after' | undefined): ProjectionSink => ({
    ...world().sink,
    write: async (ref, batch) => {
      const when = ref.projection === 'uses' ? fail() : undefined;
      if (when === 'before') throw new Error('disk full');
      await world().sink.write(ref, batch);
      if (when === 'after') throw new Error('connection lost');
    },
  });

  it.each(['before', 'after'] as const)('a write that fails %s it happened has its effect once', async (when) => {
    let failing = false;
    const sink = faulty(() => (failing ? when : undefined));
    const engine = await start([usesOf(), usesOf(1, 'others')], { sink });
    await reached(await append(world(), 'coupon-A', created('A')));
    failing = true;
    const warned = engine.warned();
    const position = await append(world(), 'coupon-A', reserved('A'));
    await warned;
    await reached(position, 'others', 'audit');
    expect(await held('A', 'others')).toBe(1);
    expect(await statusOf()).toMatchObject({
      state: 'faulted',
      lastError: when === 'before' ? 'disk full' : 'connection lost',
    });
    expect(await statusOf('others')).toMatchObject({ state: 'live' });
    failing = false;
    const later = await append(world(), 'coupon-A', reserved('A'));
    await clock.advance(60_000);
    await reached(later);
    expect(await held('A')).toBe(2);
    await eventually(async () => (await statusOf())?.state === 'live');
    expect(await statusOf()).toMatchObject({ lastError: undefined, lagEvents: 0 });
  });

  it('a crash between load and write has no effect, one after the write is not repeated', async () => {
    for (const when of ['before', 'after'] as const) {
      const engine = await start(undefined, { sink: faulty(() => when) });
      const warned = engine.warned();
      await append(world(), 'coupon-A', created('A'), reserved('A'));
      await warned;
      await reopen();
      await append(world(), 'coupon-A', closed('A'));
    }
    await start();
    await reached(await append(world(), 'coupon-A', created('A'), reserved('A')));
    expect(await held('A')).toBe(1);
  });

  it('a subscription that breaks is begun again from the last position, with nothing lost or doubled', async () => {
    let broken = true;
    const store = {
      ...world().store,
      async *subscribe(options: Parameters<EventStore['subscribe']>[0]) {
        for await (const batch of world().store.subscribe(options)) {
          if (broken && batch.events.length > 0) throw new StoreUnavailable('gone');
          yield batch;
        }
      },
    };
    const engine = await start(undefined, { store });
    const warned = engine.warned();
    const position = await append(world(), 'coupon-A', created('A'), reserved('A'));
    await warned;
    expect(await statusOf()).toMatchObject({ state: 'faulted', lastError: 'gone' });
    broken = false;
    await clock.advance(60_000);
    await reached(position);
    expect(await held('A')).toBe(1);
    // The loop is done with the batch some turns after its checkpoint moved.
    while ((await statusOf())?.state !== 'live') await new Promise((resolve) => setImmediate(resolve));
    expect(await statusOf()).toMatchObject({ state: 'live', lastError: undefined });
  });
});
