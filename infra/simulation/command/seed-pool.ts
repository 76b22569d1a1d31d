import { once } from 'node:events';
import { setInterval } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { SeedAnswer, SeedRequest } from './seed-worker.ts';

/**
 * A run that has used this much of a processor stands still: a loop that awaits nothing, or a world that never becomes quiet. Not
 * counted by the clock on the wall: on a loaded machine a run takes as long as it takes.
 */
const stuckAfterMs = 60_000;
const lookEveryMs = 2_000;

/** Milliseconds of processor time that the thread has used; 0 when it does not run yet, or no more (that its exit tells). */
const usedBy = async (worker: Worker): Promise<number> => {
  try {
    const { user, system } = await worker.cpuUsage();
    return (user + system) / 1_000;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_NOT_RUNNING') return 0;
    throw error;
  }
};

/** Rejects when the thread has used too much; when `signal` aborts at the latest. */
const stuck = async (worker: Worker, signal: AbortSignal): Promise<never> => {
  const from = await usedBy(worker);
  for await (const _ of setInterval(lookEveryMs, undefined, { signal }))
    if ((await usedBy(worker)) - from > stuckAfterMs) break;
  throw new Error(`no end within ${stuckAfterMs / 1000} s of a processor`);
};

const runOn = async (worker: Worker, request: SeedRequest): Promise<SeedAnswer> => {
  const over = new AbortController();
  const { signal } = over;
  try {
    const answered: Promise<SeedAnswer[]> = once(worker, 'message', { signal });
    const ended = once(worker, 'exit', { signal }).then(([code]) => {
      throw new Error(`the worker exited with ${code}`);
    });
    worker.postMessage(request);
    const [answer] = await Promise.race([answered, ended, stuck(worker, signal)]);
    if (answer === undefined) throw new Error('the worker said nothing');
    return answer;
  } finally {
    over.abort();
  }
};

/**
 * Runs seeds on `size` threads, one at a time on each. `run` never rejects: a run that stands still or ends its thread
 * answers `broken`, and its thread is replaced.
 */
export const seedPool = (size: number) => {
  const start = (): Worker => new Worker(new URL('./seed-worker.ts', import.meta.url));
  const idle = Array.from({ length: size }, start);
  const waiting: ((worker: Worker) => void)[] = [];
  const take = (): Promise<Worker> => {
    const worker = idle.pop();
    return worker === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(worker);
  };
  const give = (worker: Worker): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(worker);
    else next(worker);
  };
  return {
    run: async (request: SeedRequest): Promise<SeedAnswer> => {
      const worker = await take();
      try {
        const answer = await runOn(worker, request);
        give(worker);
        return answer;
      } catch (error) {
        await worker.terminate();
        give(start());
        return { broken: error instanceof Error ? error.message : String(error) };
      }
    },
    /** Once nothing runs any more. */
    close: async (): Promise<void> => {
      await Promise.all(idle.splice(0).map((worker) => worker.terminate()));
    },
  };
};

export type SeedPool = ReturnType<typeof seedPool>;
