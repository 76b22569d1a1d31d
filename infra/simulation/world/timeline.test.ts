import { describe, expect, it } from 'vitest';
import { drawFrom } from './draw.ts';
import { begin, clockOf } from './life.ts';
import { openTimeline } from './timeline.ts';

describe('a timeline', () => {
  it('lets things happen in order of their time, and those that were cancelled not at all', async () => {
    const timeline = openTimeline(drawFrom(1).fraction);
    const seen: string[] = [];
    const told = (what: string) => () => seen.push(`${what}@${timeline.now()}`);
    for (const ms of [30, 5, 20, 10, 25]) timeline.after(ms, told(String(ms)));
    timeline.after(15, told('never'))();
    await timeline.run(() => false);
    expect(seen).toEqual(['5@5', '10@10', '20@20', '25@25', '30@30']);
  });

  it('draws the order of what is due at once, the same for the same seed', async () => {
    const orderOf = async (seed: number): Promise<string> => {
      const timeline = openTimeline(drawFrom(seed).fraction);
      const seen: number[] = [];
      for (const n of Array.from({ length: 8 }, (_, i) => i)) timeline.after(1, () => seen.push(n));
      await timeline.run(() => false);
      return seen.join('');
    };
    expect(await orderOf(1)).toBe(await orderOf(1));
    expect(new Set([await orderOf(1), await orderOf(2), await orderOf(3)]).size).toBe(3);
  });

  it('lets promises come to rest before time moves on', async () => {
    const timeline = openTimeline(drawFrom(1).fraction);
    const clock = clockOf(begin(timeline), timeline.now);
    const woken: number[] = [];
    const loop = async (): Promise<void> => {
      for (let n = 0; n < 3; n++) {
        await clock.sleep(100);
        woken.push(clock.now());
      }
    };
    void loop();
    await timeline.run(() => false);
    expect(woken).toEqual([100, 200, 300]);
  });
});

describe('a life', () => {
  it('is not woken after its death, and only at the end of its pause', async () => {
    const timeline = openTimeline(drawFrom(1).fraction);
    const [dead, paused] = [begin(timeline), begin(timeline)];
    const seen: string[] = [];
    dead.after(10, () => seen.push('dead'));
    paused.after(10, () => seen.push(`paused@${timeline.now()}`));
    timeline.after(5, () => {
      dead.die();
      paused.pause(40);
    });
    await timeline.run(() => false);
    expect(seen).toEqual(['paused@45']);
  });
});
