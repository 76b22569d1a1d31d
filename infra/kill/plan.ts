import type { Random } from '../random/port.ts';
import { drawn } from './drawn.ts';

/** When the process is ended: so many ms after what is going on began. */
export type Strike = {
  readonly during: 'load' | 'start-up' | 'rebuild' | 'import' | 'month end';
  readonly signal: 'SIGKILL' | 'SIGTERM';
  readonly afterMs: number;
};

const moments: readonly (readonly [weight: number, moment: { during: Strike['during']; longestMs: number }])[] = [
  [50, { during: 'load', longestMs: 1_500 }],
  [15, { during: 'start-up', longestMs: 1_500 }],
  [12, { during: 'rebuild', longestMs: 900 }],
  [12, { during: 'import', longestMs: 900 }],
  [6, { during: 'month end', longestMs: 4_000 }],
];

/** The next strike of a run; one random makes one run of them. */
export const nextStrike = (random: Random): Strike => {
  const { during, longestMs } = drawn(random, moments);
  // Squared: early moments, where more happens a millisecond, come more often.
  const afterMs = Math.round(random.fraction() ** 2 * longestMs);
  const signal = random.fraction() < 0.08 && during !== 'start-up' ? 'SIGTERM' : 'SIGKILL';
  return { during, signal, afterMs };
};
