import type { FastifyBaseLogger } from 'fastify';
import { definitions } from '../../projections/definitions.ts';
import { jumpingClock } from '../clock/jumping-clock.ts';
import { type Config, readConfig } from '../config/config.ts';
import type { DataFolder } from '../local/data-folder.ts';
import { embeddedPorts } from '../local/embedded-ports.ts';
import type { Ports } from '../local/ports.ts';
import { startSystem } from '../local/system.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { systemRandom } from '../random/system-random.ts';
import { type Door, doorOf } from './door.ts';
import { type HeldProvider, heldProvider } from './held-provider.ts';
import { addressOf, demoPassword } from './sign-ins.ts';

/** A whole system on a folder, whose time is the stage's own. */
export type Stage = Door & {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Chance, the same at each filling. */
  chance(): number;
  /** Moves the time on to `ms`; what falls due on the way happens at its own time. Nothing for a time that has passed. */
  travel(ms: number): Promise<void>;
  /** Lets all that is under way come to rest while the time stands. @throws Error when it does not */
  settle(): Promise<void>;
  readonly provider: Pick<HeldProvider, 'hold' | 'release'>;
  /** Ends it, once every read model has caught up. */
  close(): Promise<void>;
};

/** What is owed at once is on the desk with this grace. */
const graceMs = 2_000;
const seed = 7;
/** So many looks without an event are a rest; so many with something owed are a wait for a retry or a webhook. */
const restLooks = 3;
const stuckLooks = 400;

const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const text = (ms: number): string => new Date(ms).toISOString();

/**
 * Starts it at `startMs`. Its rules are the defaults, whatever `config` says, so that the same comes out each time; ids come
 * from a seed, and every secret from the machine: what the demo shows is public, not what later happens on its folder.
 */
export const openStage = async (
  config: Config,
  folder: Pick<DataFolder, 'path'>,
  log: FastifyBaseLogger,
  startMs: number,
  wrap: (ports: Ports) => Ports = (ports) => ports,
): Promise<Stage> => {
  const clock = jumpingClock(startMs);
  const random = { ...seededRandom(seed, clock), bytes: systemRandom(clock).bytes };
  const rules = readConfig({
    ADMIN_EMAIL: addressOf('admin'),
    ADMIN_PASSWORD: demoPassword,
    RATE_LIMIT: 'off',
    ...(config.MASTER_KEY === undefined ? {} : { MASTER_KEY: config.MASTER_KEY }),
  });
  const quiet = log.child({ demo: 'filling' }, { level: 'error' });
  const ports = wrap(await embeddedPorts(rules, folder, quiet, { clock, random, durable: false }));
  let held: HeldProvider | undefined;
  const system = await startSystem(rules, {
    ...ports,
    payments: (deliver) => {
      held = heldProvider(ports.payments(deliver));
      return held.payments;
    },
  });
  if (held === undefined) throw new Error('a system without a payment provider');
  const provider = held;
  const { documents } = ports.readModels;
  const chances = seededRandom(seed + 1, clock);

  const behind = async (name: string): Promise<boolean> =>
    ((await documents.position(name)) ?? -1n) < ((await ports.store.head()) ?? -1n);
  /** Something of the desk is due by `until`. */
  const dueBy = async (until: number): Promise<number | undefined> => {
    const where = { dueAt: { lte: text(until) } };
    const [first] = await documents.find('desk', { where, order: [{ field: 'dueAt', direction: 'asc' }], limit: 1 });
    return first === undefined ? undefined : Date.parse(String(first.document.dueAt));
  };

  const settle = async (): Promise<void> => {
    let looks = 0;
    for (let still = 0, head: bigint | undefined; still < restLooks; looks++) {
      if (looks > 50 * stuckLooks) throw new Error(`the demo does not come to rest at ${text(clock.now())}`);
      await turnOfTheLoop();
      clock.jump(looks % stuckLooks === stuckLooks - 1 ? clock.now() + 1_000 : clock.now());
      const before = head;
      head = await ports.store.head();
      const busy = head !== before || (await behind('desk')) || (await dueBy(clock.now() + graceMs)) !== undefined;
      still = busy ? 0 : still + 1;
    }
  };

  const travel = async (until: number): Promise<void> => {
    while (clock.now() < until) {
      const due = await dueBy(until);
      clock.jump(Math.min(until, Math.max(due ?? until, clock.now() + 1)));
      await settle();
    }
  };

  return {
    ...doorOf(system.app, clock.now),
    now: clock.now,
    chance: chances.fraction,
    travel,
    settle,
    provider,
    close: async () => {
      for (const { name } of definitions) while (await behind(name)) await turnOfTheLoop();
      provider.hangUp();
      const stopped = system.stop();
      let over = false;
      void stopped.finally(() => {
        over = true;
      });
      // What sleeps on the way out (the door, pauses before a retry) sleeps on this clock.
      while (!over) {
        await turnOfTheLoop();
        clock.jump(clock.now() + 50);
      }
      await stopped;
    },
  };
};
