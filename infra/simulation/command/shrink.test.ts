import { describe, expect, it } from 'vitest';
import type { Failure } from '../outcome.ts';
import type { Plan } from '../plan.ts';
import { shrink } from './shrink.ts';

const planOfLength = (length: number): Plan => ({
  seed: 1,
  failingPerMille: 0,
  slowestCallMs: 0,
  items: Array.from({ length }, (_, at) => ({ kind: 'action', at, by: 'ada', does: 'buy', with: {} })),
});
const failed = (invariant = 'a rule'): Failure => ({ invariant, detail: '', trace: [] });

/** Breaks the rule while all of `needed` are there; something else breaks without item 0. */
const breaksWith = (needed: readonly number[]) => {
  const runs: number[] = [];
  const run = async (plan: Plan) => {
    const there = plan.items.map(({ at }) => at);
    runs.push(there.length);
    return needed.every((at) => there.includes(at)) ? { failure: failed() } : { failure: failed('another rule') };
  };
  return { run, runs };
};

describe('shrinking a failing plan', () => {
  it.each([[[]], [[0]], [[99]], [[3, 50, 97]], [[10, 11, 12, 13]]])(
    'keeps exactly what the failure needs: %j',
    async (needed) => {
      const { run, runs } = breaksWith(needed);
      const shrunk = await shrink(planOfLength(100), failed(), run, 1_000);
      expect(shrunk.kept).toEqual(needed);
      expect(shrunk.runs).toBe(runs.length);
      expect(runs.length).toBeLessThan(150);
    },
  );
  it('does not take another broken rule for the same failure, and stops at its budget', async () => {
    const { run } = breaksWith([3, 50, 97]);
    const shrunk = await shrink(planOfLength(100), failed(), run, 5);
    expect(shrunk.runs).toBe(5);
    expect(shrunk.kept).toEqual(expect.arrayContaining([3, 50, 97]));
    expect(shrunk.failure.invariant).toBe('a rule');
  });
});
