import { afterAll, describe, expect, it } from 'vitest';
import { firstSeed } from './command/first-seed.ts';
import { seedPool } from './command/seed-pool.ts';
import type { SeedRequest } from './command/seed-worker.ts';
import { isFailed, sweep } from './command/sweep.ts';
import { failedSeeds } from './failed-seeds.ts';

const { seed: first, from } = firstSeed(process.env.SIMULATION_SEED, import.meta.dirname);
/** Fresh seeds: `npm run simulate` runs more. */
const count = 200;
const width = 2;
/** No measure of speed: a loaded machine may take long, and a run that stands still ends by itself. */
const timeout = 60 * 60_000;

describe('the simulated market', { timeout }, () => {
  const pool = seedPool(width);
  afterAll(() => pool.close());
  /** What broke, with the line that runs it again. */
  const brokenAmong = async (seeds: readonly SeedRequest[]): Promise<readonly string[]> => {
    const { failed } = await sweep(seeds, pool.run, { width, stopAfter: 1, told: () => {} });
    return failed.map(({ seed, answer }) => {
      const why = 'broken' in answer ? answer.broken : `${answer.outcome.failure?.invariant}`;
      return `${why} (npm run simulate -- --seed ${seed})`;
    });
  };

  it(
    'holds for the seeds that failed before',
    async () => {
      expect(await brokenAmong(failedSeeds)).toEqual([]);
    },
    timeout,
  );

  it(
    `holds for ${count} fresh seeds, from ${first} on (${from})`,
    async () => {
      expect(await brokenAmong(Array.from({ length: count }, (_, n) => ({ seed: first + n })))).toEqual([]);
    },
    timeout,
  );

  it(
    'runs a seed alike on each thread, whatever ran there before',
    async () => {
      const answers = await Promise.all([11, 12, 13, 11, 12, 13].map((seed) => pool.run({ seed })));
      expect(answers.filter(isFailed)).toEqual([]);
      const hashes = answers.map((answer) => ('outcome' in answer ? answer.outcome.traceHash : ''));
      expect(hashes.slice(3)).toEqual(hashes.slice(0, 3));
    },
    timeout,
  );
});
