import type { Clock } from '../../infra/clock/port.ts';
import type { GenerationRef } from '../../infra/documents/sink.port.ts';
import type { Random } from '../../infra/random/port.ts';
import { backoff } from './backoff.ts';
import type { Log } from './log.ts';

export type UntilDone = {
  /** `attempt` must be idempotent: its answer may have been lost. `unfinished` is what the log says when it failed. */
  (ref: GenerationRef, unfinished: string, attempt: () => Promise<void>): void;
  /** Resolves when nothing is being tried. */
  settled(): Promise<void>;
};

/**
 * For what follows a switch and nobody waits for: tries it, with pauses that grow, until it succeeds or `signal` aborts; what is
 * left then is done at the next start.
 */
export const untilDone = (options: {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly signal: AbortSignal;
}): UntilDone => {
  const { clock, random, log, signal } = options;
  const running = new Set<Promise<void>>();
  const keepTrying: (...work: Parameters<UntilDone>) => Promise<void> = async (ref, unfinished, attempt) => {
    const retry = backoff(clock, random);
    while (!signal.aborted) {
      try {
        return await attempt();
      } catch (error) {
        const { projection, generation } = ref;
        log.warn({ projection, generation, error }, unfinished);
        await retry.failed(signal);
      }
    }
  };
  const begin: (...work: Parameters<UntilDone>) => void = (...work) => {
    const trying = keepTrying(...work).finally(() => running.delete(trying));
    running.add(trying);
  };
  return Object.assign(begin, {
    settled: async () => {
      await Promise.all(running);
    },
  });
};
