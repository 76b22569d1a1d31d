import type { Clock } from '../clock/port.ts';
import type { Counters } from './port.ts';

type Window = { count: number; readonly resetsAt: number };

/** Counters in this process; at most `capacity` keys, the oldest windows go first. */
export const localCounters = (clock: Clock, capacity = 100_000): Counters => {
  const windows = new Map<string, Window>();
  return {
    hit: async (key, windowMs) => {
      const now = clock.now();
      const known = windows.get(key);
      if (known !== undefined && known.resetsAt > now) {
        known.count += 1;
        return known;
      }
      const fresh: Window = { count: 1, resetsAt: now + windowMs };
      windows.delete(key);
      windows.set(key, fresh);
      if (windows.size > capacity)
        for (const oldest of windows.keys()) {
          windows.delete(oldest);
          break;
        }
      return fresh;
    },
  };
};
