import type { Outcome } from './outcome.ts';
import type { Plan } from './plan.ts';

/** Draws a plan: the same seed and length, the same plan. `hours` of simulated trade (default: some minutes). */
export const planOf = (seed: number, _options: { readonly hours?: number } = {}): Plan => ({
  seed,
  failingPerMille: 0,
  slowestCallMs: 0,
  items: [],
});

/**
 * Runs a plan, or the one drawn from a seed. Resolves with a failure for a broken rule; rejects only for a fault of the simulator itself.
 * One at a time in one thread.
 */
export const runSeed = async (plan: Plan | { readonly seed: number; readonly hours?: number }): Promise<Outcome> => {
  const { seed } = 'items' in plan ? plan : planOf(plan.seed);
  return { seed, traceHash: '', commands: 0, events: 0, simulatedMs: 0 };
};
