import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import type { ProjectionSink } from '../../infra/documents/sink.port.ts';
import { openSqliteReadModels } from '../../infra/documents/sqlite/open-read-models.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import { StoreUnavailable } from '../../infra/event-store/port.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import {
  append,
  appendPoison,
  closed,
  created,
  FORBIDDEN_ORDER,
  type Running,
  rebuildOf,
  reserved,
  startEngine,
  usesOf,
  type World,
} from './engine-world.ts';

const forever = 2 ** 40;
const keys = { obtain: async () => randomBytes(32), find: async () => new Map(), erase: async () => {} };
const clock = manualClock(1_700_000_000_000);
const random = seededRandom(7, clock);

let folder: string;
let world: World;
let closeFiles: () => Promise<void>;
let running: Running | undefined;

/** The same files again, without the engine having said goodbye. */
const openFiles = (): void => {
  const store = openSqliteEventStore({ file: join(folder, 'log.db'), clock, durable: false });
  const readModels = openSqliteReadModels({ file: join(folder, 'read.db') });
  const { sink, documents } = readModels;
  world = {
    store,
    sink,
    documents,
    audit: readModels.audit('audit'),
    codec: eventCodec({ keys, random }),
    clock,
    random,
  };
  closeFiles = async () => {
    await store.close();
    readModels.close();
  };
};
const start = async (...definitions: ReturnType<typeof usesOf>[]): Promise<Running> => {
  running = await startEngine(world, definitions.length === 0 ? undefined : definitions);
  return running;
};
const stop = async (): Promise<void> => {
  await running?.stop();
  running = undefined;
};
const reached = (position: bigint, ...names: string[]): Promise<boolean> =>
  running?.clock.reached(names.length === 0 ? ['uses', 'audit'] : names, position, forever) ?? Promise.resolve(false);
const held = async (code: string, name = 'uses'): Promise<unknown> => (await world.documents.get(name, code))?.held;
const statusOf = async (name = 'uses') => (await running?.status())?.find((each) => each.name === name);
/** Resolves once the switch to a generation is announced; every turn of the event loop is a chance for it. */
const switchedTo = async (name: string): Promise<void> => {
  while (running?.switched.includes(name) === false) await new Promise((resolve) => setImmediate(resolve));
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engine-'));
  openFiles();
});
afterEach(async () => {
  await stop();
  await closeFiles();
  rmSync(folder, { recursive: true });
});

describe('live', () => {
  it('feeds every projection from the first event on', async () => {
    await start(usesOf(), usesOf(1, 'others'));
    expect(await statusOf()).toMatchObject({
      state: 'live',
      generation: 1,
      checkpoint: undefined,
      lagEvents: 0,
      lagSeconds: 0,
    });
    const position = await append(world, 'coupon-A', created('A'), reserved('A'), reserved('A'));
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
    await append(world, 'coupon-A', created('A'));
    const position = await append(world, 'projection-nothing', rebuildOf('nothing', 2));
    expect(await reached(position)).toBe(true);
    expect(await world.documents.position('uses')).toBe(position);
  });

  it('fills new read models from an old log, and goes on where it stopped', async () => {
    await append(world, 'coupon-A', created('A'), reserved('A'));
    await start();
    await reached(await append(world, 'coupon-A', reserved('A')));
    await stop();
    await closeFiles();
    openFiles();
    const position = await append(world, 'coupon-A', reserved('A'));
    await start();
    await reached(position);
    expect(await held('A')).toBe(3);
  });

  it('numbers every event, the unreadable ones too', async () => {
    await start();
    await append(world, 'coupon-A', created('A'), reserved('A'));
    const poison = await appendPoison(world, 'coupon-B');
    await reached(await append(world, 'coupon-C', created('C')));
    const rows = await world.audit.find({ limit: 10 });
    expect(rows.map((row) => [row.n, row.stream, row.type])).toEqual([
      [1, 'coupon-A', 'CouponCreated'],
      [2, 'coupon-A', 'CouponReserved'],
      [3, 'coupon-B', 'CouponReserved'],
      [4, 'coupon-C', 'CouponCreated'],
    ]);
    expect(await world.audit.countUpTo(poison)).toBe(3);
    expect((await world.audit.find({ stream: 'coupon-A', after: 1, limit: 10 })).map((row) => row.n)).toEqual([2]);
    expect(
      (await world.audit.find({ actorId: 'system', type: 'CouponCreated', minPosition: poison, limit: 10 })).map(
        (row) => row.n,
      ),
    ).toEqual([4]);
  });

  it('wakes those who wait for a position, and tells those who wait too long', async () => {
    const engine = await start();
    const position = (await append(world, 'coupon-A', created('A'))) + 1n;
    const late = engine.clock.reached(['uses'], position, 5000);
    const abort = new AbortController();
    const given = engine.clock.reached(['uses'], position + 100n, 5000, abort.signal);
    const patient = engine.clock.reached(['uses'], position, forever);
    abort.abort();
    expect(await given).toBe(false);
    await clock.advance(5000);
    expect(await late).toBe(false);
    await append(world, 'coupon-A', reserved('A'));
    expect(await patient).toBe(true);
    await expect(engine.clock.reached(['nothing'], 1n, 1)).rejects.toThrow('nothing');
  });
});

describe('faults', () => {
  /** A sink whose next writes of `uses` fail, before or after they happened. */
  const faulty = (fail: () => 'before' | 'after' | undefined): ProjectionSink => ({
    ...world.sink,
    write: async (ref, batch) => {
      const when = ref.projection === 'uses' ? fail() : undefined;
      if (when === 'before') throw new Error('disk full');
      await world.sink.write(ref, batch);
      if (when === 'after') throw new Error('connection lost');
    },
  });

  it.each(['before', 'after'] as const)('a write that fails %s it happened has its effect once', async (when) => {
    let failing = false;
    const sink = faulty(() => (failing ? when : undefined));
    running = await startEngine(world, [usesOf(), usesOf(1, 'others')], { sink });
    await reached(await append(world, 'coupon-A', created('A')));
    failing = true;
    const warned = running.warned();
    const position = await append(world, 'coupon-A', reserved('A'));
    await warned;
    await reached(position, 'others', 'audit');
    expect(await held('A', 'others')).toBe(1);
    expect(await statusOf()).toMatchObject({
      state: 'faulted',
      lastError: when === 'before' ? 'disk full' : 'connection lost',
    });
    expect(await statusOf()).toMatchObject({ lagEvents: when === 'before' ? 1 : 1 });
    expect(await statusOf('others')).toMatchObject({ state: 'live' });
    failing = false;
    const later = await append(world, 'coupon-A', reserved('A'));
    await clock.advance(60_000);
    await reached(later);
    expect(await held('A')).toBe(2);
    expect(await statusOf()).toMatchObject({ state: 'live', lastError: undefined, lagEvents: 0 });
  });

  it('a crash between load and write has no effect, one after the write is not repeated', async () => {
    for (const when of ['before', 'after'] as const) {
      running = await startEngine(world, undefined, { sink: faulty(() => when) });
      const warned = running.warned();
      await append(world, 'coupon-A', created('A'), reserved('A'));
      await warned;
      await stop();
      await closeFiles();
      openFiles();
      await append(world, 'coupon-A', closed('A'));
    }
    await start();
    await reached(await append(world, 'coupon-A', created('A'), reserved('A')));
    expect(await held('A')).toBe(1);
  });

  it('a subscription that breaks is begun again from the last position, with nothing lost or doubled', async () => {
    let broken = true;
    const store = {
      ...world.store,
      async *subscribe(options: Parameters<typeof world.store.subscribe>[0]) {
        for await (const batch of world.store.subscribe(options)) {
          if (broken && batch.events.length > 0) throw new StoreUnavailable('gone');
          yield batch;
        }
      },
    };
    running = await startEngine(world, undefined, { store });
    const warned = running.warned();
    const position = await append(world, 'coupon-A', created('A'), reserved('A'));
    await warned;
    expect(await statusOf()).toMatchObject({ state: 'faulted', lastError: 'gone' });
    broken = false;
    await clock.advance(60_000);
    await reached(position);
    expect(await held('A')).toBe(1);
    expect(await statusOf()).toMatchObject({ state: 'live', lastError: undefined });
  });
});

describe('an event that cannot be applied', () => {
  it('parks with the rest of its stream when it cannot be read, and the rest goes on', async () => {
    await start();
    await append(world, 'coupon-A', created('A'), reserved('A'));
    const poison = await appendPoison(world, 'coupon-A');
    await append(world, 'coupon-A', reserved('A'));
    await reached(await append(world, 'coupon-B', created('B'), reserved('B')));
    expect(await held('A')).toBe(1);
    expect(await held('B')).toBe(1);
    const letters = await world.sink.deadLetters({ limit: 10 });
    expect(letters).toMatchObject([
      { position: poison, stream: 'coupon-A', revision: 2n, documentId: null, eventType: 'CouponReserved' },
      { stream: 'coupon-A', revision: 3n, documentId: null, reason: 'waits behind an earlier event of its stream' },
    ]);
    expect(await statusOf()).toMatchObject({ state: 'live' });
  });

  it('parks with the rest of its document when a fold refuses it, also after a restart', async () => {
    await start();
    await append(world, 'coupon-A', created('A'));
    await append(world, 'coupon-A', reserved('A', FORBIDDEN_ORDER));
    await reached(await append(world, 'coupon-A', reserved('A')));
    await stop();
    await start();
    await reached(await append(world, 'coupon-A', reserved('A')));
    expect(await held('A')).toBe(0);
    const letters = await world.sink.deadLetters({ limit: 10 });
    expect(letters.map((letter) => [letter.documentId, letter.reason])).toEqual([
      ['A', 'that order is forbidden'],
      ['A', 'waits behind an earlier event of its document'],
      ['A', 'waits behind an earlier event of its document'],
    ]);
  });

  it('is passed over where it cannot matter: of another category, or of a known type that nobody here handles', async () => {
    await start();
    await appendPoison(world, 'stock-A', 'StockHeld');
    await appendPoison(world, 'coupon-A', 'CouponConfirmed');
    await reached(await appendPoison(world, 'coupon-B', 'CouponInvented'));
    expect(await world.sink.deadLetters({ limit: 10 })).toMatchObject([{ eventType: 'CouponInvented' }]);
  });

  it('stops a rebuild, which says which event it was; readers keep what they have', async () => {
    const engine = await start();
    await append(world, 'coupon-A', created('A'));
    await appendPoison(world, 'coupon-B');
    const warned = engine.warned();
    await reached(await append(world, 'projection-uses', rebuildOf('uses', 2)));
    await warned;
    const status = await statusOf();
    expect(status).toMatchObject({ state: 'stopped', generation: 1, rebuild: { generation: 2, state: 'stopped' } });
    expect(status?.lastError).toContain('coupon-B revision 0');
    await reached(await append(world, 'coupon-A', reserved('A')));
    expect(await held('A')).toBe(1);
  });
});

describe('rebuild', () => {
  const allOf = async (name: string) => JSON.stringify(await world.documents.find(name, { limit: 1000 }));

  it('gives the same documents byte for byte, in a new generation that readers switch to', async () => {
    await start();
    for (let n = 0; n < 40; n += 1)
      await append(world, `coupon-${n}`, created(`${n}`), reserved(`${n}`), reserved(`${n}`));
    await reached(await append(world, 'coupon-7', closed('7')));
    const before = await allOf('uses');
    await append(world, 'projection-uses', rebuildOf('uses', 2));
    await switchedTo('uses 2');
    expect(await statusOf()).toMatchObject({ state: 'live', generation: 2 });
    expect(await allOf('uses')).toBe(before);
    expect(await world.sink.generations('uses')).toMatchObject([
      { state: 'retained' },
      { generation: 2, state: 'live' },
    ]);
  });

  it('loses and doubles nothing that happens meanwhile; the old generation stays fed, the one before it goes', async () => {
    await start();
    await append(world, 'coupon-A', created('A'));
    for (const generation of [2, 3]) {
      await append(world, 'projection-uses', rebuildOf('uses', generation));
      const during = Array.from({ length: 50 }, () => append(world, 'coupon-A', reserved('A')).catch(() => undefined));
      await Promise.all(during);
      await switchedTo(`uses ${generation}`);
    }
    const position = await append(world, 'coupon-A', reserved('A'));
    await reached(position);
    let uses = 0;
    for await (const events of world.store.readStream('coupon-A'))
      uses += events.filter((each) => each.type === 'CouponReserved').length;
    expect(await held('A')).toBe(uses);
    await stop();
    expect(await world.sink.generations('uses')).toMatchObject([
      { generation: 1, state: 'dropped' },
      { generation: 2, state: 'retained', checkpoint: position },
      { generation: 3, state: 'live', checkpoint: position },
    ]);
    expect((await world.sink.load({ projection: 'uses', generation: 2 }, ['A'])).get('A')?.document.held).toBe(uses);
  });

  it('follows a definition of a higher version, while readers see the old one until it has caught up', async () => {
    await start();
    await reached(await append(world, 'coupon-A', created('A'), reserved('A')));
    await stop();
    let release: () => void = () => {};
    const held2 = new Promise<void>((resolve) => {
      release = resolve;
    });
    const sink: ProjectionSink = {
      ...world.sink,
      write: async (ref, batch) => {
        if (ref.generation === 2) await held2;
        await world.sink.write(ref, batch);
      },
    };
    const loud = usesOf(2).on(
      'CouponConfirmed',
      (event) => event.data.code,
      (uses) => uses,
    );
    running = await startEngine(world, [loud], { sink });
    await reached(await append(world, 'coupon-A', reserved('A')));
    expect(await held('A')).toBe(2);
    expect(await statusOf()).toMatchObject({
      state: 'building',
      version: 2,
      generation: 1,
      rebuild: { generation: 2, done: 0, total: 3 },
    });
    release();
    await switchedTo('uses 2');
    expect(await held('A')).toBe(2);
    expect(await world.sink.generations('uses')).toMatchObject([{ version: 1 }, { version: 2, state: 'live' }]);
  });

  it('goes on after a crash from its own checkpoint, and is not begun a second time by the same order', async () => {
    await start();
    await append(world, 'coupon-A', created('A'));
    for (let n = 0; n < 300; n += 1) await append(world, 'coupon-A', reserved('A'));
    await reached(await append(world, 'coupon-B', created('B')));
    await stop();
    let writes = 0;
    const sink: ProjectionSink = {
      ...world.sink,
      write: async (ref, batch) => {
        if (ref.generation === 2 && ++writes > 1) throw new Error('killed');
        await world.sink.write(ref, batch);
      },
    };
    running = await startEngine(world, undefined, { sink });
    const warned = running.warned();
    await append(world, 'projection-uses', rebuildOf('uses', 2));
    await warned;
    await stop();
    const [, interrupted] = await world.sink.generations('uses');
    expect(interrupted).toMatchObject({ generation: 2, state: 'building' });
    expect(interrupted?.checkpoint).toBeDefined();
    await closeFiles();
    openFiles();
    await start();
    await switchedTo('uses 2');
    expect(await held('A')).toBe(300);
    expect(await world.sink.generations('uses')).toHaveLength(2);
  });

  it('of the audit index numbers the log as before', async () => {
    await start();
    await append(world, 'coupon-A', created('A'), reserved('A'));
    await reached(await appendPoison(world, 'coupon-B'));
    const before = await world.audit.find({ limit: 10 });
    await append(world, 'projection-audit', rebuildOf('audit', 2));
    await switchedTo('audit 2');
    expect(await world.audit.find({ limit: 3 })).toEqual(before);
    expect(await statusOf('audit')).toMatchObject({ generation: 2, state: 'live' });
  });

  it('is not ordered again by orders of old when the read models are built anew', async () => {
    await append(world, 'projection-uses', rebuildOf('uses', 2));
    await start();
    await reached(await append(world, 'coupon-A', created('A')));
    expect(await world.sink.generations('uses')).toMatchObject([{ generation: 1, state: 'live' }]);
  });
});
