import { describe, expect, it } from 'vitest';
import { planOf, runSeed } from './run.ts';

/** Chosen for what happens in it: crashes, a power cut, late calls. */
const seed = 6;

describe('a run', () => {
  it('is of a seed, or of a plan of which any item may be left out', async () => {
    const plan = planOf(seed);
    const whole = await runSeed({ seed });
    const half = await runSeed({ ...plan, items: plan.items.filter((_, n) => n % 2 === 0) });
    expect([whole.failure, half.failure]).toEqual([undefined, undefined]);
    expect(half.commands).toBeLessThan(whole.commands);
  });

  it('is planned the same each time, as plain data', () => {
    const plan = planOf(seed, { hours: 1 });
    expect(planOf(seed, { hours: 1 })).toEqual(plan);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });
});
