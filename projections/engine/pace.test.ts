import { describe, expect, it } from 'vitest';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { backoff } from './backoff.ts';
import { nextBatchSize } from './catch-up.ts';
import { exclusive } from './exclusive.ts';
import { rate } from './rate.ts';
import { untilDone } from './until-done.ts';

describe('pace of the engine', () => {
  it('backs off longer with each failure in a row, at most half a minute, and starts over after a success', async () => {
    const clock = manualClock(0);
    const retry = backoff(clock, seededRandom(1, clock));
    const waits: number[] = [];
    const wait = async (): Promise<number> => {
      const before = clock.now();
      let awake = false;
      const sleeping = retry.failed(new AbortController().signal).then(() => {
        awake = true;
        waits.push(clock.now() - before);
      });
      while (!awake) await clock.advance(10);
      await sleeping;
      return waits.at(-1) ?? 0;
    };
    for (let n = 0; n < 12; n += 1) {
      const waited = await wait();
      const full = Math.min(30_000, 100 * 2 ** n);
      expect(waited).toBeGreaterThanOrEqual(full / 2);
      expect(waited).toBeLessThanOrEqual(full + 10);
    }
    retry.succeeded();
    expect(await wait()).toBeLessThanOrEqual(110);
  });

  it('takes larger batches while they are quick and smaller ones when they hold the event loop', () => {
    expect(nextBatchSize(100, 1)).toBe(200);
    expect(nextBatchSize(1500, 1)).toBe(2000);
    expect(nextBatchSize(800, 40)).toBe(800);
    expect(nextBatchSize(800, 200)).toBe(400);
    expect(nextBatchSize(100, 200)).toBe(100);
  });

  it('counts events a second over the last ten seconds', async () => {
    const clock = manualClock(0);
    const handled = rate(clock);
    handled.add(50);
    await clock.advance(3000);
    handled.add(50);
    expect(handled.perSecond()).toBe(10);
    await clock.advance(8000);
    expect(handled.perSecond()).toBe(5);
    await clock.advance(8000);
    expect(handled.perSecond()).toBe(0);
  });

  it('runs exclusive work in order, one at a time, also after a failure', async () => {
    const between = exclusive();
    const seen: string[] = [];
    const work = (name: string, fails = false) =>
      between(async () => {
        seen.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const [a, b, c] = await Promise.allSettled([work('a'), work('b', true), work('c')]);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
    expect([a?.status, b?.status, c?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('tries what follows a switch until it is done', async () => {
    const clock = manualClock(0);
    let tries = 0;
    const aside = untilDone({
      ...{ clock, random: seededRandom(1, clock), signal: new AbortController().signal },
      log: { info: () => {}, warn: () => {} },
    });
    aside({ projection: 'uses', generation: 2 }, 'not yet', async () => {
      tries += 1;
      if (tries < 3) throw new Error('not now');
    });
    await clock.advance(1000);
    await aside.settled();
    expect(tries).toBe(3);
  });
});
