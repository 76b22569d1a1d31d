import type { Clock } from '../../infra/clock/port.ts';
import type { GenerationRef } from '../../infra/documents/sink.port.ts';
import type { Random } from '../../infra/random/port.ts';
import { backoff } from './backoff.ts';
import type { Log } from './log.ts';

/** Told that readers see this generation now. Idempotent: it hears the same more than once. */
export type OnSwitched = (projection: string, generation: number) => Promise<void>;

export type Announce = {
  (ref: GenerationRef): void;
  /** Resolves when nothing is being announced. */
  settled(): Promise<void>;
};

/** Tells of switches, each until it succeeds or `signal` aborts; what is left then is told at the next start. */
export const announcer = (options: {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly onSwitched: OnSwitched;
  readonly signal: AbortSignal;
}): Announce => {
  const { clock, random, log, onSwitched, signal } = options;
  const running = new Set<Promise<void>>();
  const tell = async ({ projection, generation }: GenerationRef): Promise<void> => {
    const retry = backoff(clock, random);
    while (!signal.aborted) {
      try {
        return await onSwitched(projection, generation);
      } catch (error) {
        log.warn({ projection, generation, error }, 'the switch was not recorded yet');
        await retry.failed(signal);
      }
    }
  };
  const announce = (ref: GenerationRef): void => {
    const telling = tell(ref).finally(() => running.delete(telling));
    running.add(telling);
  };
  return Object.assign(announce, {
    settled: async () => {
      await Promise.all(running);
    },
  });
};
