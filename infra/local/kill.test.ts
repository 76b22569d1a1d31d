import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../clock/system-clock.ts';
import { openSqliteEventStore } from '../event-store/sqlite/sqlite-event-store.ts';
import { awaited, type Door, get, posted, put } from './test-door.ts';
import { expectConsistent, isQuietAt, providerOf, streamsOf, worldOf } from './test-end-state.ts';
import { type Market, openMarket, order, orderIn, register, signedIn, tokenOf } from './test-market.ts';
import { type Acknowledged, overTheWire, type Process, remembering, startProcess } from './test-process.ts';
import { tell } from './test-story.ts';

const folder = mkdtempSync(join(tmpdir(), 'autopilot-kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const running = new Set<Process>();
const started = (dir: string, env?: Readonly<Record<string, string>>): Process => {
  const child = startProcess(dir, env);
  running.add(child);
  void child.exited.then(() => running.delete(child));
  return child;
};
afterEach(async () => {
  const left = [...running];
  for (const child of left) child.kill('SIGKILL');
  await Promise.all(left.map((child) => child.exited));
});

/** A small mixed load; ends when all of it has come to its end. */
const load = async (door: Door, market: Market): Promise<void> => {
  const buys = async (n: number): Promise<void> => {
    const token = await tokenOf(door, 'buyer');
    const [one, , three] = market.shops;
    const id = await order(door, [{ shop: n % 2 === 0 ? one : three }], 'pm_card_visa', { token, key: `buy-${n}` });
    await orderIn(door, id, token, 'fulfilled');
  };
  await Promise.all([
    tell(
      door,
      market,
      'coupon and limited stock, two vendors',
      'declined',
      '3-D Secure, never confirmed',
      'unknown outcome',
      'full refund',
      'refund that fails',
      'disputed',
      'payout that works',
      'payout that fails',
      'payout that comes back',
      'new version and a new person',
    ),
    ...Array.from({ length: 6 }, (_, n) => buys(n)),
  ]);
};

type Town = {
  readonly dir: string;
  readonly market: Market;
  readonly memory: Map<string, Acknowledged>;
  child: Process;
  door: Door;
};

const home = join(folder, 'home');
let market: Market;
beforeAll(async () => {
  const child = started(home);
  market = await openMarket(overTheWire(await child.ready));
  child.kill('SIGTERM');
  await child.exited;
});

/** A process on a copy of a market that was opened once. */
const settledIn = async (name: string): Promise<Town> => {
  const dir = join(folder, name);
  cpSync(home, dir, { recursive: true });
  const child = started(dir);
  return { dir, market, memory: new Map(), child, door: overTheWire(await child.ready) };
};

/** Loads the town until its process has given `answers` answers; then it gets the signal. */
const loadUntil = async (town: Town, answers: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
  const door = remembering(town.door, town.memory, (count) => {
    if (count === answers) town.child.kill(signal);
  });
  // Whoever is not answered sees the connection break; anything else is a fault.
  await expect(load(door, town.market)).rejects.toThrow('fetch failed');
};

const restart = async (town: Town): Promise<void> => {
  town.child = started(town.dir);
  town.door = overTheWire(await town.child.ready);
};

type Line = { readonly stream: string; readonly revision: string; readonly position: string };
/** All that auditors see of the log. */
const audited = async (door: Door): Promise<readonly Line[]> => {
  const id = await register(door, 'auditor');
  await put(door, `/accounts/${id}/roles`, { roles: ['auditor'] }, { token: await signedIn(door, 'admin') });
  const headers = { accept: 'application/x-ndjson', authorization: `Bearer ${await signedIn(door, 'auditor')}` };
  const { text } = await door.send({ method: 'GET', url: '/api/v1/audit/events', headers });
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
};

/** Tells the load to its end, and holds everything that was ever acknowledged against the log, the provider and the ledger. */
const expectAllEnded = async (town: Town): Promise<void> => {
  await load(
    remembering(town.door, town.memory, () => undefined),
    town.market,
  );
  const waiting = overTheWire('');
  await awaited(waiting, 'quiet', async () => isQuietAt(town.dir), 1_000);
  const lines = await audited(town.door);
  const log = new Set(lines.map(({ stream, revision, position }) => `${stream}@${revision} ${position}`));
  for (const [key, { reply }] of town.memory) {
    const { stream, revision, position } = JSON.parse(reply.text);
    expect(log.has(`${stream}@${revision} ${position}`), `acknowledged ${key}: ${reply.text}`).toBe(true);
  }
  town.child.kill('SIGTERM');
  expect(await town.child.exited).toMatchObject({ code: 0 });
  const store = openSqliteEventStore({ file: join(town.dir, 'log.sqlite'), clock: systemClock() });
  const world = worldOf(await streamsOf(store));
  await store.close();
  expectConsistent(world, providerOf(town.dir));
  const states = [...world.orders.values()].map(({ status }) => status).sort();
  expect(
    Object.fromEntries([...Map.groupBy(states, (state) => state)].map(([state, all]) => [state, all.length])),
  ).toEqual({
    cancelled: 2,
    fulfilled: 11,
    refunded: 1,
  });
};

describe('the process', () => {
  it('killed at six moments loses nothing it acknowledged and does nothing twice', async () => {
    const town = await settledIn('killed');
    for (const answers of [1, 4, 9, 13, 16, 19]) {
      await loadUntil(town, answers, 'SIGKILL');
      expect(await town.child.exited).toMatchObject({ code: null });
      await restart(town);
    }
    await expectAllEnded(town);
  }, 60_000);

  it('drains on SIGTERM under load and exits 0 within 10 s', async () => {
    const town = await settledIn('drained');
    const { promise: told, resolve } = Promise.withResolvers<number>();
    const kill = town.child.kill;
    town.child = {
      ...town.child,
      kill: (signal) => {
        resolve(performance.now());
        kill(signal);
      },
    };
    await loadUntil(town, 12, 'SIGTERM');
    const { code, said } = await town.child.exited;
    expect(code, said).toBe(0);
    expect(said).toContain('"msg":"stopped"');
    expect(performance.now() - (await told)).toBeLessThan(10_000);
    await restart(town);
    await expectAllEnded(town);
  }, 60_000);

  it('refuses a data folder that another one works on, and leaves that one alone', async () => {
    const dir = join(folder, 'taken');
    const first = started(dir);
    const door = overTheWire(await first.ready);
    const { code, said } = await started(dir).exited;
    expect(code).toBe(1);
    expect(said.trim()).toBe(`another process uses the data folder ${dir}`);
    expect((await door.send({ method: 'GET', url: '/health/ready', headers: {} })).status).toBe(200);
    expect((await get(door, '/products')).status).toBe(200);
    await posted(door, '/auth/login', { email: 'admin@example.test', password: 'correct horse battery staple 1' });
  });

  it('names every problem of its configuration at once', async () => {
    const broken = {
      ...{ PORT: 'abc', PAYMENT_TIMEOUT_S: '0', LOG_LEVEL: 'loud', RATE_LIMIT: 'maybe' },
      ...{
        ADMIN_EMAIL: 'nobody',
        ADMIN_PASSWORD: 'short',
        COMMISSION_BPS: '10001',
        MONGODB_URL: 'mongodb://localhost',
      },
    };
    const { code, said } = await started(join(folder, 'broken'), broken).exited;
    expect(code).toBe(1);
    for (const name of Object.keys(broken)) expect(said).toContain(`${name}: `);
  });
});
