import { anyScale, type Case } from '../bench.ts';
import { type Row, rowOf } from '../figures.ts';
import { startMarket } from '../market-process.ts';

const idleMs = 3_000;

/** From the start of the process to its `ready`, ended with SIGTERM between. */
export const start: Case = {
  name: 'start',
  about: 'seconds from the start of the process to ready: on an empty folder, and again on a market’s',
  run: async (plan) => {
    const timed = async (dir: string): Promise<number> => {
      const started = performance.now();
      const market = await startMarket(dir);
      const seconds = (performance.now() - started) / 1000;
      await market.stop();
      return seconds;
    };
    const rows: Row[] = [];
    const add = async (name: string, scale: number, dir: () => string): Promise<void> => {
      const rounds = [];
      for (let round = 0; round < plan.rounds; round += 1)
        rounds.push({ subject: await timed(dir()), reference: undefined });
      rows.push(rowOf({ name, scale, unit: 's', goal: { of: 'value', atMost: 2 } }, rounds));
    };
    await add('start on an empty folder', anyScale, plan.folder);
    for (const products of plan.scales) {
      const dir = await plan.market(products);
      await add(`restart, ${products * 5} events`, products, () => dir);
    }
    return rows;
  },
};

/** Resident memory of the process, some seconds after its start, by its own metrics. */
export const memory: Case = {
  name: 'memory',
  about: 'resident MB of the idle process',
  run: async (plan) => {
    const rows: Row[] = [];
    for (const products of plan.scales) {
      const market = await startMarket(await plan.market(products));
      await new Promise((resolve) => setTimeout(resolve, idleMs));
      const found = /^process_resident_memory_bytes (\S+)$/m.exec(await market.get('/metrics'))?.[1];
      await market.stop();
      const goal = products <= 2_000 ? ({ of: 'value', atMost: 200 } as const) : undefined;
      const subject = Number(found) / 1_000_000;
      rows.push(rowOf({ name: 'idle memory', scale: products, unit: 'MB', goal }, [{ subject, reference: undefined }]));
    }
    return rows;
  },
};
