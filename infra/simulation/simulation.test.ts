import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { seedPool } from './command/seed-pool.ts';
import { isFailed, sweep } from './command/sweep.ts';
import { failedSeeds } from './failed-seeds.ts';

/**
 * Fresh seeds of every commit, and the same ones each time a commit is tested: `SIMULATION_SEED` sets the first one. Without a
 * repository the first is 1.
 */
const firstSeed = (): number => {
  const { SIMULATION_SEED: asked } = process.env;
  if (asked !== undefined) return Number(asked);
  try {
    return Number.parseInt(execFileSync('git', ['rev-parse', 'HEAD']).toString().slice(0, 8), 16);
  } catch {
    return 1;
  }
};
const freshSeeds = 200;
const width = 2;

describe('the simulated market', () => {
  const pool = seedPool(width);
  afterAll(() => pool.close());
  const run = (seeds: readonly { readonly seed: number; readonly hours?: number }[]) =>
    sweep(seeds, pool.run, { width, stopAfter: 1, told: () => {} });

  it('holds for every seed that ever failed', async () => {
    const { failed } = await run(
      failedSeeds.map(({ seed, hours }) => ({ seed, ...(hours === undefined ? {} : { hours }) })),
    );
    expect(failed).toEqual([]);
  });

  const first = firstSeed();
  it(`holds for ${freshSeeds} fresh seeds from ${first} on`, async () => {
    const { seeds, failed, fewestCommands } = await run(
      Array.from({ length: freshSeeds }, (_, n) => ({ seed: first + n })),
    );
    expect(failed).toEqual([]);
    expect(seeds).toBe(freshSeeds);
    expect(fewestCommands).toBeGreaterThanOrEqual(100);
  });

  it('does the same twice', async () => {
    const [once, again] = await Promise.all([pool.run({ seed: first }), pool.run({ seed: first })]);
    expect(isFailed(once)).toBe(false);
    expect(again).toEqual(once);
  });
});
