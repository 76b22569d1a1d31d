import type { Clock } from './port.ts';
import { sleepBy } from './sleep-by.ts';

/** The longest delay a timer of Node takes (2^31 - 1 ms, 24.8 days); a longer one would fire at once. */
const longestTimer = 2_147_483_647;

const schedule = (ms: number, callback: () => void): (() => void) => {
  let timer: NodeJS.Timeout;
  const arm = (left: number): void => {
    timer = left > longestTimer ? setTimeout(() => arm(left - longestTimer), longestTimer) : setTimeout(callback, left);
  };
  arm(ms);
  return () => clearTimeout(timer);
};

/** The machine's clock and Node's timers. Delays may be longer than Node's own limit of 24.8 days. */
export const systemClock = (): Clock => ({ now: Date.now, sleep: sleepBy(schedule), schedule });
