import { existsSync, writeFileSync } from 'node:fs';
import type { FastifyBaseLogger } from 'fastify';
import { systemClock } from '../clock/system-clock.ts';
import type { Config } from '../config/config.ts';
import { openSqliteEventStore } from '../event-store/sqlite/sqlite-event-store.ts';
import type { DataFolder } from '../local/data-folder.ts';
import type { Ports } from '../local/ports.ts';
import { fillWhole, finishFilling } from './filled-folder.ts';
import { demoSignIns, type SignIn } from './sign-ins.ts';
import { openStage } from './stage.ts';
import { daysBack, startOfDay } from './story/agenda.ts';
import { people } from './story/cast.ts';
import { tellStory } from './story/tell.ts';

type Folder = Pick<DataFolder, 'path'>;
const dayMs = 86_400_000;

/** Says that the folder was filled by the demo, and when. */
const mark = 'demo.json';

/** No event was ever appended. */
const isEmpty = async (folder: Folder): Promise<boolean> => {
  const file = folder.path('log.sqlite');
  if (!existsSync(file)) return true;
  const store = openSqliteEventStore({ file, clock: systemClock() });
  try {
    return (await store.head()) === undefined;
  } finally {
    await store.close();
  }
};

/** `untilMs`: the month is broken off there. `wrap`: see `Surroundings`. */
export type Filling = { readonly untilMs?: number; readonly wrap?: (ports: Ports) => Ports };

/** Lets the month before `nowMs` happen on the empty `folder`. */
export const fillDemo = async (
  config: Config,
  folder: Folder,
  log: FastifyBaseLogger,
  nowMs: number,
  { untilMs = nowMs, wrap }: Filling = {},
): Promise<void> => {
  const surroundings = { config, folder, log, ...(wrap === undefined ? {} : { wrap }) };
  const stage = await openStage(surroundings, startOfDay(nowMs) - daysBack * dayMs, people);
  try {
    await tellStory(stage, nowMs, untilMs);
  } finally {
    await stage.close();
  }
  writeFileSync(folder.path(mark), `${JSON.stringify({ filledAt: new Date(nowMs).toISOString() })}\n`);
};

/**
 * Before the system starts on `folder`: with `DEMO` on, an empty one is filled, whole or not at all. Answers the sign-ins
 * where the demo is on and the folder holds it, also from an earlier start. A system that is not empty is never filled.
 * @throws what the filling fails with; the folder is empty then, as before
 */
export const openDemo = async (
  config: Config,
  folder: Folder,
  log: FastifyBaseLogger,
  nowMs: number,
): Promise<readonly SignIn[] | undefined> => {
  finishFilling(folder);
  if (config.DEMO === 'off') return undefined;
  if (await isEmpty(folder)) {
    log.info('filling an empty system with demo data, some seconds; DEMO=off leaves it empty');
    await fillWhole(folder, (inside) => fillDemo(config, inside, log, nowMs));
  }
  return existsSync(folder.path(mark)) ? demoSignIns : undefined;
};
