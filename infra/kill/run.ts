import { setTimeout as sleep } from 'node:timers/promises';
import { monthAfter, monthOf, startOfMonth } from '../../domain/vendor-account/books.ts';
import { systemClock } from '../clock/system-clock.ts';
import type { Random } from '../random/port.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { allLive, filesAreRight, readModelsAsRebuilt, untilQuiet } from './checks.ts';
import type { Recorded } from './errands/errand.ts';
import { rebuilds } from './errands/operating.ts';
import { imports } from './errands/selling.ts';
import { Broken, holds, same } from './expecting.ts';
import { nextStrike, type Strike } from './plan.ts';
import { type Settlement, settle } from './settlement.ts';
import type { Town } from './town.ts';
import { verified, type Witness, witness } from './witness.ts';

export type Progress = {
  readonly kill: number;
  readonly strike: Strike;
  /** Until it served again, and until what was acknowledged was found and said again. */
  readonly startMs: number;
  readonly checkedMs: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly events: number;
  /** All checks were done, not only the cheap ones. */
  readonly whole: boolean;
};
export type RunOptions = {
  /** An empty folder. */
  readonly dir: string;
  readonly kills: number;
  readonly seed: number;
  /** How many people work at once. */
  readonly size: number;
  /** Everything is checked after so many kills. */
  readonly every: number;
  readonly onKill: (progress: Progress) => void;
};
export type Outcome = {
  readonly acknowledged: number;
  readonly events: number;
  readonly tally: ReadonlyMap<string, number>;
};

/** Before the end of a month so long that the process is up by then. */
const upMs = 2_000;
const resent = 12;
/** Nothing that a crew does takes so long, killed or not. */
const longestRestMs = 300_000;

/** The process with its clock shortly before the end of a month. */
const startAtMonthEnd = async (town: Town): Promise<void> => {
  const soon = town.now() + upMs;
  const end = Date.parse(startOfMonth(monthAfter(monthOf(new Date(soon).toISOString()))));
  await town.start(end - soon);
};

const within = async <T>(ms: number, what: string, work: Promise<T>): Promise<T> => {
  const stop = new AbortController();
  const late = sleep(ms, undefined, { signal: stop.signal }).then(() => {
    throw new Broken(`${what} took longer than ${ms} ms`);
  });
  late.catch(() => undefined); // told in time, it is aborted
  return Promise.race([late, work]).finally(() => stop.abort());
};

const endAt = async ({ town, crew, answers }: Settlement, { during, signal, after }: Strike): Promise<void> => {
  switch (during) {
    case 'load':
      break;
    case 'rebuild':
      for (let n = 0; n < 3; n += 1) crew.send(rebuilds);
      break;
    case 'import':
      crew.send(imports);
      break;
    case 'start-up':
      await town.strike('SIGKILL');
      town.launch();
      await sleep((town.startMs() * after) / 1_000);
      break;
    case 'month end':
      await town.strike('SIGKILL');
      await startAtMonthEnd(town);
      break;
  }
  if (during !== 'start-up')
    await Promise.race([crew.failed, within(longestRestMs, `${after} answers`, answers(after))]);
  const code = await town.strike(signal);
  same(code, signal === 'SIGTERM' ? 0 : null, `exit code after ${signal}`);
};

/** Holds what was acknowledged against the log, once each, and says some of it again. */
const acknowledgements = ({ memory, diary, door, again }: Settlement, log: Witness, random: Random) => {
  let held = 0;
  let linesHeld = 0;
  return async (): Promise<void> => {
    const entries = [...memory];
    const fresh = entries.slice(held).map(([key, { reply }]): [string, Recorded] => [key, JSON.parse(reply.text)]);
    const lines = diary.lines.slice(linesHeld);
    await log.readOn(door);
    for (const [key, recorded] of fresh) log.hold(recorded, key);
    for (const line of lines) log.hold(line, 'a line of an import');
    for (const [, acknowledged] of entries) log.holdWithoutEffect(acknowledged);
    held = entries.length;
    linesHeld += lines.length;
    const isGone = (key: string): boolean =>
      [...diary.erased].some((name) => key.includes(/-\d+-\d+/.exec(name)?.[0] ?? name));
    const some = Array.from({ length: resent }, () => Math.floor(random.fraction() * entries.length));
    const last = Array.from({ length: resent }, (_, n) => entries.length - 1 - n);
    const sendAgain = async (index: number): Promise<void> => {
      const [key, acknowledged] = entries[index] ?? ['', undefined];
      if (acknowledged === undefined || isGone(key)) return;
      const status = await again(acknowledged);
      holds(status < 300 || isGone(key), `${key}, which was acknowledged, answered ${status} when it was sent again`);
    };
    await Promise.all([...new Set([...last, ...some])].map(sendAgain));
  };
};

/** Lets everything come to its end, the process last, and holds all of it against all promises. */
const checkAll = async ({ town, crew, door, diary }: Settlement, log: Witness): Promise<void> => {
  await allLive(door);
  await within(longestRestMs, 'what the crew was at', crew.rest());
  await allLive(door);
  await untilQuiet(door, town.dir);
  await log.readAgain(door);
  await readModelsAsRebuilt(door, town.dir);
  await verified(door);
  same(await town.strike('SIGTERM'), 0, 'exit code after SIGTERM');
  await filesAreRight(town.dir, diary);
  same(town.faults, [], 'what the process logged as errors');
};

/**
 * Settles in `dir`, and kills the process `kills` times under load; after each restart what was acknowledged has to be
 * there, and after every `every` kills everything else. @throws Broken naming the promise that does not hold
 */
export const runKills = async ({ dir, kills, seed, size, every, onKill }: RunOptions): Promise<Outcome> => {
  const settlement = await settle({ dir, size, seed });
  const { town, crew, door, diary, memory, lost } = settlement;
  try {
    const log = witness(dir);
    await log.readOn(door);
    for (const id of log.idsOf('order')) diary.orders.add(id);
    const random = seededRandom(seed + 1, systemClock());
    const strikes = Array.from({ length: kills }, () => nextStrike(random));
    const checkAcknowledged = acknowledgements(settlement, log, random);
    crew.work();
    for (const [index, strike] of strikes.entries()) {
      const kill = index + 1;
      await endAt(settlement, strike);
      await town.start();
      const began = performance.now();
      await Promise.race([crew.failed, checkAcknowledged()]);
      const checkedMs = performance.now() - began;
      const whole = kill % every === 0 || kill === kills;
      if (whole) await checkAll(settlement, log);
      if (whole && kill < kills) {
        await town.start();
        crew.work();
      }
      onKill({
        ...{ startMs: town.startMs(), checkedMs },
        ...{ kill, strike, acknowledged: memory.size + diary.lines.length, lost: lost(), events: log.size(), whole },
      });
    }
    return { acknowledged: memory.size + diary.lines.length, events: log.size(), tally: diary.tally };
  } finally {
    await town.leave();
  }
};
