import { systemClock } from '../clock/system-clock.ts';
import { type Door, put, type Sent } from '../local/test-door.ts';
import { openMarket, register, signedIn } from '../local/test-market.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { type Crew, hireCrew } from './crew.ts';
import { buyerName, buyers, type Diary, type Scene } from './errands/errand.ts';
import { operator } from './errands/operating.ts';
import { type Acknowledged, remembering } from './remembering.ts';
import { stubbornDoor, twinning } from './stubborn-door.ts';
import { type Beside, foundTown, type Town } from './town.ts';
import { auditor } from './witness.ts';

/** A running system with a market in it, and a crew that may begin to work there. */
export type Settlement = {
  readonly town: Town;
  readonly crew: Crew;
  readonly diary: Diary;
  /** For looking: what goes through it is not remembered. */
  readonly door: Door;
  /** What was acknowledged under each Idempotency-Key, in the order in which it was heard. */
  readonly memory: ReadonlyMap<string, Acknowledged>;
  /** Sends a remembered command again. @throws Error when it is answered otherwise than before */
  again(acknowledged: Acknowledged): Promise<number>;
  /** How many requests were not answered, and sent again. */
  readonly lost: () => number;
  /** Resolves when so many more answers were heard. */
  answers(count: number): Promise<void>;
};

const plenty = { stock: 1_000_000, maxRedemptions: 1_000_000 };
/** Of commands that have a key: so many are sent twice at once. */
const twins = 0.05;

const peopleOf = async (door: Door): Promise<void> => {
  const admin = await signedIn(door, 'admin');
  for (const role of [operator, auditor])
    await put(door, `/accounts/${await register(door, role)}/roles`, { roles: [role] }, { token: admin });
  for (let n = 0; n < buyers; n += 1) await register(door, buyerName(n));
};

/** Starts the system on an empty folder `dir`, with `size` people who work there. `seed` decides what they do; `onAnswer` hears of all that is answered. */
export const settle = async (
  {
    dir,
    size,
    seed,
    beside,
  }: { readonly dir: string; readonly size: number; readonly seed: number; readonly beside?: Beside | undefined },
  onAnswer: (request: Sent, ms: number) => void = () => undefined,
): Promise<Settlement> => {
  const town = foundTown(dir, beside);
  await town.start();
  let lost = 0;
  let answers = 0;
  const waiting = new Set<{ readonly until: number; readonly resolve: () => void }>();
  const answered = (request: Sent, ms: number): void => {
    answers += 1;
    onAnswer(request, ms);
    for (const each of waiting)
      if (each.until <= answers) {
        waiting.delete(each);
        each.resolve();
      }
  };
  const onLost = (): void => {
    lost += 1;
  };
  const door = stubbornDoor(town, { answered, lost: onLost });
  const market = await openMarket(door, plenty);
  await peopleOf(door);

  const memory = new Map<string, Acknowledged>();
  const random = seededRandom(seed, systemClock());
  const heard = remembering(door, memory, () => undefined);
  const working = remembering(
    twinning(door, () => random.fraction() < twins),
    memory,
    () => undefined,
  );
  const diary: Diary = { orders: new Set(), lines: [], erased: new Set(), tally: new Map() };
  const sceneOf = (n: number): Scene => ({
    ...{ door: working, town, market, random, diary, n },
    name: (what) => `${what}-${seed}-${String(n).padStart(6, '0')}`,
  });
  return {
    ...{ town, diary, door, memory },
    crew: hireCrew(size, random, sceneOf),
    again: async ({ request }) => (await heard.send(request)).status,
    lost: () => lost,
    answers: (count) =>
      new Promise((resolve) => {
        waiting.add({ until: answers + count, resolve });
      }),
  };
};
