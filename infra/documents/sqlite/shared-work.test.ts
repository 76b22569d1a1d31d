import { expect, it } from 'vitest';
import { manualClock } from '../../clock/manual-clock.ts';
import { sharedWork } from './shared-work.ts';

it('is done once for all who ask before it begins, and again for who asks later', async () => {
  let done = 0;
  const work = sharedWork(() => {
    done += 1;
  }, manualClock(0));
  await Promise.all([work(), work()]);
  expect(done).toBe(1);
  await work();
  expect(done).toBe(2);
});

it('leaves the thread to others for twenty times as long as it took, five seconds at most', async () => {
  const clock = manualClock(0);
  let takes = 100;
  const began: number[] = [];
  const took = { ms: 0 };
  const work = sharedWork(
    () => {
      began.push(clock.now());
      took.ms += takes;
    },
    { ...clock, now: () => clock.now() + took.ms },
  );
  await work();
  const second = work();
  await clock.advance(1_999);
  expect(began).toEqual([0]);
  takes = 60_000;
  await clock.advance(1);
  await second;
  const third = work();
  await clock.advance(5_000);
  await third;
  expect(began).toEqual([0, 2_000, 7_000]);
});

it('fails for all who share it, and begins anew for the next', async () => {
  let broken = true;
  const work = sharedWork(() => {
    if (broken) throw new Error('not now');
  }, manualClock(0));
  const both = await Promise.allSettled([work(), work()]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  broken = false;
  await work();
});
