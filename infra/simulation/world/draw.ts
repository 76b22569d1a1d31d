import type { Clock } from '../../clock/port.ts';
import { seededRandom } from '../../random/seeded-random.ts';

/** Choices from one seeded source. */
export type Draw = {
  /** In [0, 1). */
  fraction(): number;
  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True `perMille` times of a thousand. */
  chance(perMille: number): boolean;
  /** @throws Error when there is nothing to pick from */
  pick<T>(from: readonly T[]): T;
};

const noTime: Clock = { now: () => 0, sleep: () => Promise.resolve(), schedule: () => () => {} };

export const drawFrom = (seed: number): Draw => {
  const { fraction } = seededRandom(seed, noTime);
  return {
    fraction,
    between: (low, high) => low + Math.floor(fraction() * (high - low + 1)),
    chance: (perMille) => fraction() * 1000 < perMille,
    pick: (from) => {
      const picked = from[Math.floor(fraction() * from.length)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
  };
};
