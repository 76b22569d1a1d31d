import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { report } from './report.ts';
import { seedPool } from './seed-pool.ts';
import { requestedPlan, type SeedAnswer, type SeedRequest } from './seed-worker.ts';
import { shrink } from './shrink.ts';
import { sweep } from './sweep.ts';

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('is a whole number from 0');
  return value;
};
const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('is a number above 0');
  return value;
};
const indices = (text: string): readonly number[] => (text === '' ? [] : text.split(',').map(whole));

const command = new Command('simulate')
  .description('Runs the whole system on virtual time, one world a seed, and checks its invariants.')
  .option('--seeds <count>', 'how many seeds, one after the other', whole, 1000)
  .option('--seed <number>', 'this seed only; with --seeds the first one', whole)
  .option('--only <indices>', 'keep only these items of the plan (what a failure printed)', indices)
  .option('--hours <hours>', 'simulated hours of trade in each world', positive)
  .option('--workers <count>', 'threads', whole, availableParallelism())
  .option('--stop-after <count>', 'failures after which no further seed is begun', whole, 1)
  .option('--shrink-runs <count>', 'runs to spend on making a failure shorter', whole, 400)
  .option(
    '--hashes <file>',
    'write a line for each seed: the seed and the hash of its run, to compare two runs with diff',
  )
  .option('--json', 'the result as JSON on standard output, progress on standard error')
  .addHelpText(
    'after',
    `
Exit code: 0 every seed held, 1 an invariant broke, 2 bad arguments.

  npm run simulate -- --seeds 10000
  npm run simulate -- --seed 4711
  npm run simulate -- --seed 4711 --only 3,17,40
`,
  );
command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
command.parse();

const asked = command.opts<{
  seeds: number;
  seed?: number;
  only?: readonly number[];
  hours?: number;
  workers: number;
  stopAfter: number;
  shrinkRuns: number;
  hashes?: string;
  json?: boolean;
}>();

const requests = (): readonly SeedRequest[] => {
  const more = {
    ...(asked.hours === undefined ? {} : { hours: asked.hours }),
    ...(asked.only === undefined ? {} : { only: asked.only }),
  };
  const single = asked.seed !== undefined && command.getOptionValueSource('seeds') === 'default';
  const length = single ? 1 : asked.seeds;
  return Array.from({ length }, (_, n) => ({ seed: (asked.seed ?? 1) + n, ...more }));
};

/** By seed, so that the order in which threads came to their end does not show. */
const hashLines = (hashes: ReadonlyMap<number, string>): string =>
  [...hashes]
    .sort(([a], [b]) => a - b)
    .map(([seed, hash]) => `${seed} ${hash}\n`)
    .join('');

const main = async (): Promise<number> => {
  const width = Math.max(1, asked.workers);
  const pool = seedPool(width);
  const told = report({
    json: asked.json === true,
    out: process.stdout,
    err: process.stderr,
    now: () => performance.now(),
  });
  try {
    const all = requests();
    const hashes = new Map<number, string>();
    const run = async (request: SeedRequest): Promise<SeedAnswer> => {
      const answer = await pool.run(request);
      hashes.set(request.seed, 'outcome' in answer ? answer.outcome.traceHash : 'broken');
      return answer;
    };
    const sum = await sweep(all, run, {
      width,
      stopAfter: asked.stopAfter,
      told: (soFar) => told.progress(soFar, all.length),
    });
    const shrunk = [];
    for (const { seed, answer } of sum.failed) {
      if ('broken' in answer || answer.outcome.failure === undefined) continue;
      const request = all.find((one) => one.seed === seed) ?? { seed };
      const plan = requestedPlan(request);
      const numbered = plan.items.map((_, index) => request.only?.[index] ?? index);
      const { kept, ...rest } = await shrink(
        plan,
        answer.outcome.failure,
        async ({ items }) => {
          const only = plan.items.flatMap((item, index) => (items.includes(item) ? [numbered[index] ?? index] : []));
          const again = await pool.run({ ...request, only });
          return 'outcome' in again ? again.outcome : {};
        },
        asked.shrinkRuns,
      );
      shrunk.push({ seed, of: plan.items.length, only: kept.map((index) => numbered[index] ?? index), ...rest });
    }
    told.end(sum, shrunk, asked.hours);
    if (asked.hashes !== undefined) writeFileSync(asked.hashes, hashLines(hashes));
    return sum.failed.length === 0 ? 0 : 1;
  } finally {
    await pool.close();
  }
};

process.exitCode = await main();
