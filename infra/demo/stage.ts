import { definitions } from '../../projections/definitions.ts';
import { jumpingClock } from '../clock/jumping-clock.ts';
import { systemClock } from '../clock/system-clock.ts';
import { eventCodec } from '../event-codec/event-codec.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { personKeys } from '../secrets/person-keys.ts';
import { type Door, doorOf } from './door.ts';
import { type Happened, happenedIn } from './happened.ts';
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
  /** For the story, as most read models are built when it is over. */
  readonly happened: Happened;
  /** Lets all that is under way come to rest while the time stands. @throws Error when it does not */
  settle(): Promise<void>;
  readonly provider: Pick<HeldProvider, 'hold' | 'release'>;
  /** Ends it, and leaves every read model built. */
  close(): Promise<void>;
};

/** What the commands of the story need; all others are built from the log in large batches when it is over. */
const readOnTheWay = new Set(['desk', 'licenses']);
/** What is owed at once is on the desk with this grace. */
const graceMs = 2_000;
const seed = 8;
/** So many looks without anything owed are a rest. */
const restLooks = 2;
const turnsALook = 5;
/** After so many looks without an event something is waited for: the disk or another thread, which take real time. */
const patientLooks = 5;
/** So many of those waits, a millisecond each, are one for a retry, which takes time of the stage. */
const stuckWaits = 2_000;

const realTime = systemClock();

const text = (ms: number): string => new Date(ms).toISOString();

/** Starts it at `startMs`. */
export const openStage = async (given: Omit<Surroundings, 'clock'>, startMs: number): Promise<Stage> => {
  const clock = jumpingClock(startMs);
  const surroundings = { ...given, clock };
  const onTheWay = definitions.filter(({ name }) => readOnTheWay.has(name));
  const raised = await raiseSystem(surroundings, onTheWay);
  const { ports, behind, provider } = raised;
  const { documents } = ports.readModels;
  const codec = eventCodec({ keys: personKeys(ports.secrets, ports.random), random: ports.random });

  /** When the first thing of the desk is due, if that is until then. */
  const dueBy = async (until: number): Promise<number | undefined> => {
    const where = { dueAt: { lte: text(until) } };
    const [first] = await documents.find('desk', { where, order: [{ field: 'dueAt', direction: 'asc' }], limit: 1 });
    return first === undefined ? undefined : Date.parse(String(first.document.dueAt));
  };
  const settle = async (): Promise<void> => {
    let waits = 0;
    let quiet = 0;
    for (let still = 0, head: bigint | undefined; still < restLooks; ) {
      for (let turn = 0; turn < turnsALook; turn++) {
        await turnOfTheLoop();
        clock.jump(clock.now());
      }
      const before = head;
      head = await ports.store.head();
      quiet = head === before ? quiet + 1 : 0;
      const busy = quiet === 0 || (await behind()) || (await dueBy(clock.now() + graceMs)) !== undefined;
      still = busy ? 0 : still + 1;
      if (!busy || quiet < patientLooks) continue;
      await realTime.sleep(1);
      waits++;
      if (waits % stuckWaits === 0) clock.jump(clock.now() + 1_000);
      if (waits > 20 * stuckWaits) throw new Error(`the demo does not come to rest at ${text(clock.now())}`);
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
    happened: happenedIn(ports.store, codec),
    provider,
    close: async () => {
      await raised.stop();
      // What waits for the bank goes on waiting.
      const whole = await raiseSystem(surroundings, undefined, { held: true });
      while (await whole.behind()) await turnOfTheLoop();
      await whole.stop();
    },
  };
};
