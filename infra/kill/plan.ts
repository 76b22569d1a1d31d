import type { Random } from '../random/port.ts';
import { drawn } from './drawn.ts';

/** When the process is ended. */
export type Strike = {
  readonly during: 'load' | 'start-up' | 'rebuild' | 'import' | 'month end';
  readonly signal: 'SIGKILL' | 'SIGTERM';
  /** After so many answers; at a start-up, which gives none, after so many thousandths of the time that it takes. */
  readonly after: number;
};

const moments: readonly (readonly [weight: number, moment: { during: Strike['during']; longest: number }])[] = [
  [50, { during: 'load', longest: 150 }],
  [15, { during: 'start-up', longest: 1_100 }],
  [12, { during: 'rebuild', longest: 60 }],
  [12, { during: 'import', longest: 40 }],
  [6, { during: 'month end', longest: 200 }],
];

/** The next strike of a run; one random makes one run of them. */
export const nextStrike = (random: Random): Strike => {
  const { during, longest } = drawn(random, moments);
  const fraction = random.fraction();
  // Squared: what happens first after a restart is most of it the work of taking up again.
  const after = 1 + Math.floor((during === 'start-up' ? fraction : fraction ** 2) * longest);
  const signal = random.fraction() < 0.08 && during !== 'start-up' ? 'SIGTERM' : 'SIGKILL';
  return { during, signal, after };
};
