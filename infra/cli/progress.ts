import { Presets, SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.ts';

export type Progress = {
  /** So much is done. `note` goes behind the bar. */
  at(done: number, note?: string): void;
  /** Another total than was thought. */
  total(total: number): void;
  end(): void;
};

/** Without a terminal: a line every so often. */
const lineEveryMs = 5_000;

const clockText = (seconds: number): string => {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
};

/** `12.4/s, 2 min 05 s left`; what was done `before` this run does not count as speed. */
export const pace = (done: number, total: number, before: number, elapsedMs: number): string => {
  const rate = elapsedMs <= 0 ? 0 : ((done - before) * 1_000) / elapsedMs;
  if (rate <= 0) return '–/s';
  const shown = rate < 10 ? rate.toFixed(1) : String(Math.round(rate));
  return done >= total ? `${shown}/s` : `${shown}/s, ${clockText((total - done) / rate)} left`;
};

/** A bar with rate and time left on a terminal, a line now and then elsewhere; standard error in any case. */
export const startProgress = (
  terminal: Pick<Terminal, 'clock' | 'err' | 'bar'>,
  what: string,
  total: number,
  before = 0,
): Progress => {
  const { clock, err } = terminal;
  const began = clock.now();
  const known = { total, lastLine: began };
  const bar =
    terminal.bar === undefined
      ? undefined
      : new SingleBar(
          {
            format: `${what} {bar} {percentage} % | {value}/{total} | {pace} {note}`,
            stream: terminal.bar,
            hideCursor: true,
            barsize: 30,
          },
          Presets.shades_classic,
        );
  bar?.start(total, before, { pace: '–/s', note: '' });
  return {
    at: (done, note = '') => {
      const now = clock.now();
      const speed = pace(done, known.total, before, now - began);
      bar?.update(done, { pace: speed, note });
      if (bar !== undefined || now - known.lastLine < lineEveryMs) return;
      known.lastLine = now;
      err(`${what} ${done}/${known.total} | ${speed}${note === '' ? '' : ` | ${note}`}\n`);
    },
    total: (changed) => {
      known.total = changed;
      bar?.setTotal(changed);
    },
    end: () => bar?.stop(),
  };
};
