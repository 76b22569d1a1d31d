import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Config, readConfig } from '../../config/config.ts';
import { eventCodec } from '../../event-codec/event-codec.ts';
import { openSqliteEventStore } from '../../event-store/sqlite/sqlite-event-store.ts';
import { takeDataFolder } from '../../local/data-folder.ts';
import { embeddedPorts } from '../../local/embedded-ports.ts';
import { startSystem } from '../../local/system.ts';
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

/** Starts the system on the log once: read models are built, then buyers registered. */
const settle = async (dir: string, config: Config, say: (text: string) => void): Promise<void> => {
  const folder = takeDataFolder(dir);
  const ports = await embeddedPorts(config, folder, pino({ level: 'warn' }));
  const system = await startSystem(config, ports);
  const head = await ports.store.head();
  const url = '/api/v1/products?limit=1';
  for (let tries = 1; ; tries += 1) {
    const headers = { 'x-min-position': String(head) };
    const { statusCode, body } = await system.app.inject({ method: 'GET', url, headers });
    if (statusCode === 200) break;
    if (tries % 6 === 0) say(`building read models … ${body.slice(0, 80)}`);
  }
  for (let n = 0; n < buyers; n += 1) {
    const payload = { email: buyerEmail(n), password: buyerPassword, displayName: `Buyer ${n}` };
    const { statusCode, body } = await system.app.inject({ method: 'POST', url: '/api/v1/auth/register', payload });
    if (statusCode >= 300) throw new Error(`no buyer: ${body}`);
  }
  await system.stop();
  folder.release();
};

/**
 * A data folder with so many products on sale and their read models, made once and kept in the system's folder for
 * temporary files: copy it before anything is written to it. Texts, ids and prices are the same in every run.
 */
export const seededMarket = async (products: number, say: (text: string) => void): Promise<string> => {
  const dir = join(tmpdir(), 'autopilot-bench', `seed-${seedVersion}-${products}`);
  if (existsSync(join(dir, 'complete'))) return dir;
  const making = `${dir}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const config = readConfig({ ...benchEnv, DATA_DIR: making });
  say(`seeding ${products} products …`);
  await writeLog(making, config, products);
  say('building their read models …');
  await settle(making, config, say);
  writeFileSync(join(making, 'complete'), '');
  rmSync(dir, { recursive: true, force: true });
  renameSync(making, dir);
  return dir;
};
