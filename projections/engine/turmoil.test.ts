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
import { append, created, rebuildOf, reserved, usesOf } from './engine-world.ts';

const clock = manualClock(1_700_000_000_000);
const random = seededRandom(11, clock);
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

/** Not at the start: that is refused when the sinks do not answer. */
let dropsFail = false;

/** A world in which one call in ten fails: writes before or after they happened, other calls, subscriptions in mid-batch. */
const unreliable = (fraction: () => number): { readonly store: EventStore; readonly sink: ProjectionSink } => {
  const { store, sink } = world();
  const maybeFail = (what: string): void => {
    if (fraction() < 0.1) throw new Error(`${what} failed`);
  };
  return {
    store: {
      ...store,
      async *subscribe(options) {
        for await (const batch of store.subscribe(options)) {
          if (fraction() < 0.1) throw new StoreUnavailable('gone');
          yield batch;
        }
      },
      async *readAll(options) {
        for await (const batch of store.readAll(options)) {
          maybeFail('read');
          yield batch;
        }
      },
    },
    sink: {
      ...sink,
      load: async (ref, ids) => {
        maybeFail('load');
        return sink.load(ref, ids);
      },
      write: async (ref, batch) => {
        maybeFail('write');
        await sink.write(ref, batch);
        maybeFail('answer');
      },
      drop: async (ref) => {
        if (dropsFail) maybeFail('drop');
        await sink.drop(ref);
      },
      activate: async (ref) => {
        maybeFail('activate');
        await sink.activate(ref);
        maybeFail('activated');
      },
    },
  };
};

describe('turmoil', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'faults, restarts and rebuilds leave every event applied once (seed %i)',
    async (seed) => {
      const { fraction } = seededRandom(seed, clock);
      const uses = new Map<string, number>();
      let version = 1;
      let asked = 1;
      let last = 0n;
      for (const code of ['A', 'B', 'C']) last = await append(world(), `coupon-${code}`, created(code));
      await start([usesOf(version), usesOf(1, 'others')]);
      for (let step = 0; step < 60; step += 1) {
        const chance = fraction();
        const code = 'ABC'.charAt(Math.floor(fraction() * 3));
        if (chance < 0.1) {
          await reopen();
          if (fraction() < 0.3) version += 1;
          dropsFail = false;
          await start([usesOf(version), usesOf(1, 'others')], unreliable(fraction));
          dropsFail = true;
        } else if (chance < 0.2) {
          asked += 1;
          last = await append(world(), 'projection-others', rebuildOf('others', asked));
        } else {
          uses.set(code, (uses.get(code) ?? 0) + 1);
          last = await append(world(), `coupon-${code}`, reserved(code));
        }
        if (fraction() < 0.3) await clock.advance(1000);
      }

      // Quiet again: all catches up, every build comes to its end.
      await reopen();
      await start([usesOf(version), usesOf(1, 'others')]);
      await reached(last, 'uses', 'others', 'audit');
      for (const name of ['uses', 'others']) await eventually(async () => (await statusOf(name))?.state === 'live');
      for (const [code, count] of uses)
        for (const name of ['uses', 'others']) expect(await held(code, name), `${name} of ${code}`).toBe(count);
      const rows = await world().audit.find({ limit: 1000 });
      expect(rows.map((row) => row.n)).toEqual(rows.map((_, n) => n + 1));
      let events = 0;
      for await (const batch of world().store.readAll()) events += batch.length;
      expect(rows).toHaveLength(events);
      expect(await statusOf('uses')).toMatchObject({ version });
      for (const name of ['uses', 'others']) {
        const states = (await world().sink.generations(name)).map((each) => each.state);
        expect(states.filter((state) => state === 'live')).toHaveLength(1);
        expect(states).not.toContain('building');
      }
      expect(await world().sink.deadLetters({ limit: 1 })).toEqual([]);
    },
  );
});
