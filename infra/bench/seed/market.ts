import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { definitions } from '../../../projections/definitions.ts';
import { auditProjection, auditVersion } from '../../../projections/engine/source.ts';
import { type Config, readConfig } from '../../config/config.ts';
import { eventCodec } from '../../event-codec/event-codec.ts';
import { openSqliteEventStore } from '../../event-store/sqlite/sqlite-event-store.ts';
import { takeDataFolder } from '../../local/data-folder.ts';
import { embeddedPorts } from '../../local/embedded-ports.ts';
import type { Ports } from '../../local/ports.ts';
import { type System, startSystem } from '../../local/system.ts';
import { personKeys } from '../../secrets/person-keys.ts';
import { commandIdOf, eventIdAt, productStreams, type SeedStream, vendorStreams } from './products.ts';

/** Grows with every change of what the seed looks like: folders of another one are not used. */
const seedVersion = 2;
const appendsAtOnce = 500;
export const buyers = 16;
export const buyerPassword = 'a long enough passphrase 42';
export const buyerEmail = (n: number): string => `buyer-${n}@example.test`;

export const benchEnv = {
  RATE_LIMIT: 'off',
  PRODUCT_APPROVAL: 'off',
  PAYMENT_TIMEOUT_S: '900',
  ADMIN_EMAIL: 'admin@example.test',
  ADMIN_PASSWORD: 'correct horse battery staple 1',
} as const;

function* all(products: number): Generator<SeedStream> {
  yield* vendorStreams();
  yield* productStreams(products);
}

/** Writes the log of a market: as the product's own commands would have left it, through the store's port. */
const writeLog = async (dir: string, config: Config, products: number): Promise<void> => {
  const folder = takeDataFolder(dir);
  const {
    clock,
    random,
    secrets,
    store: durable,
    ...rest
  } = await embeddedPorts(config, folder, pino({ level: 'silent' }));
  await durable.close();
  const store = openSqliteEventStore({ file: folder.path('log.sqlite'), clock, durable: false });
  const codec = eventCodec({ keys: personKeys(secrets, random), random });
  let pending: Promise<unknown>[] = [];
  for (const { stream, events } of all(products)) {
    const commandId = commandIdOf(stream);
    const occurredAt = new Date(clock.now()).toISOString();
    const metadata = { commandId, correlationId: commandId, actorId: 'system', actorRole: 'system', occurredAt };
    const identified = events.map((event, index) => ({ id: eventIdAt(stream, index), event }));
    pending.push(codec.encode(stream, identified, metadata).then((bytes) => store.append(stream, 'no_stream', bytes)));
    if (pending.length < appendsAtOnce) continue;
    await Promise.all(pending);
    pending = [];
  }
  await Promise.all(pending);
  await store.close();
  await secrets.close();
  rest.readModels.close();
  rest.outbox?.close();
  rest.signedHeads.close();
  folder.release();
};

/** What read models are made of in this release: those of another one would be rebuilt while something is measured. */
const readModelVersions = JSON.stringify([
  ...definitions.map(({ name, version }) => [name, version]),
  [auditProjection, auditVersion],
]);

const registerBuyers = async ({ app }: System): Promise<void> => {
  for (let n = 0; n < buyers; n += 1) {
    const payload = { email: buyerEmail(n), password: buyerPassword, displayName: `Buyer ${n}` };
    const { statusCode, body } = await app.inject({ method: 'POST', url: '/api/v1/auth/register', payload });
    if (statusCode >= 300) throw new Error(`no buyer: ${body}`);
  }
};

/** Resolves when every read model has the whole log. */
const built = async ({ store, readModels }: Ports, say: (text: string) => void): Promise<void> => {
  const head = (await store.head()) ?? -1n;
  for (let looks = 1; ; looks += 1) {
    const behind = (await readModels.sink.generations()).filter(
      ({ state, checkpoint = -1n }) => state !== 'dropped' && (state === 'building' || checkpoint < head),
    );
    if (behind.length === 0) return;
    if (looks % 100 === 0) say(`building ${behind.map(({ projection }) => projection).join(', ')} …`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

/** Starts the system on the log: every read model is built to its end, and again after `begin`. */
const settle = async (
  dir: string,
  config: Config,
  say: (text: string) => void,
  begin: (system: System) => Promise<void>,
): Promise<void> => {
  const folder = takeDataFolder(dir);
  const ports = await embeddedPorts(config, folder, pino({ level: 'warn' }));
  const system = await startSystem(config, ports);
  await built(ports, say);
  await begin(system);
  await built(ports, say);
  await system.stop();
  folder.release();
};

/**
 * A data folder with so many products on sale and their read models, made once and kept in the system's folder for
 * temporary files: copy it before anything is written to it. Texts, ids and prices are the same in every run.
 */
export const seededMarket = async (products: number, say: (text: string) => void): Promise<string> => {
  const dir = join(tmpdir(), 'autopilot-bench', `seed-${seedVersion}-${products}`);
  const complete = join(dir, 'complete');
  const isWhole = existsSync(complete);
  if (isWhole && readFileSync(complete, 'utf8') === readModelVersions) return dir;
  const making = `${dir}.making`;
  rmSync(making, { recursive: true, force: true });
  const config = readConfig({ ...benchEnv, DATA_DIR: making });
  if (isWhole) {
    renameSync(dir, making);
    for (const name of readdirSync(making))
      if (name === 'complete' || name.startsWith('read-models')) rmSync(join(making, name));
  } else {
    mkdirSync(making, { recursive: true });
    say(`seeding ${products} products …`);
    await writeLog(making, config, products);
  }
  say('building their read models …');
  await settle(making, config, say, isWhole ? async () => {} : registerBuyers);
  writeFileSync(join(making, 'complete'), readModelVersions);
  rmSync(dir, { recursive: true, force: true });
  renameSync(making, dir);
  return dir;
};
