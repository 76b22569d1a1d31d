import type { Failure, Outcome } from '../outcome.ts';
import type { Plan } from '../plan.ts';

export type Shrunk = {
  /** Indices into the first plan's items that are still needed, ascending. */
  readonly kept: readonly number[];
  readonly failure: Failure;
  /** Runs that it took. */
  readonly runs: number;
};

const without = <T>(list: readonly T[], from: number, to: number): readonly T[] => [
  ...list.slice(0, from),
  ...list.slice(to),
];

/**
 * Drops actions and faults from a failing plan while the same invariant still breaks: halves first, then ever smaller pieces
 * down to single items (delta debugging, Zeller 1999, complements only). Ends when no single item can go, or after `maxRuns`.
 */
export const shrink = async (
  plan: Plan,
  failure: Failure,
  run: (plan: Plan) => Promise<Pick<Outcome, 'failure'>>,
  maxRuns: number,
): Promise<Shrunk> => {
  let kept: readonly number[] = plan.items.map((_, index) => index);
  let last = failure;
  let runs = 0;
  let size = Math.ceil(kept.length / 2);
  while (size >= 1 && kept.length > 0 && runs < maxRuns) {
    let dropped = false;
    for (let from = 0; from < kept.length && runs < maxRuns; ) {
      const tried = without(kept, from, from + size);
      runs += 1;
      const { failure: still } = await run({ ...plan, items: plan.items.filter((_, index) => tried.includes(index)) });
      if (still?.invariant === failure.invariant) {
        kept = tried;
        last = still;
        dropped = true;
      } else from += size;
    }
    if (size === 1 && !dropped) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return { kept, failure: last, runs };
};
