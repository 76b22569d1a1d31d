import type { FastifyBaseLogger } from 'fastify';
import type { Projection } from '../../projections/definition.ts';
import { definitions } from '../../projections/definitions.ts';
import { auditProjection } from '../../projections/engine/source.ts';
import type { JumpingClock } from '../clock/jumping-clock.ts';
import { type Config, readConfig } from '../config/config.ts';
import type { DataFolder } from '../local/data-folder.ts';
import { embeddedPorts } from '../local/embedded-ports.ts';
import type { Ports } from '../local/ports.ts';
import { type System, startSystem } from '../local/system.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { systemRandom } from '../random/system-random.ts';
import { type HeldProvider, heldProvider } from './held-provider.ts';
import { quickPorts } from './quick-ports.ts';
import { addressOf, demoPassword } from './sign-ins.ts';

/** A whole system whose clock is somebody else's. */
export type RaisedSystem = {
  readonly system: System;
  readonly ports: Ports;
  readonly provider: HeldProvider;
  /** Whether one that is fed has yet to see the last event. */
  behind(): Promise<boolean>;
  stop(): Promise<void>;
};

export type Surroundings = {
  readonly config: Config;
  readonly folder: Pick<DataFolder, 'path'>;
  readonly log: FastifyBaseLogger;
  readonly clock: JumpingClock;
  /** Stands between the system and its ports: faults, observers. */
  readonly wrap?: (ports: Ports) => Ports;
};

const seed = 7;

export const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Starts a system that feeds `readModels`, without them all and the audit index; `held`: its
 * provider answers nothing. Its rules are the defaults, whatever `config` says, so that the same comes out
 * each time; ids come from a seed, and every secret from the machine: what the demo shows is public, not what later
 * happens on its folder. Nothing is synced to the disk.
 */
export const raiseSystem = async (
  { config, folder, log, clock, wrap }: Surroundings,
  readModels: readonly Projection[] | undefined,
  { held = false }: { readonly held?: boolean } = {},
): Promise<RaisedSystem> => {
  const random = { ...seededRandom(seed, clock), bytes: systemRandom(clock).bytes };
  const rules = readConfig({
    ADMIN_EMAIL: addressOf('admin'),
    ADMIN_PASSWORD: demoPassword,
    RATE_LIMIT: 'off',
    ...(config.MASTER_KEY === undefined ? {} : { MASTER_KEY: config.MASTER_KEY }),
  });
  const quiet = log.child({ demo: 'filling' }, { level: log.level === 'silent' ? 'silent' : 'error' });
  const opened = await embeddedPorts(rules, folder, quiet, { clock, random, durable: false });
  const ports = quickPorts(wrap?.(opened) ?? opened);
  let made: HeldProvider | undefined;
  const payments: Ports['payments'] = (deliver) => {
    made = heldProvider(ports.payments(deliver));
    if (held) made.hold();
    return made.payments;
  };
  const system = await startSystem(rules, { ...ports, payments }, readModels === undefined ? {} : { readModels });
  if (made === undefined) throw new Error('a system without a payment provider');
  const provider = made;
  const fed = readModels?.map(({ name }) => name) ?? [...definitions.map(({ name }) => name), auditProjection];

  return {
    ...{ system, ports, provider },
    behind: async () => {
      const head = (await ports.store.head()) ?? -1n;
      for (const name of fed) if (((await ports.readModels.documents.position(name)) ?? -1n) < head) return true;
      return false;
    },
    stop: async () => {
      provider.hangUp();
      let over = false;
      const stopped = system.stop().finally(() => {
        over = true;
      });
      // What sleeps on the way out (the door, pauses before a retry) sleeps on this clock.
      while (!over) {
        await turnOfTheLoop();
        clock.jump(clock.now() + 1);
      }
      await stopped;
    },
  };
};
