import type { Clock } from '../../clock/port.ts';

/** Afterwards others have the thread for so many times as long, */
const restsForWork = 20;
/** but nobody waits longer for the next than this. */
const longestRestMs = 5_000;

/**
 * Work that holds the thread, and is done once for all who ask for it before it begins. Rejects with what it throws, each of
 * them; who asks then begins it anew.
 */
export const sharedWork = (work: () => void, clock: Clock): (() => Promise<void>) => {
  let coming: Promise<void> | undefined;
  let rested: Promise<void> = Promise.resolve();
  return () => {
    coming ??= rested.then(() => {
      coming = undefined;
      const began = clock.now();
      try {
        work();
      } finally {
        const restMs = Math.min(longestRestMs, (clock.now() - began) * restsForWork);
        rested = restMs > 0 ? clock.sleep(restMs) : Promise.resolve();
      }
    });
    return coming;
  };
};
