import { afterAll, describe, expect, it } from 'vitest';
import { seedPool } from './command/seed-pool.ts';
import { sweep } from './command/sweep.ts';
import { failedSeeds } from './failed-seeds.ts';

/** The first of the seeds; `SIMULATION_SEED` looks at others. */
const { SIMULATION_SEED: asked = '1' } = process.env;
const first = Number(asked);
/** A few, so that the simulation itself stays whole; `npm run simulate` runs many. */
const count = 5;
const width = 2;

describe('the simulated market', () => {
  const pool = seedPool(width);
  afterAll(() => pool.close());
  const run = (seeds: readonly { readonly seed: number; readonly hours?: number }[]) =>
    sweep(seeds, pool.run, { width, stopAfter: 1, told: () => {} });

  it(`holds for ${count} seeds from ${first} on, and for those that failed before`, async () => {
    const { seeds, failed } = await run([
      ...failedSeeds,
      ...Array.from({ length: count }, (_, n) => ({ seed: first + n })),
    ]);
    expect(failed).toEqual([]);
    expect(seeds).toBe(failedSeeds.length + count);
  });
});
