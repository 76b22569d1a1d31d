import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { mutations } from './mutations.ts';
import { runMutation, type Verdict } from './run-mutation.ts';

const command = new Command('mutations')
  .description('Breaks a copy of the tree, one line at a time, and says how many seeds the simulation needs to notice.')
  .option('--seeds <count>', 'seeds to try for each', Number, 300)
  .option('--only <name>', 'this mutation')
  .addHelpText('after', '\nExit code: 0 all were noticed, 1 one was not. The table on standard output is Markdown.\n');
command.parse();
const { seeds, only } = command.opts<{ seeds: number; only?: string }>();

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The files that git knows, as they are now, and the installed packages beside them. */
const copyOfTree = (): string => {
  const tree = mkdtempSync(join(tmpdir(), 'mutations-'));
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const file of files.toString().split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    cpSync(join(root, file), join(tree, file));
  }
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  return tree;
};

const row = ({ name, harm, caughtAfter, by }: Verdict): string =>
  `| ${name} | ${harm} | ${caughtAfter ?? `not in ${seeds}`} | ${by ?? ''} |\n`;

const tree = copyOfTree();
try {
  process.stdout.write('| mutation | harm | seeds until noticed | by |\n| --- | --- | --- | --- |\n');
  const verdicts: Verdict[] = [];
  for (const mutation of mutations.filter(({ name }) => only === undefined || name === only)) {
    const verdict = await runMutation(tree, mutation, seeds);
    verdicts.push(verdict);
    process.stdout.write(row(verdict));
  }
  process.exitCode = verdicts.every(({ caughtAfter }) => caughtAfter !== undefined) ? 0 : 1;
} finally {
  rmSync(tree, { recursive: true });
}
