import type { Clock } from './port.ts';

/** `sleep` of a clock, made of its `schedule`. */
export const sleepBy =
  (schedule: Clock['schedule']): Clock['sleep'] =>
  (ms, signal) =>
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
