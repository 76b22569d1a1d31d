import { Broken } from './expecting.ts';
import { type Process, startProcess } from './process.ts';

const shiftedClock = new URL('shifted-clock.ts', import.meta.url).href;
/** Small, so that what is given up and what matures does so within a run. */
const env = { PAYMENT_TIMEOUT_S: '5', SETTLEMENT_DELAY_S: '1' };

/** A system's data folder, and the process on it, which comes and goes. */
export type Town = {
  readonly dir: string;
  /** Where it listens, once it does. Rejects when it ended without being told to. */
  address(): Promise<string>;
  /** The process id; undefined while there is none. */
  pid(): number | undefined;
  /** Time as the town has it, in ms since the epoch. */
  now(): number;
  /** Starts a process, with its clock `aheadMs` further on than it was. Resolves when it serves. */
  start(aheadMs?: number): Promise<void>;
  /** How long the last start took until it served, in ms. */
  startMs(): number;
  /** Starts a process and does not wait for it. */
  launch(): void;
  /** Ends the process. Resolves with its exit code (null: killed). */
  strike(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
  /** Kills what runs, if anything does; nobody is asked any more. */
  leave(): Promise<void>;
  /** What its processes logged as errors, so far. */
  readonly faults: readonly string[];
};

const isFault = (line: string): boolean => {
  if (!line.startsWith('{')) return line.trim() !== '' && !/^\(|ExperimentalWarning/.test(line);
  return Number(JSON.parse(line).level) >= 50;
};

/** What its processes run before they start, and with what settings beside the town's own. */
export type Beside = { readonly preload: readonly string[]; readonly env: Readonly<Record<string, string>> };

export const foundTown = (dir: string, beside: Beside = { preload: [], env: {} }): Town => {
  const faults: string[] = [];
  let aheadMs = 0;
  let startMs = 0;
  let child: Process | undefined;
  /** Whoever asks where it is waits here, over as many processes as it takes. */
  let up = Promise.withResolvers<string>();
  let isUp = false;

  const launch = (): void => {
    const settings = { ...env, ...beside.env, CLOCK_SHIFT_MS: String(aheadMs) };
    const launched = startProcess(dir, settings, [shiftedClock, ...beside.preload]);
    child = launched;
    const { resolve, reject } = up;
    up.promise.catch(() => undefined); // whoever asks hears of it
    launched.ready.then(
      (address) => {
        if (child !== launched) return;
        isUp = true;
        resolve(address);
      },
      () => undefined, // its end is told below
    );
    void launched.exited.then(({ code, said }) => {
      faults.push(...said.split('\n').filter(isFault));
      if (child !== launched) return;
      const end = new Broken(`the process ended by itself with ${code}: ${said.slice(-2_000)}`);
      reject(end);
      up = Promise.withResolvers<string>();
      up.promise.catch(() => undefined);
      up.reject(end);
    });
  };

  const strike = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    const struck = child;
    if (struck === undefined) throw new Error('there is no process');
    child = undefined;
    if (isUp) up = Promise.withResolvers<string>();
    isUp = false;
    struck.kill(signal);
    return (await struck.exited).code;
  };

  process.once('exit', () => child?.kill('SIGKILL')); // nobody is left behind

  return {
    ...{ dir, launch, strike, faults },
    address: () => up.promise,
    pid: () => child?.pid,
    startMs: () => startMs,
    now: () => Date.now() + aheadMs,
    start: async (further = 0) => {
      aheadMs += further;
      const began = performance.now();
      launch();
      await up.promise;
      startMs = performance.now() - began;
    },
    leave: async () => {
      if (child !== undefined) await strike('SIGKILL');
      up.promise.catch(() => undefined);
      up.reject(new Broken('the town was left'));
    },
  };
};
