import type { Random } from '../random/port.ts';

/** One of the things, each as often as its weight says. @throws RangeError when there are none */
export const drawn = <T>(random: Random, things: readonly (readonly [weight: number, thing: T])[]): T => {
  let left = random.fraction() * things.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, thing] of things) {
    left -= weight;
    if (left < 0) return thing;
  }
  throw new RangeError('nothing to draw from');
};
