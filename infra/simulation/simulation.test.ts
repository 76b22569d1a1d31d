import { afterAll, describe, expect, it } from 'vitest';
import { seedPool } from './command/seed-pool.ts';
import { isFailed, sweep } from './command/sweep.ts';
import { failedSeeds } from './failed-seeds.ts';

/** The first of the seeds; `SIMULATION_SEED` looks at others. */
const { SIMULATION_SEED: asked = '1' } = process.env;
const first = Number(asked);
const width = 2;

describe('the simulated market', () => {
  const pool = seedPool(width);
  afterAll(() => pool.close());
  const run = (seeds: readonly { readonly seed: number; readonly hours?: number }[]) =>
    sweep(seeds, pool.run, { width, stopAfter: 1, told: () => {} });

  it('holds for every seed that ever failed', async () => {
    const { failed } = await run(failedSeeds);
    expect(failed).toEqual([]);
  });

  it(`holds for 100 seeds from ${first} on`, async () => {
    const { seeds, failed } = await run(Array.from({ length: 100 }, (_, n) => ({ seed: first + n })));
    expect(failed).toEqual([]);
    expect(seeds).toBe(100);
  });

  it('does the same twice, on whichever thread', async () => {
    const [once, again] = await Promise.all([pool.run({ seed: first }), pool.run({ seed: first })]);
    expect(isFailed(once)).toBe(false);
    expect(again).toEqual(once);
  });
});
