import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { owed } from '../../domain/checkout/owed.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import { isPosting, type VendorAccountEvent } from '../../domain/vendor-account/events.ts';
import { systemClock } from '../clock/system-clock.ts';
import { readConfig } from '../config/config.ts';
import type { StoredEvent } from '../event-store/port.ts';
import { openSqliteEventStore } from '../event-store/sqlite/sqlite-event-store.ts';
import { streamsOf, type World, worldOf } from '../kill/world.ts';
import type { Ports } from '../local/ports.ts';
import { clientOf, signIn } from '../local/test-client.ts';
import { startTestSystem, type TestSystem } from '../local/test-system.ts';
import { openDemo } from './demo.ts';
import { fillDemo } from './fill-demo.ts';
import { fillWhole } from './filled-folder.ts';
import { demoPassword, demoSignIns } from './sign-ins.ts';

const now = Date.parse('2026-11-21T14:30:00.000Z');
/** The key of the test system. */
const config = readConfig({ MASTER_KEY: '07'.repeat(32) });
const log = pino({ level: 'silent' });

/** Asserts nothing: a filling takes some seconds of a free processor, and more where many share it. */
const fillingMs = 600_000;

const dirs: string[] = [];
const newFolder = () => {
  const dir = mkdtempSync(join(tmpdir(), 'demo-'));
  dirs.push(dir);
  return { dir, path: (name: string) => join(dir, name) };
};

/** Fails after so many appends, as a full disk would. */
const failingAfter =
  (appends: number) =>
  (ports: Ports): Ports => {
    let left = appends;
    const append: Ports['store']['append'] = async (...given) => {
      if (left-- <= 0) throw new Error('the disk is full');
      return ports.store.append(...given);
    };
    return { ...ports, store: { ...ports.store, append } };
  };

const eventsOf = async (path: string): Promise<readonly StoredEvent[]> => {
  const store = openSqliteEventStore({ file: path, clock: systemClock() });
  try {
    return [...(await streamsOf(store)).values()].flat().sort((a, b) => Number(a.position - b.position));
  } finally {
    await store.close();
  }
};
const metadataOf = ({ metadata }: StoredEvent): Record<string, string> => JSON.parse(Buffer.from(metadata).toString());

let system: TestSystem;
let world: World;
let events: readonly StoredEvent[];
const folder = newFolder();

beforeAll(async () => {
  // A start that failed on the way, then one that did not.
  const half = fillWhole(folder, (inside) => fillDemo(config, inside, log, now, { wrap: failingAfter(120) }));
  await expect(half).rejects.toThrow();
  expect(readdirSync(folder.dir)).toEqual([]);
  expect(await openDemo(config, folder, log, now)).toEqual(demoSignIns);
  events = await eventsOf(folder.path('log.sqlite'));
  system = await startTestSystem({ dir: folder.dir, startAt: now + 1_000, signIns: demoSignIns });
  world = worldOf(await streamsOf(system.ports.store));
}, fillingMs);
afterAll(async () => {
  await system.stop();
  for (const dir of dirs) rmSync(dir, { recursive: true });
});

describe('the filled system', () => {
  it('lets everybody in who is printed, and says who that is', async () => {
    for (const { email, role } of demoSignIns) {
      const me = await (await signIn(system, email, demoPassword)).ok('GET', '/me');
      const roles = JSON.stringify(me.roles);
      expect(roles).toContain(role.startsWith('admin') ? 'admin' : role === 'buyer' ? 'customer' : role.split(',')[0]);
    }
    const { items } = await clientOf(system).ok('GET', '/demo/sign-ins');
    expect(items).toEqual(demoSignIns);
  });

  it('has orders in every state in which one may rest', () => {
    const states = new Set(
      [...world.orders.values()].map((order) =>
        order.status === 'cancelled' ? `cancelled ${order.reason}` : order.status,
      ),
    );
    expect([...states].sort()).toEqual([
      'awaitingConfirmation',
      'cancelled cancelled_by_buyer',
      'cancelled declined',
      'cancelled payment_timeout',
      'fulfilled',
      'partiallyRefunded',
      'refunded',
    ]);
    const orders = [...world.orders];
    const outcomes = orders.flatMap(([, { disputes }]) => disputes.map(({ outcome }) => outcome));
    expect(outcomes.sort()).toEqual(['lost', 'open', 'won']);
    const requests = orders.flatMap(([, { refundRequests }]) =>
      refundRequests.flatMap(({ lines }) => lines.map(({ state }) => state)),
    );
    expect(new Set(requests)).toEqual(new Set(['open', 'refused', 'refunded']));
    const waiting = orders.flatMap(([id, order]) =>
      owed(order, world.payments.get(id) ?? paymentDecider.initial, new Date(now).toISOString()),
    );
    expect(waiting.map(({ type }) => type)).toEqual(['awaitOperator']);
  });

  it('has payouts of every outcome, and products in every state', async () => {
    const payouts = new Set([...world.payouts.values()].map(({ status }) => status));
    expect(payouts).toEqual(new Set(['paid', 'failed', 'returned', 'started']));
    const shown = new Set<unknown>();
    for (const vendor of ['kontor', 'fernleaf', 'mara']) {
      const client = await signIn(system, `${vendor}@autopilot.example`, demoPassword);
      const { vendorId } = await client.ok('GET', '/me');
      const { items } = await client.ok('GET', `/vendors/${String(vendorId)}/products?limit=100`);
      if (Array.isArray(items)) for (const { state } of items) shown.add(state);
    }
    expect(shown).toEqual(new Set(['draft', 'submitted', 'rejected', 'published', 'suspended', 'retired']));
  });

  it('posts entries that cancel out, and each cause once', () => {
    for (const [vendorId] of world.accounts) {
      const posted = (world.streams.get(`vendorAccount-${vendorId}`) ?? [])
        .map(({ type, data }): VendorAccountEvent => JSON.parse(`{"type":"${type}","data":${Buffer.from(data)}}`))
        .filter(isPosting);
      expect(posted.length, vendorId).toBeGreaterThan(0);
      for (const { data } of posted) expect(data.entries.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
    }
  });

  it('happened over the last month, none of it in the future, in the order in which it is told', () => {
    const times = events.map((event) => metadataOf(event).occurredAt ?? '');
    expect(times).toEqual(times.toSorted());
    expect(times[0]).toBe('2026-10-21T00:00:00.000Z');
    expect(times.at(-1)).toBe(new Date(now).toISOString());
    const days = new Set(times.map((time) => time.slice(0, 10)));
    expect(days.size).toBeGreaterThanOrEqual(31);
  });

  it('has a front page, reviews with every number of stars, and a statement of the month that ended', async () => {
    const home = await clientOf(system).ok('GET', '/home');
    for (const shelf of ['picked', 'bestsellers', 'new', 'popularSearches']) expect(home[shelf], shelf).toHaveLength(8);
    const stars = events
      .filter(({ type }) => type === 'ReviewPublished')
      .map(({ data }) => JSON.parse(`${Buffer.from(data)}`).stars);
    expect(new Set(stars)).toEqual(new Set([1, 2, 3, 4, 5]));
    const kontor = await signIn(system, 'kontor@autopilot.example', demoPassword);
    const { vendorId } = await kontor.ok('GET', '/me');
    expect(await kontor.ok('GET', `/vendors/${String(vendorId)}/statements/2026-10`)).toBeDefined();
  });

  it('shows on every first page products that were bought and reviewed', async () => {
    const anybody = clientOf(system);
    const cards = async (path: string): Promise<readonly { sold: number; rating: { count: number } }[]> => {
      const { items } = await anybody.ok('GET', path);
      return Array.isArray(items) ? items : [];
    };
    const talkedAbout = (list: Awaited<ReturnType<typeof cards>>) => list.filter(({ rating }) => rating.count > 0);
    const [flagship] = await cards('/search?q=invoice');
    expect(flagship?.rating.count).toBeGreaterThanOrEqual(5);
    expect(flagship?.sold).toBeGreaterThanOrEqual(7);
    expect(talkedAbout(await cards('/products?limit=8&sort=bestselling'))).toHaveLength(8);
    const newest = await cards('/products?limit=20');
    expect(newest[0]?.rating.count).toBeGreaterThan(0);
    expect(talkedAbout(newest).length).toBeGreaterThanOrEqual(10);
  });

  it('goes on by itself: the last payout is paid', async () => {
    const kontor = await signIn(system, 'kontor@autopilot.example', demoPassword);
    const { vendorId } = await kontor.ok('GET', '/me');
    await system.until('the payout', async () => {
      const { items } = await kontor.ok('GET', `/vendors/${String(vendorId)}/payouts`);
      return Array.isArray(items) && items.every(({ state }) => state === 'paid');
    });
  });
});

/** Streams by their category and their turn: the names of some are made with a key that is each system's own. */
const told = (list: readonly StoredEvent[]): readonly string[] => {
  const turns = new Map<string, number>();
  return list.map(({ stream, type }) => {
    const turn = turns.get(stream) ?? turns.size;
    turns.set(stream, turn);
    return `${type} ${stream.split('-')[0]} ${turn}`;
  });
};

it(
  'is the same each time, as far as its first days tell, and happens once',
  async () => {
    const second = newFolder();
    const untilMs = now - 22 * 86_400_000;
    await fillWhole(second, (inside) => fillDemo(config, inside, log, now, { untilMs }));
    const again = await eventsOf(second.path('log.sqlite'));
    const sales = again.filter(({ type }) => type === 'OrderFulfilled');
    expect(sales.length).toBeGreaterThan(5);
    expect(told(again)).toEqual(told(events).slice(0, again.length));
    // Who goes on without the demo on what it filled is told.
    const lines: string[] = [];
    const listening = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    expect(await openDemo(readConfig({ DEMO: 'off' }), second, listening, now)).toBeUndefined();
    expect(lines).toEqual([expect.stringContaining('public sign-ins are still good')]);
    // What is not empty is never filled.
    await openDemo(config, second, log, now + 86_400_000);
    expect(await eventsOf(second.path('log.sqlite'))).toHaveLength(again.length);
  },
  fillingMs,
);
