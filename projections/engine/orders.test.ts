import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { sampleId } from '../../domain/order/samples.ts';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import type { DeadLetter, ProjectionSink } from '../../infra/documents/sink.port.ts';
import { openSqliteReadModels } from '../../infra/documents/sqlite/open-read-models.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { oneKey } from '../../infra/secrets/one-key.ts';
import { engineSpec } from './engine-spec.ts';
import { append, appendPoison, created, FORBIDDEN_ORDER, rebuildOf, reserved, usesOf } from './engine-world.ts';

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

const projection = 'uses';
const order = (event: DomainEvent): Promise<bigint> => append(world(), 'projection-uses', event);
const pauseOf = (generation: number, what: 'rebuild' | 'feed'): DomainEvent => ({
  type: 'ProjectionPaused',
  data: { projection, generation, what },
});
const resume: DomainEvent = { type: 'ProjectionResumed', data: { projection } };
const cancel = (generation: number): DomainEvent => ({
  type: 'ProjectionRebuildCancelled',
  data: { projection, generation },
});
const rollBack = (from: number, generation: number): DomainEvent => ({
  type: 'ProjectionRolledBack',
  data: { projection, from, generation },
});
const states = async () =>
  (await world().sink.generations('uses')).map(({ generation, state }) => `${generation} ${state}`);
const rebuilt = async (generation: number): Promise<void> => {
  await order(rebuildOf('uses', generation));
  await eventually(({ switched }) => switched.includes(`uses ${generation}`));
};
/** A sink that holds the first write of generation 2 until it is let go. */
const slowBuild = () => {
  const gate = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  const sink: ProjectionSink = {
    ...world().sink,
    write: async (ref, batch) => {
      if (ref.generation === 2) {
        began.resolve();
        await gate.promise;
      }
      await world().sink.write(ref, batch);
    },
  };
  return { sink, began: began.promise, release: gate.resolve };
};

/** A sink that does nothing, and says so, when it is asked to drop something for the first time. */
const deafToTheFirstDrop = (): ProjectionSink => {
  let asked = false;
  return {
    ...world().sink,
    drop: async (ref) => {
      if (!asked) {
        asked = true;
        throw new Error('no answer');
      }
      await world().sink.drop(ref);
    },
  };
};

it('tells of an erasure before it obeys what comes after: a rebuild must not read under keys that are remembered', async () => {
  const toldAtBirth: (readonly string[])[] = [];
  const sink: ProjectionSink = {
    ...world().sink,
    create: async (generation) => {
      if (generation.generation === 2) toldAtBirth.push([...engine.erased]);
      await world().sink.create(generation);
    },
  };
  const engine = await start([usesOf()], { sink });
  const accountId = sampleId(3);
  await append(world(), `account-${accountId}`, { type: 'AccountErased', data: { accountId } });
  await rebuilt(2);
  expect(toldAtBirth).toEqual([[accountId]]);
});

describe('a pause', () => {
  it('of a rebuild keeps the readers fed, survives a restart, and goes on where it was', async () => {
    await start();
    await reached(await append(world(), 'coupon-A', created('A'), reserved('A')));
    await stop();
    const { sink, began, release } = slowBuild();
    await start(undefined, { sink });
    await order(rebuildOf('uses', 2));
    await began;
    await reached(await order(pauseOf(2, 'rebuild')), 'audit');
    release();
    expect(await statusOf()).toMatchObject({ state: 'paused', generation: 1, rebuild: { state: 'paused' } });
    await reopen();
    await start();
    await reached(await append(world(), 'coupon-A', reserved('A')));
    expect(await held('A')).toBe(2);
    expect(await statusOf()).toMatchObject({ state: 'paused', generation: 1, rebuild: { generation: 2 } });
    await order(resume);
    await eventually(({ switched }) => switched.includes('uses 2'));
    expect(await held('A')).toBe(2);
  });

  it('of the feed leaves readers with what they have, also after a restart, until it is resumed', async () => {
    await start();
    await reached(await append(world(), 'coupon-A', created('A')));
    await reached(await order(pauseOf(1, 'feed')), 'audit');
    for (const again of [false, true]) {
      if (again) {
        await reopen();
        await start();
      }
      await reached(await append(world(), 'coupon-A', reserved('A')), 'audit');
      expect(await held('A')).toBe(0);
      const status = await statusOf();
      expect(status).toMatchObject({ state: 'paused' });
      expect(status).not.toHaveProperty('rebuild');
    }
    await reached(await order(resume));
    expect(await held('A')).toBe(2);
    expect(await statusOf()).toMatchObject({ state: 'live' });
  });
});

describe('a cancelled rebuild', () => {
  it('is gone, also after a restart, and the next one is of its own', async () => {
    const { sink, began, release } = slowBuild();
    await start(undefined, { sink });
    await append(world(), 'coupon-A', created('A'));
    await order(rebuildOf('uses', 2));
    await began;
    await reached(await order(cancel(2)));
    release();
    expect(await states()).toEqual(['1 live', '2 dropped']);
    expect(await statusOf()).not.toHaveProperty('rebuild');
    await reopen();
    await start();
    await rebuilt(3);
    expect(await states()).toEqual(['1 retained', '2 dropped', '3 live']);
  });
});

describe('the generation that is kept', () => {
  it('is read again at once after a roll back, with everything that happened since, and forward again', async () => {
    await start();
    await append(world(), 'coupon-A', created('A'));
    await rebuilt(2);
    await reached(await append(world(), 'coupon-A', reserved('A')));
    await reached(await order(rollBack(2, 1)));
    expect(await states()).toEqual(['1 live', '2 retained']);
    expect(await held('A')).toBe(1);
    await reached(await append(world(), 'coupon-A', reserved('A')));
    expect(await held('A')).toBe(2);
    await reached(await order(rollBack(1, 2)));
    expect(await statusOf()).toMatchObject({ generation: 2, state: 'live' });
    expect(await held('A')).toBe(2);
  });

  it('is freed by drop; a roll back to it is nothing then', async () => {
    await start();
    await rebuilt(2);
    await reached(await order({ type: 'ProjectionGenerationDropped', data: { projection, generation: 1 } }));
    await reached(await order(rollBack(2, 1)));
    expect(await states()).toEqual(['1 dropped', '2 live']);
  });

  it('is freed by drop although the sink did not answer the first time', async () => {
    const engine = await start(undefined, { sink: deafToTheFirstDrop() });
    await rebuilt(2);
    const warned = engine.warned();
    const dropped = reached(await order({ type: 'ProjectionGenerationDropped', data: { projection, generation: 1 } }));
    await warned;
    await clock.advance(60_000);
    await dropped;
    expect(await states()).toEqual(['1 dropped', '2 live']);
  });

  it('is freed by the switch after the next although the sink did not answer the first time', async () => {
    const engine = await start(undefined, { sink: deafToTheFirstDrop() });
    await rebuilt(2);
    const warned = engine.warned();
    await rebuilt(3);
    await warned;
    expect(await states()).toEqual(['1 retained', '2 retained', '3 live']);
    await clock.advance(60_000);
    await eventually(async () => (await states())[0] === '1 dropped');
    expect(await states()).toEqual(['1 dropped', '2 retained', '3 live']);
  });
});

describe('a dead letter', () => {
  const letters = (): Promise<readonly DeadLetter[]> => world().sink.deadLetters({ limit: 10 });
  const decided = async (type: 'DeadLetterReplayRequested' | 'DeadLetterDiscarded', letter: DeadLetter | undefined) => {
    if (letter === undefined) throw new Error('no such letter');
    const { id, generation, stream, eventId, documentId } = letter;
    const data = { deadLetterId: id, projection, generation, stream, eventId, documentId, reason: 'because' };
    await reached(await append(world(), `deadLetter-${id}`, { type, data }));
  };
  /** A projection whose fold was mended, under the same version. */
  const mended = usesOf().on(
    'CouponReserved',
    (event) => event.data.code,
    (uses, event) => uses && { ...uses, held: uses.held + 1, orders: [...uses.orders, event.data.orderId] },
  );
  const three = async (): Promise<void> => {
    await append(world(), 'coupon-A', created('A'), reserved('A'), reserved('A', FORBIDDEN_ORDER), reserved('A'));
    await reached(await append(world(), 'coupon-A', reserved('A')));
  };

  /** With a definition that does not take what the old one took: its build stops. */
  const startStrict = async (): Promise<void> => {
    const strict = usesOf(2).on(
      'CouponReserved',
      (event) => event.data.code,
      () => {
        throw new Error('not any more');
      },
    );
    const engine = await start([strict]);
    await engine.warned();
    expect(await statusOf()).toMatchObject({ state: 'stopped', generation: 1 });
  };

  it('that is replayed after a mend brings everything behind it, in order, once', async () => {
    await start();
    await three();
    expect(await held('A')).toBe(1);
    await stop();
    await start([mended]);
    await decided('DeadLetterReplayRequested', (await letters())[0]);
    expect(await held('A')).toBe(4);
    expect((await world().documents.get('uses', 'A'))?.orders).toMatchObject({ 1: FORBIDDEN_ORDER, length: 4 });
    expect(await letters()).toEqual([]);
    await reached(await append(world(), 'coupon-A', reserved('A')));
    expect(await held('A')).toBe(5);
  });

  it('that is replayed without a mend stays, with all behind it', async () => {
    await start();
    await three();
    const before = await letters();
    await decided('DeadLetterReplayRequested', before[2]);
    expect(await letters()).toEqual(before);
    expect(await held('A')).toBe(1);
  });

  it('that is discarded is left out, and the rest goes on; a rebuild leaves it out as well', async () => {
    await start();
    await three();
    await decided('DeadLetterDiscarded', (await letters())[0]);
    expect(await letters()).toEqual([]);
    expect(await held('A')).toBe(3);
    await reached(await append(world(), 'coupon-A', reserved('A')));
    await rebuilt(2);
    expect(await held('A')).toBe(4);
  });

  it('of an event that cannot be read lets its stream go on', async () => {
    await start();
    await append(world(), 'coupon-A', created('A'));
    await appendPoison(world(), 'coupon-A');
    await reached(await append(world(), 'coupon-A', reserved('A')));
    await decided('DeadLetterDiscarded', (await letters())[0]);
    expect(await held('A')).toBe(1);
    expect(await letters()).toEqual([]);
    await reopen();
    await start();
    await rebuilt(2);
    expect(await held('A')).toBe(1);
  });

  it('is settled by a worker although another one moved the checkpoint meanwhile', async () => {
    await start();
    await three();
    const [letter] = await letters();
    const [live] = await world().sink.generations(projection);
    if (live?.checkpoint === undefined) throw new Error('nothing is applied');
    const nothing = { puts: [], removes: [], touched: [], deadLetters: [] };
    // As far as the order that comes next.
    await world().sink.write(live, { ...nothing, after: live.checkpoint, checkpoint: live.checkpoint + 1n });
    await decided('DeadLetterDiscarded', letter);
    expect(await letters()).toEqual([]);
    expect(await held('A')).toBe(3);
  });

  it('is settled once although the answer of the sink got lost, and nothing parks behind it any more', async () => {
    await start();
    await three();
    await stop();
    let lost = false;
    const { sink } = world();
    const losing: ProjectionSink = {
      ...sink,
      write: async (ref, batch) => {
        await sink.write(ref, batch);
        if (lost || batch.settled === undefined) return;
        lost = true;
        throw new Error('no answer');
      },
    };
    const engine = await start([mended], { sink: losing });
    const warned = engine.warned();
    const settled = decided('DeadLetterReplayRequested', (await letters())[0]);
    await warned;
    await clock.advance(60_000);
    await settled;
    await reached(await append(world(), 'coupon-A', reserved('A')));
    expect(await letters()).toEqual([]);
    expect(await held('A')).toBe(5);
  });

  it('stops a rebuild, which goes on once it is discarded and resumed', async () => {
    await start();
    await append(world(), 'coupon-A', created('A'), reserved('A'));
    await reached(await append(world(), 'coupon-B', created('B')));
    await stop();
    await startStrict();
    const [letter] = await letters();
    expect(letter).toMatchObject({ generation: 2, documentId: 'A', reason: 'not any more' });
    await decided('DeadLetterDiscarded', letter);
    await order(resume);
    await eventually(({ switched }) => switched.includes('uses 2'));
    expect(await held('A')).toBe(0);
  });

  it.each(['the switch is told', 'the operator resumes, as it never was'] as const)(
    'stops a rebuild here that another worker switches to: it is fed on as what readers see, once %s',
    async (when) => {
      await start();
      await reached(await append(world(), 'coupon-A', created('A'), reserved('A')));
      await stop();
      await startStrict();
      const [, building] = await world().sink.generations(projection);
      if (building === undefined) throw new Error('nothing is being built');
      const checkpoint = (await world().store.head()) ?? 0n;
      const nothing = { puts: [], removes: [], touched: [], deadLetters: [] };
      await world().sink.write(building, { ...nothing, after: building.checkpoint, checkpoint });
      await world().sink.activate(building);
      await order(
        when === 'the switch is told'
          ? { type: 'ProjectionSwitched', data: { projection, generation: building.generation } }
          : resume,
      );
      await reached(await append(world(), 'coupon-B', created('B')));
      await eventually(({ switched }) => switched.includes('uses 2'));
      expect(await statusOf()).toMatchObject({ state: 'live', generation: 2 });
      const [letter] = await letters();
      expect(letter).toMatchObject({ generation: 2, documentId: 'A' });
      await decided('DeadLetterDiscarded', letter);
      expect(await letters()).toEqual([]);
      expect(await held('B')).toBe(0);
    },
  );
});
