import type { Clock } from '../../clock/port.ts';
import type { Timeline } from './timeline.ts';

/** Never settles: what a call of a dead process does. */
export const forever = <T>(): Promise<T> => new Promise<T>(() => {});

/**
 * One process from its start to its end. Whatever wakes it (timers, answers, requests) comes through `after`, so that a dead process is
 * never woken and a paused one only when its pause is over.
 */
export type Life = {
  alive(): boolean;
  /** Resolves when it dies. */
  readonly died: Promise<void>;
  die(): void;
  /** Nothing wakes it for so many milliseconds. */
  pause(ms: number): void;
  after(ms: number, callback: () => void): () => void;
  /** Resolves after `ms`; never when the process died meanwhile. */
  wait(ms: number): Promise<void>;
};

export const begin = (timeline: Timeline): Life => {
  let alive = true;
  let pausedUntil = 0;
  const { promise: died, resolve } = Promise.withResolvers<void>();

  const after = (ms: number, callback: () => void): (() => void) => {
    let cancel = timeline.after(ms, function wake() {
      if (!alive) return;
      if (timeline.now() < pausedUntil) cancel = timeline.after(pausedUntil - timeline.now(), wake);
      else callback();
    });
    return () => cancel();
  };

  return {
    alive: () => alive,
    died,
    die: () => {
      alive = false;
      resolve();
    },
    pause: (ms) => {
      pausedUntil = Math.max(pausedUntil, timeline.now() + ms);
    },
    after,
    wait: (ms) => new Promise((done) => after(ms, done)),
  };
};

/** The clock of a process. `wallMs` is what the machine's clock says now: it may jump, timers do not notice. */
export const clockOf = (life: Life, wallMs: () => number): Clock => ({
  now: wallMs,
  schedule: life.after,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const awake = (): void => {
        cancel();
        signal?.removeEventListener('abort', awake);
        resolve();
      };
      const cancel = life.after(ms, awake);
      signal?.addEventListener('abort', awake);
    }),
});
