import { describe, expect, it, vi } from 'vitest';
import { manualClock } from './manual-clock.ts';
import { systemClock } from './system-clock.ts';

describe('manual clock', () => {
  it('stands still until it is advanced', async () => {
    const clock = manualClock(1000);
    expect(clock.now()).toBe(1000);
    await clock.advance(250);
    expect(clock.now()).toBe(1250);
  });

  it('runs what falls due in order of time, each at its own time', async () => {
    const clock = manualClock(0);
    const seen: string[] = [];
    clock.schedule(30, () => seen.push(`c@${clock.now()}`));
    clock.schedule(10, () => seen.push(`a@${clock.now()}`));
    clock.schedule(10, () => seen.push(`b@${clock.now()}`));
    clock.schedule(31, () => seen.push('late'));
    await clock.advance(30);
    expect(seen).toEqual(['a@10', 'b@10', 'c@30']);
  });

  it('lets a sleeper sleep again within one advance', async () => {
    const clock = manualClock(0);
    const woken: number[] = [];
    const loop = (async () => {
      for (let i = 0; i < 3; i += 1) {
        await clock.sleep(100);
        woken.push(clock.now());
      }
    })();
    await clock.advance(1000);
    await loop;
    expect(woken).toEqual([100, 200, 300]);
    expect(clock.now()).toBe(1000);
  });

  it('does not run what was cancelled, and ends a sleep early on abort', async () => {
    const clock = manualClock(0);
    const never = vi.fn();
    clock.schedule(10, never)();
    const abort = new AbortController();
    const sleep = clock.sleep(10, abort.signal);
    abort.abort();
    await sleep;
    await clock.sleep(10, abort.signal);
    await clock.advance(20);
    expect(never).not.toHaveBeenCalled();
  });
});

describe('system clock', () => {
  it('calls back once, not when cancelled, and not early for delays beyond the longest timer', async () => {
    vi.useFakeTimers();
    try {
      const clock = systemClock();
      const month = 30 * 24 * 3_600_000;
      const [monthly, cancelled] = [vi.fn(), vi.fn()];
      clock.schedule(month, monthly);
      const cancel = clock.schedule(month, cancelled);
      await vi.advanceTimersByTimeAsync(month - 1);
      expect(monthly).not.toHaveBeenCalled();
      cancel();
      await vi.advanceTimersByTimeAsync(month);
      expect(monthly).toHaveBeenCalledTimes(1);
      expect(cancelled).not.toHaveBeenCalled();
    } finally {
      vi.useRealTimers();
    }
  });

  it('sleeps until the time or the abort, whichever is first', async () => {
    const clock = systemClock();
    await clock.sleep(1);
    const abort = new AbortController();
    const sleep = clock.sleep(3_600_000, abort.signal);
    abort.abort();
    await sleep;
    await clock.sleep(3_600_000, abort.signal);
  });
});
