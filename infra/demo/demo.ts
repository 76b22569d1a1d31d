import { existsSync } from 'node:fs';
import type { FastifyBaseLogger } from 'fastify';
import { systemClock } from '../clock/system-clock.ts';
import type { Config } from '../config/config.ts';
import { openSqliteEventStore } from '../event-store/sqlite/sqlite-event-store.ts';
import type { DataFolder } from '../local/data-folder.ts';
import { fillWhole, finishFilling } from './filled-folder.ts';
import { mark } from './mark.ts';
import { demoSignIns, type SignIn } from './sign-ins.ts';

type Folder = Pick<DataFolder, 'path'>;

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
  if (config.DEMO === 'off') {
    if (existsSync(folder.path(mark)))
      log.warn(
        'the demo filled this folder: its public sign-ins are still good, and ADMIN_EMAIL makes no account in it; name another DATA_DIR for a system of your own',
      );
    return undefined;
  }
  if (await isEmpty(folder)) {
    log.info('filling an empty system with demo data, some seconds; DEMO=off leaves it empty');
    const { fillDemo } = await import('./fill-demo.ts'); // story and workflows: no other start needs them
    await fillWhole(folder, (inside) => fillDemo(config, inside, log, nowMs));
  }
  return existsSync(folder.path(mark)) ? demoSignIns : undefined;
};
