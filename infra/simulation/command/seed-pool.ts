import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SeedAnswer, SeedRequest } from './seed-worker.ts';

/** A run that is longer than this stands still: a loop that awaits nothing, or a world that never becomes quiet. */
const stuckAfterMs = 60_000;

const runOn = async (worker: Worker, request: SeedRequest): Promise<SeedAnswer> => {
  const over = new AbortController();
  const { signal } = over;
  const timer = setTimeout(() => over.abort(), stuckAfterMs);
  try {
    const answered: Promise<SeedAnswer[]> = once(worker, 'message', { signal });
    worker.postMessage(request);
    const ended = once(worker, 'exit', { signal }).then(([code]) => {
      throw new Error(`the worker exited with ${code}`);
    });
    const [answer] = await Promise.race([answered, ended]);
    if (answer === undefined) throw new Error('the worker said nothing');
    return answer;
  } catch (error) {
    throw signal.aborted ? new Error(`no end within ${stuckAfterMs / 1000} s`) : error;
  } finally {
    clearTimeout(timer);
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
