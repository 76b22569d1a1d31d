import type { Clock } from './port.ts';

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

const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const awake = (): void => {
      cancel();
      signal?.removeEventListener('abort', awake);
      resolve();
    };
    const cancel = schedule(ms, awake);
    signal?.addEventListener('abort', awake);
  });

/** The machine's clock and Node's timers. Delays may be longer than Node's own limit of 24.8 days. */
export const systemClock = (): Clock => ({ now: Date.now, sleep, schedule });
