import type { Clock } from '../../infra/clock/port.ts';
import type { Random } from '../../infra/random/port.ts';

const firstMs = 100;
const longestMs = 30_000;

/** Waits longer after each failure in a row, at random between half and all of it so that replicas don't retry together. */
export type Backoff = { failed(signal: AbortSignal): Promise<void>; succeeded(): void };

export const backoff = (clock: Clock, random: Random): Backoff => {
  let failures = 0;
  return {
    failed: (signal) => {
      const ms = Math.min(longestMs, firstMs * 2 ** Math.min(failures, 20));
      failures += 1;
      return clock.sleep(ms * (0.5 + random.fraction() / 2), signal);
    },
    succeeded: () => {
      failures = 0;
    },
  };
};
