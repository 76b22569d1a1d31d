import { spawnSync } from 'node:child_process';

/** Where there is no commit to go by. */
const withoutCommit = 1;

/**
 * Where fresh seeds begin: at `asked` (what SIMULATION_SEED says); otherwise at a number of the commit that is checked out, so that each
 * commit looks at other seeds and always at the same ones; at 1 where there is no git. `from` says which it was.
 * @throws Error when `asked` is no whole number from 0
 */
export const firstSeed = (
  asked: string | undefined,
  folder: string,
): { readonly seed: number; readonly from: string } => {
  if (asked !== undefined) {
    const seed = Number(asked);
    if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`SIMULATION_SEED=${asked} is no whole number from 0`);
    return { seed, from: 'SIMULATION_SEED' };
  }
  const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: folder, encoding: 'utf8' });
  const commit = status === 0 ? /^[0-9a-f]{8}/.exec(stdout)?.[0] : undefined;
  return commit === undefined
    ? { seed: withoutCommit, from: 'no commit is known here' }
    : { seed: Number.parseInt(commit, 16), from: `commit ${commit}` };
};
