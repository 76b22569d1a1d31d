import type { Clock } from './port.ts';
import { sleepBy } from './sleep-by.ts';

/** A clock that stands still until it is told otherwise: for tests. */
export type ManualClock = Clock & {
  /**
   * Moves the time on by `ms`. What falls due on the way runs in order of its time (then of its scheduling), each at
   * exactly its own time; after each one a whole turn of the event loop passes, so what it set off (microtasks, and timers
   * that these schedule) is seen before time moves on. Rejects with what a callback throws. One `advance` at a time.
   */
  advance(ms: number): Promise<void>;
};

const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A `ManualClock` that starts at `startMs` milliseconds since the Unix epoch. */
export const manualClock = (startMs: number): ManualClock => {
  let now = startMs;
  const timers = new Set<{ readonly due: number; readonly callback: () => void }>();

  const schedule = (ms: number, callback: () => void): (() => void) => {
    const timer = { due: now + Math.max(0, ms), callback };
    timers.add(timer);
    return () => timers.delete(timer);
  };

  /** The set keeps the order of scheduling, so of several due at one time the first one wins. */
  const nextDue = (until: number) => {
    let next: { readonly due: number; readonly callback: () => void } | undefined;
    for (const timer of timers) if (timer.due <= until && (next === undefined || timer.due < next.due)) next = timer;
    return next;
  };

  return {
    now: () => now,
    schedule,
    sleep: sleepBy(schedule),
    advance: async (ms) => {
      const until = now + ms;
      await turnOfTheLoop();
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        now = timer.due;
        timers.delete(timer);
        timer.callback();
        await turnOfTheLoop();
      }
      now = until;
    },
  };
};
