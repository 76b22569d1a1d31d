import type { Clock } from '../../infra/clock/port.ts';
import type { ReadModelClock } from '../../infra/documents/port.ts';
import { isBehind } from '../../infra/documents/sink.port.ts';

/** A `ReadModelClock` that is told when a live checkpoint moved. */
export type MovableClock = ReadModelClock & {
  moved(): void;
  /** Whether somebody waits. */
  awaited(): boolean;
};

/** How often it is looked for what another worker does. */
const lookEveryMs = 50;

/**
 * `checkpointOf` answers the checkpoint of what this worker shows to readers of a projection, `seen` of what they see: it may be behind when
 * another worker has just switched them. Undefined: none yet. @throws Error for an unknown name. `begun` is called when somebody begins to wait.
 */
export const readModelClock = (
  clock: Clock,
  checkpointOf: (projection: string) => bigint | undefined,
  seen: (projection: string) => Promise<bigint | undefined>,
  begun: () => void = () => {},
): MovableClock => {
  const waiting = new Set<() => void>();

  const handled = async (
    projections: readonly string[],
    position: bigint,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<boolean> => {
    const there = (): boolean => projections.every((projection) => !isBehind(checkpointOf(projection), position));
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
  };

  return {
    awaited: () => waiting.size > 0,
    moved: () => {
      for (const check of waiting) check();
    },
    reached: async (projections, position, timeoutMs, signal) => {
      const until = clock.now() + timeoutMs;
      while (await handled(projections, position, until - clock.now(), signal)) {
        const visible = await Promise.all(projections.map(seen));
        if (!visible.some((checkpoint) => isBehind(checkpoint, position))) return true;
        const leftMs = until - clock.now();
        if (leftMs <= 0 || signal?.aborted === true) return false;
        await clock.sleep(Math.min(lookEveryMs, leftMs), signal);
      }
      return false;
    },
  };
};
