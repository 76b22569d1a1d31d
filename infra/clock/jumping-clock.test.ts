import { expect, it } from 'vitest';
import { jumpingClock } from './jumping-clock.ts';

it('runs what fell due on the way once, in order of its time, at the time of the arrival', () => {
  const clock = jumpingClock(1_000);
  const seen: string[] = [];
  const often = (): void => {
    seen.push(`often@${clock.now()}`);
    clock.schedule(10, often);
  };
  clock.schedule(30, () => seen.push(`late@${clock.now()}`));
  clock.schedule(10, often);
  clock.schedule(20, () => seen.push('cancelled'))();
  clock.jump(2_000);
  expect(seen).toEqual(['often@2000', 'late@2000']);
});

it('never goes back, and a sleep ends early on abort', async () => {
  const clock = jumpingClock(1_000);
  clock.jump(10);
  expect(clock.now()).toBe(1_000);
  const abort = new AbortController();
  const sleep = clock.sleep(10, abort.signal);
  abort.abort();
  await sleep;
  await clock.sleep(10, abort.signal);
});
