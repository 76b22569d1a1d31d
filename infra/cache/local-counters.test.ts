import { expect, it } from 'vitest';
import { manualClock } from '../clock/manual-clock.ts';
import { localCounters } from './local-counters.ts';

it('counts in windows of its keys', async () => {
  const clock = manualClock(1_000);
  const counters = localCounters(clock);
  expect(await counters.hit('a', 100)).toMatchObject({ count: 1, resetsAt: 1_100 });
  expect(await counters.hit('a', 100)).toMatchObject({ count: 2 });
  expect(await counters.hit('b', 100)).toMatchObject({ count: 1 });
  await clock.advance(100);
  expect(await counters.hit('a', 100)).toMatchObject({ count: 1, resetsAt: 1_200 });
});

it('never holds more keys than its capacity: the oldest windows go first', async () => {
  const counters = localCounters(manualClock(0), 2);
  for (const key of ['a', 'b', 'c']) await counters.hit(key, 100);
  expect((await counters.hit('c', 100)).count).toBe(2);
  expect((await counters.hit('b', 100)).count).toBe(2);
  expect((await counters.hit('a', 100)).count).toBe(1);
});
