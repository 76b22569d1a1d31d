import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { Case, Plan } from './bench.ts';
import { checkouts } from './cases/checkouts.ts';
import { appends, commands } from './cases/commands.ts';
import { growth } from './cases/growth.ts';
import { httpCommands } from './cases/http-commands.ts';
import { filtered, lists, pages, search } from './cases/queries.ts';
import { rebuild } from './cases/rebuild.ts';
import { memory, start } from './cases/start.ts';
import type { Row } from './figures.ts';
import { seededMarket } from './seed/market.ts';
import { tableOf } from './table.ts';

const cases: readonly Case[] = [
  ...[appends, commands, httpCommands, lists, filtered, pages, search, growth],
  ...[rebuild, checkouts, start, memory],
];
const results = fileURLToPath(new URL('results/latest.json', import.meta.url));

const numbers = (text: string): readonly number[] => text.split(',').map(Number);
const chosen = (names: string | undefined): readonly Case[] => {
  if (names === undefined) return cases;
  return names.split(',').map((name) => {
    const found = cases.find((each) => each.name === name);
    if (found === undefined)
      throw new Error(`there is no case ${name}; there are ${cases.map((each) => each.name).join(', ')}`);
    return found;
  });
};

type Options = { readonly only?: string; readonly quick?: true; readonly scale: string };

const measure = async ({ only, quick, scale }: Options): Promise<readonly Row[]> => {
  const home = mkdtempSync(join(tmpdir(), 'autopilot-bench-run-'));
  let folders = 0;
  const folder = (): string => {
    const dir = join(home, String(++folders));
    mkdirSync(dir);
    return dir;
  };
  const say = (text: string): void => console.error(text);
  const plan: Plan = {
    scales: numbers(scale),
    rounds: quick ? 2 : 5,
    seconds: quick ? 0.6 : 1.5,
    connections: [1, 16, 64],
    ...{ say, folder },
    market: async (products) => {
      const dir = folder();
      cpSync(await seededMarket(products, say), dir, { recursive: true });
      return dir;
    },
  };
  const rows: Row[] = [];
  try {
    for (const { name, run } of chosen(only)) {
      say(`— ${name}`);
      rows.push(...(await run(plan)));
      for (; folders > 0; folders -= 1) rmSync(join(home, String(folders)), { recursive: true });
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  return rows;
};

const main = async (options: Options): Promise<void> => {
  const rows = await measure(options);
  console.log(tableOf(rows));
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  mkdirSync(join(results, '..'), { recursive: true });
  const report = { commit, node: process.version, cores: availableParallelism(), rows };
  writeFileSync(results, `${JSON.stringify(report, undefined, 2)}\n`);
  const missed = rows.filter(({ met }) => met === false);
  console.log(`\n${rows.length} rows, ${missed.length} goals missed; written to infra/bench/results/latest.json`);
};

await new Command('bench')
  .description('Measures the embedded system beside what its parts could do bare; each figure is a median of rounds.')
  .option('--only <names>', `comma-separated: ${cases.map(({ name }) => name).join(', ')}`)
  .option('--quick', 'fewer and shorter rounds: shows that it runs, and the order of magnitude')
  .option('--scale <products>', 'products on sale, comma-separated', '2000,200000')
  .action(main)
  .parseAsync();
