import { pino } from 'pino';
import { expect, it } from 'vitest';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { personKeys } from '../../infra/secrets/person-keys.ts';
import { openSqliteSecrets } from '../../infra/secrets/sqlite/open-sqlite-secrets.ts';
import type { Desk, Task } from './reactor.ts';
import { startReactors } from './worker.ts';

const world = (due: readonly Task[], drive: (key: string) => Promise<void>) => {
  const clock = manualClock(Date.parse('2026-11-21T10:00:00.000Z'));
  const random = seededRandom(1, clock);
  const secrets = openSqliteSecrets({ file: ':memory:', masterKey: new Uint8Array(32), random });
  const stopping = new AbortController();
  const desk: Desk = {
    due: async (_now, limit) => due.slice(0, limit),
    get: async () => undefined,
  };
  const worker = startReactors({
    store: openSqliteEventStore({ file: ':memory:', clock }),
    codec: eventCodec({ keys: personKeys(secrets, random), random }),
    ...{ clock, random, desk },
    reactors: [{ process: 'work', concerns: () => [], drive }],
    log: pino({ level: 'silent' }),
    signal: stopping.signal,
  });
  return { clock, worker, stop: () => stopping.abort() };
};
const tasks = (from: number, count: number): Task[] =>
  Array.from({ length: count }, (_, i) => ({ process: 'work', key: String(from + i) }));

it('drives what is due again, with growing pauses, until it succeeds', async () => {
  const tried: number[] = [];
  const { clock, worker, stop } = world(tasks(0, 1), async () => {
    tried.push(clock.now());
    if (tried.length < 4) throw new Error('not yet');
  });
  await clock.advance(3_000);
  expect(worker.status()).toEqual([]);
  const pauses = tried.slice(1, 4).map((at, index) => at - (tried[index] ?? 0));
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  stop();
});

it('shows what keeps failing, and why', async () => {
  const { clock, worker, stop } = world(tasks(0, 1), async () => {
    throw new Error('the provider is away');
  });
  await clock.advance(1_000);
  expect(worker.status()).toMatchObject([{ process: 'work', key: '0', lastAnswer: 'the provider is away' }]);
  stop();
});

it('reaches what is due behind hundreds that keep failing', async () => {
  const reached = new Set<string>();
  const { clock, stop } = world(tasks(0, 700), async (key) => {
    if (Number(key) < 650) throw new Error('the provider is away');
    reached.add(key);
  });
  await clock.advance(2_000);
  expect(reached.size).toBe(50);
  stop();
});
