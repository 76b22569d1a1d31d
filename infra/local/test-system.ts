import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { DemoSignIn } from '../../read-api/demo/sign-ins-route.ts';
import { headSigner } from '../audit/head-signer.ts';
import { openSignedHeads } from '../audit/sqlite/signed-heads.ts';
import { localCounters } from '../cache/local-counters.ts';
import { type ManualClock, manualClock } from '../clock/manual-clock.ts';
import { readConfig } from '../config/config.ts';
import { openSqliteReadModels } from '../documents/sqlite/open-read-models.ts';
import { fileErasures } from '../erasures/file-erasures.ts';
import { openSqliteEventStore } from '../event-store/sqlite/sqlite-event-store.ts';
import { openOutbox } from '../mail/outbox/open-outbox.ts';
import { folderObjects } from '../objects/folder-objects.ts';
import type { Deliver } from '../payments/simulated/delivery.ts';
import { openSimulatedProvider } from '../payments/simulated/open-simulated-provider.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { builtinScanner } from '../scanner/builtin-scanner.ts';
import { accessTokens } from '../secrets/access-tokens.ts';
import { argon2Hasher } from '../secrets/argon2.ts';
import { openSqliteSecrets } from '../secrets/sqlite/open-sqlite-secrets.ts';
import { documentsOnThread } from './as-of-thread.ts';
import type { Ports } from './ports.ts';
import { readModelFiles } from './read-model-files.ts';
import { type System, startSystem } from './system.ts';

export const administrator = { email: 'admin@example.test', password: 'correct horse battery staple 1' };

export type TestSystem = System & {
  readonly clock: ManualClock;
  readonly ports: Ports;
  readonly dir: string;
  /** Lets time pass until `probe` answers something truthy; fails after `turns` times 100 ms of it, by default an hour. */
  until<T>(what: string, probe: () => Promise<T | undefined | false | null>, turns?: number): Promise<T>;
  /** Stops this one and starts another on the same files; `test-crash.ts` has one that ends without a word. */
  restart(): Promise<TestSystem>;
  dispose(): Promise<void>;
};

export type TestOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly dir?: string;
  readonly startAt?: number;
  readonly signIns?: readonly DemoSignIn[];
  /** Stands between the system and a port of it: faults, observers. */
  readonly wrap?: (ports: Ports) => Ports;
};

const masterKey = new Uint8Array(32).fill(7);
const cheapHash = { memory: 64, passes: 1, parallelism: 1 };

/**
 * The whole system on a temporary folder, driven by `inject`, on a clock that only `until` moves. Answers are checked
 * against the routes' schemas.
 */
export const startTestSystem = async (options: TestOptions = {}): Promise<TestSystem> => {
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'autopilot-'));
  const clock = manualClock(options.startAt ?? Date.parse('2026-11-21T10:00:00.000Z'));
  const random = seededRandom(options.startAt ?? 1, clock);
  const config = readConfig({
    RATE_LIMIT: 'off',
    ADMIN_EMAIL: administrator.email,
    ADMIN_PASSWORD: administrator.password,
    ...options.env,
  });
  const secrets = openSqliteSecrets({ file: join(dir, 'secrets.sqlite'), masterKey, random });
  const readModels = readModelFiles((name) => join(dir, name));
  const outbox = openOutbox({ file: join(dir, 'outbox.sqlite'), secrets, clock });
  const plain: Ports = {
    clock,
    random,
    store: openSqliteEventStore({ file: join(dir, 'log.sqlite'), clock, durable: false }),
    readModels: openSqliteReadModels({ ...readModels, clock }),
    documentsAsOf: documentsOnThread({
      log: join(dir, 'log.sqlite'),
      readModels,
      secrets: join(dir, 'secrets.sqlite'),
      masterKey,
    }),
    secrets,
    hasher: argon2Hasher({ random, params: cheapHash }),
    tokens: await accessTokens({ secrets, clock, random, issuer: 'autopilot' }),
    objects: await folderObjects({ dir: join(dir, 'objects'), random }),
    scanner: builtinScanner(),
    counters: localCounters(clock),
    payments: (deliver: Deliver) => {
      const simulator = openSimulatedProvider({
        file: join(dir, 'simulated-provider.sqlite'),
        ...{ clock, random, deliver, webhookSecret: 'test', actionTtlMs: config.PAYMENT_TIMEOUT_S * 1000 },
      });
      return { provider: simulator, simulator };
    },
    log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
    mail: outbox,
    outbox,
    erasures: fileErasures(join(dir, 'erasures.ndjson')),
    signer: await headSigner(secrets, clock, random),
    signedHeads: openSignedHeads({ file: join(dir, 'audit-heads.sqlite') }),
  };
  const ports = options.wrap?.(plain) ?? plain;
  const system = await startSystem(config, ports, {
    checkAnswers: true,
    ...(options.signIns === undefined ? {} : { signIns: options.signIns }),
  });

  const until: TestSystem['until'] = async (what, probe, turns = 36_000) => {
    for (let turn = 0; turn < turns; turn++) {
      const found = await probe();
      if (found) return found;
      await clock.advance(100);
    }
    throw new Error(`did not come: ${what}`);
  };

  return {
    ...system,
    ...{ clock, ports, dir, until },
    restart: async () => {
      const startAt = clock.now() + 1_000;
      await system.stop();
      return startTestSystem({ ...options, dir, startAt });
    },
    dispose: async () => {
      await system.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
};
