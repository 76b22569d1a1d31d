import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Progress, runKills } from './run.ts';

const help = `npm run test:kill -- [--kills 200] [--seed N] [--people 10] [--every 10] [--keep]

Kills the system under a mixed load and checks after each restart that nothing was lost and nothing done twice.
  --kills   how often it is killed
  --seed    decides when it is killed and what is done (default: by the time of day)
  --people  how many errands run at once
  --every   after so many kills everything is checked, not only what was acknowledged
  --keep    keeps the data folder (a failure always keeps it)`;

const options = {
  kills: { type: 'string', default: '200' },
  seed: { type: 'string' },
  people: { type: 'string', default: '6' },
  every: { type: 'string', default: '10' },
  keep: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const whole = (name: string, value: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new Error(`--${name} is a whole number above 0`);
  return Number(value);
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options });
  if (values.help) return console.log(help);
  const kills = whole('kills', values.kills);
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : whole('seed', values.seed);
  const dir = mkdtempSync(join(tmpdir(), 'autopilot-kill-'));
  console.log(`${kills} kills, --seed ${seed}, data folder ${dir}`);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1_000;
  let last = 0;
  const onKill = ({ kill, strike, acknowledged, lost, events, startMs, checkedMs, whole: all }: Progress): void => {
    last = kill;
    const when = `${strike.signal} at ${strike.after} of ${strike.during}`;
    const rate = (kill / (seconds() / 60)).toFixed(1);
    console.log(
      `${`${kill}/${kills}`.padStart(9)}  ${when.padEnd(34)} ${rate}/min  up in ${Math.round(startMs)} ms, checked in ${Math.round(checkedMs)} ms  ${acknowledged} acknowledged, ${lost} asked again, ${events} events${all ? '  all checked' : ''}`,
    );
  };
  try {
    const { acknowledged, events, tally } = await runKills({
      ...{ dir, kills, seed, onKill },
      ...{ size: whole('people', values.people), every: whole('every', values.every) },
    });
    console.log(
      [...tally]
        .map(([what, count]) => `  ${String(count).padStart(6)}  ${what}`)
        .sort()
        .join('\n'),
    );
    console.log(
      `${kills} kills in ${Math.round(seconds())} s: ${acknowledged} acknowledged commands, ${events} events; nothing lost, nothing doubled`,
    );
    if (!values.keep) rmSync(dir, { recursive: true, force: true });
  } catch (error) {
    console.error(`FAILED after kill ${last} of ${kills}, --seed ${seed}; the data folder is kept: ${dir}`);
    console.error(error);
    process.exitCode = 1;
  }
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
await main();
process.exit();
