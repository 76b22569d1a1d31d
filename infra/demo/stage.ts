import { definitions } from '../../projections/definitions.ts';
import { jumpingClock } from '../clock/jumping-clock.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { type Door, doorOf } from './door.ts';
import type { HeldProvider } from './held-provider.ts';
import { raiseSystem, type Surroundings, turnOfTheLoop } from './raised-system.ts';

/** A whole system on a folder, whose time is the stage's own. */
export type Stage = Door & {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Chance, from 0 to 1, the same at each filling. */
  chance(): number;
  /** Moves the time on to `ms`; what falls due on the way happens at its own time. Nothing for a time that has passed. */
  travel(ms: number): Promise<void>;
  /** Lets all that is under way come to rest while the time stands. @throws Error when it does not */
  settle(): Promise<void>;
  readonly provider: Pick<HeldProvider, 'hold' | 'release'>;
  /** Ends it, and leaves every read model built. */
  close(): Promise<void>;
};

/** What the story itself asks for; all others are built from the log in large batches when it is over. */
const readOnTheWay = new Set(['desk', 'orders', 'licenses', 'balances', 'notifications', 'people', 'vendors']);
/** What is owed at once is on the desk with this grace. */
const graceMs = 2_000;
const seed = 8;
/** So many looks without an event are a rest; so many with something owed are a wait for a retry or a webhook. */
const restLooks = 2;
const stuckLooks = 400;
const turnsALook = 5;

const text = (ms: number): string => new Date(ms).toISOString();

/** Starts it at `startMs`. */
export const openStage = async (given: Omit<Surroundings, 'clock'>, startMs: number): Promise<Stage> => {
  const clock = jumpingClock(startMs);
  const surroundings = { ...given, clock };
  const onTheWay = definitions.filter(({ name }) => readOnTheWay.has(name));
  const raised = await raiseSystem(surroundings, onTheWay);
  const { ports, behind, provider } = raised;
  const { documents } = ports.readModels;

  /** When the first thing of the desk is due, if that is until then. */
  const dueBy = async (until: number): Promise<number | undefined> => {
    const where = { dueAt: { lte: text(until) } };
    const [first] = await documents.find('desk', { where, order: [{ field: 'dueAt', direction: 'asc' }], limit: 1 });
    return first === undefined ? undefined : Date.parse(String(first.document.dueAt));
  };
  const anyBehind = async (): Promise<boolean> => {
    for (const { name } of onTheWay) if (await behind(name)) return true;
    return false;
  };

  const settle = async (): Promise<void> => {
    let looks = 0;
    for (let still = 0, head: bigint | undefined; still < restLooks; looks++) {
      if (looks > 20 * stuckLooks) throw new Error(`the demo does not come to rest at ${text(clock.now())}`);
      for (let turn = 0; turn < turnsALook; turn++) {
        await turnOfTheLoop();
        clock.jump(clock.now());
      }
      if (looks % stuckLooks === stuckLooks - 1) clock.jump(clock.now() + 1_000);
      const before = head;
      head = await ports.store.head();
      const busy = head !== before || (await anyBehind()) || (await dueBy(clock.now() + graceMs)) !== undefined;
      still = busy ? 0 : still + 1;
    }
  };

  return {
    ...doorOf(raised.system.app, clock.now),
    now: clock.now,
    chance: seededRandom(seed, clock).fraction,
    travel: async (until) => {
      while (clock.now() < until) {
        const due = await dueBy(until);
        clock.jump(Math.min(until, Math.max(due ?? until, clock.now() + 1)));
        await settle();
      }
    },
    settle,
    provider,
    close: async () => {
      await raised.stop();
      // What waits for the bank goes on waiting.
      const whole = await raiseSystem(surroundings, definitions, true);
      for (const { name } of definitions) while (await whole.behind(name)) await turnOfTheLoop();
      await whole.stop();
    },
  };
};
