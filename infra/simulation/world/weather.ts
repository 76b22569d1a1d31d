import type { Draw } from './draw.ts';

/** The ports of a process that can be cut off or fail. */
export const portNames = [
  'store',
  'readModels',
  'secrets',
  'objects',
  'scanner',
  'provider',
  'mail',
  'erasures',
  'signedHeads',
] as const;
export type PortName = (typeof portNames)[number];

/**
 * What becomes of one call, times in milliseconds. `refused`: no effect, an error. `lost`: the effect, and an error. `late`: an error, and the
 * effect long after it.
 */
export type Fate = {
  readonly before: number;
  readonly after: number;
  readonly outcome: 'answered' | 'refused' | 'lost' | 'late';
};

export type Weather = {
  fate(port: PortName, effect: boolean): Fate;
  /** From `now` until so many milliseconds later. */
  partition(port: string, forMs: number): void;
  /** Calls may fail and be slow from now on; before, they are answered at once. */
  storm(): void;
  /** No failures, no slowness, no partitions any more. */
  calm(): void;
};

/** One call in so many is slow at all. */
const slowPerMille: Readonly<Record<PortName, number>> = {
  store: 250,
  readModels: 60,
  secrets: 60,
  objects: 300,
  scanner: 500,
  provider: 600,
  mail: 400,
  erasures: 300,
  signedHeads: 100,
};
/** Longest time until somebody who got no answer gives up. */
const timeoutMs = 3_000;
const answered: Fate = { before: 0, after: 0, outcome: 'answered' };

export const openWeather = (options: {
  readonly draw: Draw;
  readonly now: () => number;
  readonly failingPerMille: number;
  readonly slowestMs: number;
}): Weather => {
  const { draw, now, slowestMs } = options;
  let failingPerMille = 0;
  let slow = false;
  const cut = new Map<string, number>();
  /** Short mostly, seldom long. */
  const delay = (): number => Math.ceil(slowestMs * draw.fraction() ** 4);

  return {
    fate: (port, effect) => {
      if ((cut.get(port) ?? 0) > now()) {
        const outcome = effect && draw.chance(200) ? 'lost' : 'refused';
        return { before: 0, after: draw.between(5, timeoutMs), outcome };
      }
      if (draw.chance(failingPerMille)) {
        const outcome = effect ? draw.pick(['refused', 'lost', 'late'] as const) : 'refused';
        return { before: delay(), after: draw.between(0, timeoutMs), outcome };
      }
      if (!slow || !draw.chance(slowPerMille[port])) return answered;
      return { before: delay(), after: draw.chance(300) ? delay() : 0, outcome: 'answered' };
    },
    partition: (port, forMs) => {
      cut.set(port, Math.max(cut.get(port) ?? 0, now() + forMs));
    },
    storm: () => {
      failingPerMille = options.failingPerMille;
      slow = true;
    },
    calm: () => {
      cut.clear();
      failingPerMille = 0;
      slow = false;
    },
  };
};
