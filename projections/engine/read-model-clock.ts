import type { Clock } from '../../infra/clock/port.ts';
import type { ReadModelClock } from '../../infra/documents/port.ts';

/** A `ReadModelClock` that is told when a live checkpoint moved. */
export type MovableClock = ReadModelClock & {
  moved(): void;
  /** Whether somebody waits. */
  awaited(): boolean;
};

/**
 * `checkpointOf` answers the checkpoint that readers of a projection see; undefined: none yet. @throws Error for an unknown name.
 * `begun` is called when somebody begins to wait.
 */
export const readModelClock = (
  clock: Clock,
  checkpointOf: (projection: string) => bigint | undefined,
  begun: () => void = () => {},
): MovableClock => {
  const waiting = new Set<() => void>();

  return {
    awaited: () => waiting.size > 0,
    moved: () => {
      for (const check of waiting) check();
    },
    reached: async (projections, position, timeoutMs, signal) => {
      const there = (): boolean =>
        projections.every((projection) => {
          const checkpoint = checkpointOf(projection);
          return checkpoint !== undefined && checkpoint >= position;
        });
      if (there()) return true;
      if (signal?.aborted === true || timeoutMs <= 0) return false;
      return new Promise((resolve) => {
        const finish = (answer: boolean): void => {
          waiting.delete(check);
          cancel();
          signal?.removeEventListener('abort', giveUp);
          resolve(answer);
        };
        const check = (): void => {
          if (there()) finish(true);
        };
        const giveUp = (): void => finish(false);
        const cancel = clock.schedule(timeoutMs, giveUp);
        signal?.addEventListener('abort', giveUp);
        waiting.add(check);
        begun();
      });
    },
  };
};
