import { parentPort } from 'node:worker_threads';
import type { Outcome } from '../outcome.ts';
import { planOf, runSeed } from '../run.ts';

/** What a worker thread is asked: the plan of a seed, or those items of it only. */
export type SeedRequest = {
  readonly seed: number;
  readonly hours?: number;
  /** Indices of the plan's items to keep; all when absent. */
  readonly only?: readonly number[];
};

/** A run's outcome, or what ended the simulator itself. */
export type SeedAnswer = { readonly outcome: Outcome } | { readonly broken: string };

/** The plan that a request means. */
export const requestedPlan = ({ seed, hours, only }: SeedRequest) => {
  const plan = planOf(seed, hours === undefined ? {} : { hours });
  return only === undefined ? plan : { ...plan, items: plan.items.filter((_, index) => only.includes(index)) };
};

const port = parentPort;
port?.on('message', (request: SeedRequest) => {
  runSeed(requestedPlan(request)).then(
    (outcome) => port.postMessage({ outcome } satisfies SeedAnswer),
    (error: unknown) =>
      port.postMessage({
        broken: error instanceof Error ? (error.stack ?? error.message) : String(error),
      } satisfies SeedAnswer),
  );
});
