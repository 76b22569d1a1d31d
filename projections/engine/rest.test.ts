import { describe, expect, it } from 'vitest';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import type { SubscriptionBatch } from '../../infra/event-store/port.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { liveLoop, restAfter } from './live-loop.ts';

const batch = (position: bigint): SubscriptionBatch => ({ events: [], position, live: true });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A loop at the head whose batches take 20 ms each by its clock; a new one is there whenever it asks. */
const world = (awaited = false) => {
  const clock = manualClock(0);
  const stopping = new AbortController();
  async function* subscribe(): AsyncGenerator<SubscriptionBatch> {
    for (let position = 0n; !stopping.signal.aborted; position += 1n) yield batch(position);
  }
  const store = { ...openSqliteEventStore({ file: ':memory:', clock }), subscribe };
  const loop = liveLoop({
    ...{ store, clock, random: seededRandom(1, clock), from: undefined, signal: stopping.signal },
    codec: { encode: async () => [], decode: async () => [] },
    control: async () => {
      await turn();
      await clock.advance(20);
    },
    failed: (error) => {
      throw error;
    },
    awaited: () => awaited,
  });
  const ended = loop.run();
  const handled = async (): Promise<bigint | undefined> => {
    for (let turns = 0; turns < 50; turns += 1) await turn();
    return loop.position();
  };
  return {
    ...{ clock, loop, handled },
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
};

describe('the rest of the live loop', () => {
  it('is four times what the batch took, a tenth of a second at most, and none after a batch that nobody notices', () => {
    expect([9, 10, 20, 5_000].map(restAfter)).toEqual([0, 40, 80, 100]);
  });

  it('lets events gather, and ends by itself', async () => {
    const { clock, handled, stop } = world();
    expect(await handled()).toBe(0n);
    await clock.advance(79);
    expect(await handled()).toBe(0n);
    await clock.advance(1);
    expect(await handled()).toBe(1n);
    await stop();
  });

  it('ends when somebody begins to wait', async () => {
    const { loop, handled, stop } = world();
    expect(await handled()).toBe(0n);
    loop.hurry();
    expect(await handled()).toBe(1n);
    await stop();
  });

  it('is not taken while somebody waits', async () => {
    const { handled, stop } = world(true);
    expect(await handled()).toBeGreaterThan(1n);
    await stop();
  });
});
