import { describe, expect, it } from 'vitest';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import type { ProjectionSink } from '../../infra/documents/sink.port.ts';
import { openSqliteReadModels } from '../../infra/documents/sqlite/open-read-models.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { oneKey } from '../../infra/secrets/one-key.ts';
import { engineSpec } from './engine-spec.ts';
import { append, appendPoison, closed, created, rebuildOf, reserved, usesOf } from './engine-world.ts';

const clock = manualClock(1_700_000_000_000);
const random = seededRandom(7, clock);
const codec = eventCodec({ keys: oneKey, random });

const { world, start, stop, reopen, reached, held, statusOf, eventually } = engineSpec((folder) => {
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

describe('rebuild', () => {
  const allOf = async (name: string) => JSON.stringify(await world().documents.find(name, { limit: 1000 }));

  it('gives the same documents byte for byte, in a new generation that readers switch to', async () => {
    await start();
    for (let n = 0; n < 40; n += 1)
      await append(world(), `coupon-${n}`, created(`${n}`), reserved(`${n}`), reserved(`${n}`));
    await reached(await append(world(), 'coupon-7', closed('7')));
    const before = await allOf('uses');
    await append(world(), 'projection-uses', rebuildOf('uses', 2));
    await eventually(({ switched }) => switched.includes('uses 2'));
    expect(await statusOf()).toMatchObject({ state: 'live', generation: 2 });
    expect(await allOf('uses')).toBe(before);
    expect(await world().sink.generations('uses')).toMatchObject([
      { state: 'retained' },
      { generation: 2, state: 'live' },
    ]);
  });

  it('loses and doubles nothing that happens meanwhile; the old generation stays fed, the one before it goes', async () => {
    await start();
    await append(world(), 'coupon-A', created('A'));
    for (const generation of [2, 3]) {
      await append(world(), 'projection-uses', rebuildOf('uses', generation));
      const during = Array.from({ length: 50 }, () =>
        append(world(), 'coupon-A', reserved('A')).catch(() => undefined),
      );
      await Promise.all(during);
      await eventually(({ switched }) => switched.includes(`uses ${generation}`));
    }
    const position = await append(world(), 'coupon-A', reserved('A'));
    await reached(position);
    let uses = 0;
    for await (const events of world().store.readStream('coupon-A'))
      uses += events.filter((each) => each.type === 'CouponReserved').length;
    expect(await held('A')).toBe(uses);
    await stop();
    expect(await world().sink.generations('uses')).toMatchObject([
      { generation: 1, state: 'dropped' },
      { generation: 2, state: 'retained', checkpoint: position },
      { generation: 3, state: 'live', checkpoint: position },
    ]);
    expect((await world().sink.load({ projection: 'uses', generation: 2 }, ['A'])).get('A')?.document.held).toBe(uses);
  });

  it('follows a definition of a higher version, while readers see the old one until it has caught up', async () => {
    await start();
    await reached(await append(world(), 'coupon-A', created('A'), reserved('A')));
    await stop();
    let release: () => void = () => {};
    const held2 = new Promise<void>((resolve) => {
      release = resolve;
    });
    const sink: ProjectionSink = {
      ...world().sink,
      write: async (ref, batch) => {
        if (ref.generation === 2) await held2;
        await world().sink.write(ref, batch);
      },
    };
    const loud = usesOf(2).on(
      'CouponConfirmed',
      (event) => event.data.code,
      (uses) => uses,
    );
    await start([loud], { sink });
    await reached(await append(world(), 'coupon-A', reserved('A')));
    expect(await held('A')).toBe(2);
    expect(await statusOf()).toMatchObject({
      state: 'building',
      version: 2,
      generation: 1,
      rebuild: { generation: 2, done: 0, total: 3 },
    });
    release();
    await eventually(({ switched }) => switched.includes('uses 2'));
    expect(await held('A')).toBe(2);
    expect(await world().sink.generations('uses')).toMatchObject([{ version: 1 }, { version: 2, state: 'live' }]);
  });

  it('of a projection that is new shows it only with everything that happened so far', async () => {
    await start();
    await append(world(), 'coupon-A', created('A'));
    await reached(await append(world(), 'coupon-A', reserved('A')));
    await stop();
    for (let n = 0; n < 20; n += 1) await append(world(), 'coupon-A', reserved('A'));
    const last = await append(world(), 'coupon-A', reserved('A'));
    const shown: (bigint | undefined)[] = [];
    const sink: ProjectionSink = {
      ...world().sink,
      activate: async (ref) => {
        shown.push((await world().sink.generations('newcomer'))[0]?.checkpoint);
        await world().sink.activate(ref);
      },
    };
    // A log that is read page by page: the subscription needs many batches to its head.
    const store: EventStore = {
      ...world().store,
      subscribe: (options) => world().store.subscribe({ ...options, batchSize: 2 }),
    };
    await start([usesOf(), usesOf(1, 'newcomer')], { store, sink });
    expect(await held('A', 'newcomer')).toBeUndefined();
    await reached(last, 'newcomer');
    expect(shown).toEqual([last]);
    expect(await held('A', 'newcomer')).toBe(22);
  });

  it('goes on after a crash from its own checkpoint, and is not begun a second time by the same order', async () => {
    await start();
    await append(world(), 'coupon-A', created('A'));
    for (let n = 0; n < 300; n += 1) await append(world(), 'coupon-A', reserved('A'));
    await reached(await append(world(), 'coupon-B', created('B')));
    await stop();
    let writes = 0;
    const sink: ProjectionSink = {
      ...world().sink,
      write: async (ref, batch) => {
        if (ref.generation === 2 && ++writes > 1) throw new Error('killed');
        await world().sink.write(ref, batch);
      },
    };
    const engine = await start(undefined, { sink });
    const warned = engine.warned();
    await append(world(), 'projection-uses', rebuildOf('uses', 2));
    await warned;
    await stop();
    const [, interrupted] = await world().sink.generations('uses');
    expect(interrupted).toMatchObject({ generation: 2, state: 'building' });
    expect(interrupted?.checkpoint).toBeDefined();
    await reopen();
    await start();
    await eventually(({ switched }) => switched.includes('uses 2'));
    expect(await held('A')).toBe(300);
    expect(await world().sink.generations('uses')).toHaveLength(2);
  });

  it('of the audit index numbers the log as before', async () => {
    await start();
    await append(world(), 'coupon-A', created('A'), reserved('A'));
    await reached(await appendPoison(world(), 'coupon-B'));
    const before = await world().audit.find({ limit: 10 });
    await append(world(), 'projection-audit', rebuildOf('audit', 2));
    await eventually(({ switched }) => switched.includes('audit 2'));
    expect(await world().audit.find({ limit: 3 })).toEqual(before);
    expect(await statusOf('audit')).toMatchObject({ generation: 2, state: 'live' });
  });

  it('is not ordered again by orders of old when the read models are built anew', async () => {
    await append(world(), 'projection-uses', rebuildOf('uses', 2));
    await start();
    await reached(await append(world(), 'coupon-A', created('A')));
    expect(await world().sink.generations('uses')).toMatchObject([{ generation: 1, state: 'live' }]);
  });
});
