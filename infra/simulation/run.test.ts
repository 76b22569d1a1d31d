import { describe, expect, it } from 'vitest';
import { planOf, runSeed } from './run.ts';

/** Chosen for what happens in it: crashes, a power cut, late calls. */
const seed = 6;

describe('a run', () => {
  it('is the same event for event and call for call when it is run again', async () => {
    const first = await runSeed({ seed });
    const again = await runSeed({ seed });
    expect(first.failure).toBeUndefined();
    expect(again).toEqual(first);
    expect((await runSeed({ seed: seed + 1 })).traceHash).not.toBe(first.traceHash);
  });

  it('of a plan is the run of the seed that it was drawn from, and any of its items may be left out', async () => {
    const plan = planOf(seed);
    expect((await runSeed(plan)).traceHash).toBe((await runSeed({ seed })).traceHash);
    const half = { ...plan, items: plan.items.filter((_, n) => n % 2 === 0) };
    const { failure, commands } = await runSeed(half);
    expect(failure).toBeUndefined();
    expect(commands).toBeLessThan((await runSeed(plan)).commands);
  });

  it('survives as plain data', () => {
    const plan = planOf(seed, { hours: 1 });
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });
});
