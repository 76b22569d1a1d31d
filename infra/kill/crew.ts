import type { Random } from '../random/port.ts';
import { drawn } from './drawn.ts';
import {
  buys,
  comesAndIsErased,
  competes,
  isAskedForProof,
  isDeclined,
  looksAround,
  usesALicense,
} from './errands/buying.ts';
import type { Errand, Scene } from './errands/errand.ts';
import { asksForMoneyBack, cannotGiveBack, disputes, givesBack, isPaidOut } from './errands/money.ts';
import { disturbsWebhooks, rebuilds } from './errands/operating.ts';
import { imports, sellsFewPieces, uploadsVersions } from './errands/selling.ts';

/** What is done, and how often beside the others. */
const errands: readonly (readonly [weight: number, errand: Errand])[] = [
  [12, buys],
  [3, isDeclined],
  [3, isAskedForProof],
  [2, competes],
  [3, usesALicense],
  [3, comesAndIsErased],
  [6, looksAround],
  [5, givesBack],
  [2, cannotGiveBack],
  [3, asksForMoneyBack],
  [3, disputes],
  [4, isPaidOut],
  [2, uploadsVersions],
  [1, sellsFewPieces],
  [1, imports],
  [1, rebuilds],
  [1, disturbsWebhooks],
];

export type Crew = {
  /** Everybody begins with errands, one after the other. */
  work(): void;
  /** One errand at once, beside the others'; it is over when the crew rests. */
  send(errand: Errand): void;
  /** Everybody brings what they are at to its end and rests. */
  rest(): Promise<void>;
  /** Rejects with the first promise that was broken. */
  readonly failed: Promise<never>;
};

/** People who run errands, `size` at a time. `sceneOf`: where the n-th errand is run. */
export const hireCrew = (size: number, random: Random, sceneOf: (n: number) => Scene): Crew => {
  let errandsRun = 0;
  let working = false;
  const under = new Set<Promise<void>>();
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => undefined); // whoever waits hears of it

  const run = async (errand: Errand): Promise<void> => {
    try {
      await errand(sceneOf(errandsRun++));
    } catch (error) {
      working = false;
      reject(error);
    }
  };
  const keep = (work: Promise<void>): void => {
    under.add(work);
    void work.finally(() => under.delete(work));
  };
  const toil = async (): Promise<void> => {
    while (working) await run(drawn(random, errands));
  };

  return {
    failed,
    work: () => {
      working = true;
      for (let n = 0; n < size; n += 1) keep(toil());
    },
    send: (errand) => keep(run(errand)),
    rest: async () => {
      working = false;
      await Promise.race([failed, Promise.all([...under])]);
    },
  };
};
