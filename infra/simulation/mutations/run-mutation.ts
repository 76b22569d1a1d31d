import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { mutate } from './mutate.ts';
import type { Mutation } from './mutations.ts';

export type Verdict = {
  readonly name: string;
  readonly harm: string;
  /** Seeds that were run until one failed; absent: none of them failed. */
  readonly caughtAfter?: number;
  /** The rule that broke, or how the simulator ended. */
  readonly by?: string;
};

const said = z.object({
  seeds: z.number(),
  failed: z.array(
    z.object({
      answer: z.union([
        z.object({ outcome: z.object({ failure: z.object({ invariant: z.string() }) }) }),
        z.object({ broken: z.string() }),
      ]),
    }),
  ),
});

/** Runs the simulation of the tree at `tree` and reads what it says. */
const simulate = async (tree: string, seeds: number): Promise<z.infer<typeof said>> => {
  const args = ['--seeds', String(seeds), '--shrink-runs', '0', '--json'];
  const child = spawn(process.execPath, [join('infra', 'simulation', 'command', 'main.ts'), ...args], {
    cwd: tree,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await once(child, 'close');
  return said.parse(JSON.parse(text));
};

/** Applies the mutation to the copied tree, runs up to `seeds` seeds, and takes it back. */
export const runMutation = async (tree: string, mutation: Mutation, seeds: number): Promise<Verdict> => {
  const { name, harm } = mutation;
  const file = join(tree, mutation.file);
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, mutate(before, mutation));
  try {
    const sum = await simulate(tree, seeds);
    const [first] = sum.failed;
    if (first === undefined) return { name, harm };
    const { answer } = first;
    const by = 'outcome' in answer ? answer.outcome.failure.invariant : `simulator: ${answer.broken.split('\n')[0]}`;
    return { name, harm, caughtAfter: sum.seeds, by };
  } finally {
    writeFileSync(file, before);
  }
};
