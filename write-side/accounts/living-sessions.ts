import type { Clock } from '../../infra/clock/port.ts';
import { boundedMap } from '../bounded.ts';

const rememberedSessions = 10_000;

/**
 * Which sessions live, remembered in this process: safe where the process that ends a session is the one that is
 * asked. Ending one forgets them all, so the next question of each goes to the store.
 */
export type LivingSessions = {
  isAlive(sessionId: string): Promise<boolean>;
  /** Runs `end`, after which no session that it ended is taken for alive. */
  ending(end: () => Promise<void>): Promise<void>;
  /**
   * Calls `ended` as soon as the session does not live any more, now or later, by a hand in this process; one that only expires is
   * not told of. Returns what stops watching.
   */
  watch(sessionId: string, ended: () => void): () => void;
};

/** `expiryOf` reads from the store when (ms) the session ends by itself; undefined when there is none. */
export const livingSessions = (
  clock: Clock,
  expiryOf: (sessionId: string) => Promise<number | undefined>,
): LivingSessions => {
  const expiries = boundedMap<number>(rememberedSessions);
  /** Grows when sessions ended: what was read before that must not be remembered after it. */
  let ends = 0;

  const isAlive = async (sessionId: string): Promise<boolean> => {
    const remembered = expiries.get(sessionId);
    if (remembered !== undefined && clock.now() < remembered) return true;
    const during = ends;
    const expiresAt = await expiryOf(sessionId);
    if (expiresAt === undefined || clock.now() >= expiresAt) return false;
    if (during === ends) expiries.set(sessionId, expiresAt);
    return true;
  };

  const watches = new Set<() => void>();

  return {
    isAlive,
    watch: (sessionId, ended) => {
      const stop = (): boolean => watches.delete(look);
      const tell = (): void => {
        if (stop()) ended();
      };
      // What can't be asked about is taken for ended: who still has the session comes again.
      const look = (): void => {
        isAlive(sessionId).then((alive) => alive || tell(), tell);
      };
      watches.add(look);
      look(); // it may have ended before it was watched
      return stop;
    },
    ending: async (end) => {
      try {
        await end();
      } finally {
        // Also when it failed: the store may have done it.
        ends += 1;
        expiries.clear();
        for (const look of [...watches]) look();
      }
    },
  };
};
