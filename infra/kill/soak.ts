import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { got } from '../local/test-door.ts';
import { tokenOf } from '../local/test-market.ts';
import { allLive, filesAreRight, readModelsAsRebuilt, untilQuiet } from './checks.ts';
import { listOf } from './errands/errand.ts';
import { operator } from './errands/operating.ts';
import { same } from './expecting.ts';
import { type Settlement, settle } from './settlement.ts';
import { type Answered, filesIn, kindOf, memoryIn, type Sample, slowest } from './soak-figures.ts';
import { type Finding, verdictOn } from './soak-verdict.ts';
import type { Beside } from './town.ts';
import { verified, witness } from './witness.ts';

const help = `npm run soak -- [--minutes 10] [--seed N] [--people 6] [--keep] [--leak MiB]

The load of the kill test without kills: memory, files, lag and latency have to be at the end as they were at the start.
  --leak    the process is made to keep so many MiB more each minute, in its heap and beside it: the soak has to fail`;

const options = {
  minutes: { type: 'string', default: '10' },
  seed: { type: 'string', default: '1' },
  people: { type: 'string', default: '6' },
  keep: { type: 'boolean', default: false },
  leak: { type: 'string', default: '0' },
  help: { type: 'boolean', default: false },
} as const;
const sampledEveryMs = 5_000;
/**
 * V8 lets garbage lie as long as the machine has memory, up to four times of what is in use: that is no leak, and says nothing. What is kept
 * for good would fill this heap, and end the process.
 */
const heapMb = 256;
const processOf = (leakMib: number): Beside => {
  const env = { NODE_OPTIONS: `--max-old-space-size=${heapMb}` };
  return leakMib > 0
    ? { preload: [new URL('leak.ts', import.meta.url).href], env: { ...env, LEAK_MIB: String(leakMib) } }
    : { preload: [], env };
};

const mib = (bytes: number): number => Math.round(bytes / 2 ** 20);

const lagOf = async ({ door }: Settlement): Promise<number> => {
  const { items } = await got(door, '/operator/projections', { token: await tokenOf(door, operator) });
  const lags = listOf(items).map(({ lag }) =>
    typeof lag === 'object' && lag !== null && 'events' in lag ? Number(lag.events) : Number.NaN,
  );
  return Math.max(0, ...lags);
};

const sampled = async (settlement: Settlement, at: number): Promise<Sample> => {
  const metrics = await settlement.door.send({ method: 'GET', url: '/metrics', headers: {} });
  return { at, ...memoryIn(metrics.text), ...filesIn(settlement.town.dir), lag: await lagOf(settlement) };
};

/** The load, until it has lasted for so many minutes; then all of it comes to its end and is checked. */
const soak = async (
  dir: string,
  minutes: number,
  people: { readonly seed: number; readonly size: number; readonly beside: Beside | undefined },
): Promise<readonly Finding[]> => {
  const latencies: Answered[] = [];
  const samples: Sample[] = [];
  let began = performance.now();
  const elapsed = (): number => (performance.now() - began) / 60_000;
  const settlement = await settle({ dir, ...people }, ({ method, url }, ms) => {
    latencies.push({ at: elapsed(), ms, kind: method === 'GET' ? 'query' : 'command', what: kindOf(method, url) });
  });
  const { town, crew, door, diary, memory } = settlement;
  const log = witness(dir);
  await log.readOn(door);
  for (const id of log.idsOf('order')) diary.orders.add(id);
  latencies.length = 0;
  began = performance.now();
  crew.work();
  for (let next = 1; elapsed() < minutes; next += 1) {
    const sample = await Promise.race([crew.failed, sampled(settlement, elapsed())]);
    samples.push(sample);
    if (next % 12 === 0)
      console.log(
        `${elapsed().toFixed(1)} min  ${memory.size} commands  ${mib(sample.resident)} MiB (heap ${mib(sample.heap)}, beside ${mib(sample.beside)})  lag ${sample.lag}  disk ${mib(sample.disk)} MiB`,
      );
    await Promise.race([crew.failed, sleep(sampledEveryMs)]);
  }
  const lasted = elapsed();
  await crew.rest();
  await allLive(door);
  await untilQuiet(door, dir);
  const lagAtRest = await lagOf(settlement);
  await log.readAgain(door);
  for (const [key, { reply }] of memory) log.hold(JSON.parse(reply.text), key);
  await readModelsAsRebuilt(door, dir);
  await verified(door);
  same(await town.strike('SIGTERM'), 0, 'exit code after SIGTERM');
  await filesAreRight(dir, diary);
  console.log(`${memory.size} commands, ${log.size()} events; everything came to its end once`);
  for (const { what, p95, asked } of slowest(latencies, 8))
    console.log(`      ${what.padEnd(60)} p95 ${p95.toFixed(0)} ms of ${asked}`);
  return verdictOn({ minutes: lasted, samples, latencies, lagAtRest, faults: town.faults });
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options });
  if (values.help) return console.log(help);
  const [minutes, seed, size] = [Number(values.minutes), Number(values.seed), Number(values.people)];
  const leak = Number(values.leak);
  if (!(minutes > 0 && leak >= 0 && Number.isInteger(seed) && Number.isInteger(size) && size > 0))
    throw new Error(help);
  const dir = mkdtempSync(join(tmpdir(), 'autopilot-soak-'));
  console.log(`${minutes} minutes, --seed ${seed}, data folder ${dir}`);
  try {
    const findings = await soak(dir, minutes, { seed, size, beside: processOf(leak) });
    for (const { what, found, limit, holds } of findings)
      console.log(`${holds ? 'ok  ' : 'FAIL'}  ${what.padEnd(52)} ${found.padEnd(46)} ${limit}`);
    if (findings.some(({ holds }) => !holds)) process.exitCode = 1;
    if (!values.keep && process.exitCode !== 1) rmSync(dir, { recursive: true, force: true });
  } catch (error) {
    console.error(`FAILED, --seed ${seed}; the data folder is kept: ${dir}`);
    console.error(error);
    process.exitCode = 1;
  }
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
await main();
process.exit();
