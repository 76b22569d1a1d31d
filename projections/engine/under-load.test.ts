import { expect, it } from 'vitest';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import type { ProjectionSink } from '../../infra/documents/sink.port.ts';
import { openSqliteReadModels } from '../../infra/documents/sqlite/open-read-models.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { oneKey } from '../../infra/secrets/one-key.ts';
import { engineSpec } from './engine-spec.ts';
import { append, created, rebuildOf, reserved } from './engine-world.ts';

const clock = manualClock(1_700_000_000_000);
const random = seededRandom(7, clock);
const codec = eventCodec({ keys: oneKey, random });

const { world, start, stop, reopen, reached, statusOf, eventually } = engineSpec((folder) => {
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
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Buyers who go on buying, and readers who look at everything all the time: what they have seen they see ever after. */
const load = () => {
  let going = true;
  let looks = 0;
  const seen = new Map<string, number>();
  const lost: string[] = [];
  const buying = (async () => {
    for (let n = 0; going; n += 1) {
      await append(world(), `coupon-${n % 8}`, reserved(String(n % 8)));
      await turn();
    }
  })();
  const reading = (async () => {
    while (going) {
      const found = await world().documents.find('uses', { limit: 100 });
      const now = new Map(found.map(({ id, document }) => [id, Number(document.held)]));
      for (const [id, held] of seen) {
        const has = now.get(id);
        if (has === undefined || has < held) lost.push(`${id} had ${held}, then ${has ?? 'nothing'}`);
      }
      for (const [id, held] of now) seen.set(id, held);
      looks += 1;
      await turn();
    }
  })();
  return {
    lost,
    looks: () => looks,
    end: async (): Promise<void> => {
      going = false;
      await Promise.all([buying, reading]);
    },
  };
};

it('a rebuild cancelled, killed, resumed and rolled back under load never shows a reader a half-built model', async () => {
  /** Writes of generations that are built take turns, so that each phase is met half-way. */
  const slowly = (): Partial<{ readonly sink: ProjectionSink }> => ({
    sink: {
      ...world().sink,
      write: async (ref, batch) => {
        if (ref.generation > 1) for (let n = 0; n < 5; n += 1) await turn();
        await world().sink.write(ref, batch);
      },
    },
  });
  const halfWay = (generation: number) =>
    eventually(async () => {
      const status = await statusOf();
      return status?.rebuild?.generation === generation && status.rebuild.done > 0;
    });
  await start(undefined, slowly());
  for (let n = 0; n < 8; n += 1) await append(world(), `coupon-${n}`, created(String(n)));
  for (let n = 0; n < 600; n += 1) await append(world(), `coupon-${n % 8}`, reserved(String(n % 8)));
  await reached(await append(world(), 'coupon-8', created('8')));

  let under = load();
  const check = async (): Promise<void> => {
    await under.end();
    expect(under.looks()).toBeGreaterThan(3);
    expect(under.lost).toEqual([]);
  };

  await order(rebuildOf('uses', 2));
  await halfWay(2);
  await order({ type: 'ProjectionRebuildCancelled', data: { projection, generation: 2 } });
  await eventually(async () => (await statusOf())?.rebuild === undefined);

  await order(rebuildOf('uses', 3));
  await halfWay(3);
  await check();
  await stop(); // killed half-way: the files are opened again as they are
  await reopen();
  await start(undefined, slowly());
  under = load();
  await order({ type: 'ProjectionPaused', data: { projection, generation: 3, what: 'rebuild' } });
  await order({ type: 'ProjectionResumed', data: { projection } });
  await eventually(({ switched }) => switched.includes('uses 3'));
  await order({ type: 'ProjectionRolledBack', data: { projection, from: 3, generation: 1 } });
  await eventually(async () => (await statusOf())?.generation === 1);
  await order({ type: 'ProjectionRolledBack', data: { projection, from: 1, generation: 3 } });
  await eventually(async () => (await statusOf())?.generation === 3);
  await check();

  const states = (await world().sink.generations('uses')).map(({ generation, state }) => `${generation} ${state}`);
  expect(states).toEqual(['1 retained', '2 dropped', '3 live']);
});
