import type { Clock } from './port.ts';
import { sleepBy } from './sleep-by.ts';

/** A clock that stands still and jumps when told to, as that of a machine that slept: for filling in the past. */
export type JumpingClock = Clock & {
  /**
   * Moves the time on to `ms` since the Unix epoch (never back) and runs what fell due meanwhile, once, in order of its
   * time: what set itself a timer every second is behind after a jump of a day, and not called 86,400 times.
   */
  jump(ms: number): void;
};

type Timer = { readonly due: number; readonly callback: () => void };

/** A `JumpingClock` that starts at `startMs` milliseconds since the Unix epoch. */
export const jumpingClock = (startMs: number): JumpingClock => {
  let now = startMs;
  const timers = new Set<Timer>();

  const schedule = (ms: number, callback: () => void): (() => void) => {
    const timer = { due: now + Math.max(0, ms), callback };
    timers.add(timer);
    return () => timers.delete(timer);
  };

  return {
    now: () => now,
    schedule,
    sleep: sleepBy(schedule),
    jump: (ms) => {
      now = Math.max(now, ms);
      const due = [...timers].filter((timer) => timer.due <= now).sort((a, b) => a.due - b.due);
      for (const timer of due) if (timers.delete(timer)) timer.callback();
    },
  };
};
