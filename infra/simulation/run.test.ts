import { describe, expect, it } from 'vitest';
import { actions } from './actors/actions.ts';
import { planOf, runSeed } from './run.ts';

/** Chosen for what happens in it: crashes, a power cut, late calls. */
const seed = 6;

/** No measure of speed: a loaded machine may take long. */
const timeout = 60 * 60_000;

describe('a run', { timeout }, () => {
  it('is the same each time, event for event and call for call, of the seed and of its plan', async () => {
    const first = await runSeed({ seed });
    expect(first.failure).toBeUndefined();
    expect(await runSeed({ seed })).toEqual(first);
    expect(await runSeed(planOf(seed))).toEqual(first);
    expect((await runSeed({ seed: seed + 1 })).traceHash).not.toBe(first.traceHash);
  });

  it('is of a plan of which any item may be left out', async () => {
    const plan = planOf(seed);
    const whole = await runSeed(plan);
    const half = await runSeed({ ...plan, items: plan.items.filter((_, n) => n % 2 === 0) });
    expect([whole.failure, half.failure]).toEqual([undefined, undefined]);
    expect(half.commands).toBeLessThan(whole.commands);
  });

  it('is planned the same each time, as plain data', () => {
    const plan = planOf(seed, { hours: 1 });
    expect(planOf(seed, { hours: 1 })).toEqual(plan);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it('attempts at least a hundred commands: so many of its actions send one, with or without anything to do it with', () => {
    for (let each = 1; each <= 500; each++) {
      const sending = planOf(each).items.filter((item) => item.kind === 'action' && !actions.get(item.does)?.looks);
      expect(sending.length).toBeGreaterThanOrEqual(100);
    }
  });

  it('sends a command even where the shortest plan has nothing to do it with', async () => {
    const [one] = planOf(seed).items.filter((item) => item.kind === 'action' && item.does === 'confirm');
    if (one === undefined) throw new Error('nobody confirms anything');
    const { commands } = await runSeed({ ...planOf(seed), items: [one] });
    const { commands: none } = await runSeed({ ...planOf(seed), items: [] });
    expect(commands).toBeGreaterThan(none);
  });
});
