import type { Outcome } from '../outcome.ts';
import type { SeedAnswer, SeedRequest } from './seed-worker.ts';

export type Sweep = {
  readonly seeds: number;
  readonly commands: number;
  readonly events: number;
  readonly simulatedMs: number;
  /** Fewest commands of any run. */
  readonly fewestCommands: number;
  /** Runs that broke a rule or the simulator, by seed. */
  readonly failed: readonly { readonly seed: number; readonly answer: SeedAnswer }[];
};

export const isFailed = (answer: SeedAnswer): boolean => 'broken' in answer || answer.outcome.failure !== undefined;

const count = (sum: Sweep, { commands, events, simulatedMs }: Outcome) => ({
  commands: sum.commands + commands,
  events: sum.events + events,
  simulatedMs: sum.simulatedMs + simulatedMs,
  fewestCommands: Math.min(sum.fewestCommands, commands),
});

/**
 * Runs the seeds, `width` at a time, and counts. Starts no further one after the `stopAfter`-th failure. `told` hears the
 * sum after each run.
 */
export const sweep = async (
  requests: readonly SeedRequest[],
  run: (request: SeedRequest) => Promise<SeedAnswer>,
  options: { readonly width: number; readonly stopAfter: number; readonly told: (sum: Sweep) => void },
): Promise<Sweep> => {
  let sum: Sweep = {
    seeds: 0,
    commands: 0,
    events: 0,
    simulatedMs: 0,
    fewestCommands: Number.POSITIVE_INFINITY,
    failed: [],
  };
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
      if (sum.failed.length >= options.stopAfter) return;
      const answer = await run(request);
      const failed = isFailed(answer) ? [...sum.failed, { seed: request.seed, answer }] : sum.failed;
      sum = { ...sum, ...('outcome' in answer ? count(sum, answer.outcome) : {}), seeds: sum.seeds + 1, failed };
      options.told(sum);
    }
  };
  await Promise.all(Array.from({ length: options.width }, lane));
  return { ...sum, failed: sum.failed.toSorted((a, b) => a.seed - b.seed) };
};
