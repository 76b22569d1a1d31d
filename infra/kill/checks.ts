import { join } from 'node:path';
import { systemClock } from '../clock/system-clock.ts';
import { openSqliteEventStore } from '../event-store/sqlite/sqlite-event-store.ts';
import { asked, awaited, type Door, got, type Reply } from '../local/test-door.ts';
import { generationsIn } from '../local/test-generations.ts';
import { tokenOf } from '../local/test-market.ts';
import { expectConsistent } from './end-state.ts';
import { markOfTheErased } from './errands/buying.ts';
import { type Diary, listOf } from './errands/errand.ts';
import { operator } from './errands/operating.ts';
import { Broken, holds, same } from './expecting.ts';
import { owedAt } from './quiet.ts';
import { tracesWith } from './traces.ts';
import { providerOf, streamsOf, worldOf } from './world.ts';

/** Looks at the files until nobody owes anything. @throws Broken naming what is still owed after `looks` looks */
export const untilQuiet = async (door: Door, dir: string, looks = 1_800): Promise<void> => {
  let calm = 0;
  for (let look = 0; calm < 5; look += 1) {
    const owed = owedAt(dir);
    calm = owed?.length === 0 ? calm + 1 : 0;
    if (look > looks) throw new Broken(`never quiet: ${owed?.join('; ') ?? 'the read models are behind the log'}`);
    await door.pause();
  }
};

type Status = { readonly name: string; readonly state: string; readonly generation: number };
const statusOf = async (door: Door): Promise<readonly Status[]> => {
  const { items } = await got(door, '/operator/projections', { token: await tokenOf(door, operator) });
  return listOf(items).map(({ name, state, generation }) => ({
    ...{ name: String(name), state: String(state) },
    generation: Number(generation),
  }));
};

const ordered = async (door: Door, name: string, verb: string): Promise<Reply> =>
  asked(door, 'POST', `/operator/projections/${name}/${verb}`, undefined, { token: await tokenOf(door, operator) });

/** Lets everything that operators paused go on. */
export const allLive = async (door: Door): Promise<void> => {
  await awaited(
    door,
    'every projection live',
    async () => {
      const waiting = (await statusOf(door)).filter(({ state }) => state !== 'live');
      for (const { name, state } of waiting) if (state === 'paused') await ordered(door, name, 'resume');
      return waiting.length === 0;
    },
    600,
  );
};

/** Builds every read model anew beside what readers see: both have to be the same, byte for byte. @throws Broken */
export const readModelsAsRebuilt = async (door: Door, dir: string): Promise<void> => {
  const before = new Map((await statusOf(door)).map(({ name, generation }) => [name, generation]));
  for (const name of before.keys()) {
    const { status, text } = await ordered(door, name, 'rebuild');
    same(status, 202, `rebuild of ${name}: ${text}`);
  }
  const isNew = ({ name, state, generation }: Status): boolean =>
    state === 'live' && generation > (before.get(name) ?? Infinity);
  await awaited(door, 'every rebuild', async () => (await statusOf(door)).every(isNew), 1_200);
  await untilQuiet(door, dir);
  for (const [name, all] of generationsIn(dir)) {
    const live = all.find(({ state }) => state === 'live');
    const old = all.find(({ generation }) => generation === before.get(name));
    same(old?.checkpoint, live?.checkpoint, `checkpoint of ${name} before and after its rebuild`);
    const fresh = new Set(live?.rows);
    const known = new Set(old?.rows);
    const missing = old?.rows.filter((row) => !fresh.has(row)) ?? [];
    const more = live?.rows.filter((row) => !known.has(row)) ?? [];
    holds(
      missing.length === 0 && more.length === 0,
      `read model ${name} is not as rebuilt: it has ${missing.slice(0, 3).join(' ')}, the rebuild ${more.slice(0, 3).join(' ')}`,
    );
  }
};

/** The folder of a process that has ended: everything came to its end once, and who was erased is nowhere. @throws Broken */
export const filesAreRight = async (dir: string, { orders, erased }: Diary): Promise<void> => {
  const store = openSqliteEventStore({ file: join(dir, 'log.sqlite'), clock: systemClock() });
  const world = worldOf(await streamsOf(store));
  await store.close();
  expectConsistent(world, providerOf(dir));
  same(
    [...world.orders.keys()].filter((id) => !orders.has(id)),
    [],
    'orders that nobody was told of',
  );
  same(
    [...orders].filter((id) => !world.orders.has(id)),
    [],
    'orders that were accepted and are not there',
  );
  same(tracesWith(markOfTheErased, erased, dir), [], 'traces of persons who were erased');
};
