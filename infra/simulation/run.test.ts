import { describe, expect, it } from 'vitest';
import { actions } from './actors/actions.ts';
import type { PlannedAction } from './plan.ts';
import { planOf, runSeed } from './run.ts';

/** Chosen for what happens in it: crashes, a power cut, late calls. */
const seed = 33;

/** No measure of speed: a loaded machine may take long. */
const timeout = 60 * 60_000;

/** How many commands the action says that it sends at least. */
const least = ({ does, with: choices }: PlannedAction): number => actions.get(does)?.sends?.(choices) ?? 1;

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

  it('is planned to send a hundred commands at least', () => {
    for (let each = 1; each <= 500; each++) {
      const sent = planOf(each).items.map((item) => (item.kind === 'action' ? least(item) : 0));
      expect(sent.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(100);
    }
  });

  it('sends as many commands as each action says, also where there is nothing to do it with', async () => {
    const fair = { ...planOf(seed), failingPerMille: 0 };
    const commandsOf = async (...items: PlannedAction[]) => (await runSeed({ ...fair, items })).commands;
    /** So that the one who does it is signed in. */
    const look = (by: string): PlannedAction => ({ kind: 'action', at: 0, by, does: 'look', with: { path: '/me' } });
    const drawn = Array.from({ length: 10 }, (_, n) => planOf(n + 1).items.filter((item) => item.kind === 'action'));
    const ofEach = new Map(drawn.flat().map((item) => [`${item.does} ${least(item)}`, item]));
    expect(new Set([...ofEach.values()].map(({ does }) => does))).toEqual(new Set(actions.keys()));
    for (const [name, item] of ofEach) {
      const signedIn = await commandsOf(look(item.by));
      const commands = await commandsOf(look(item.by), { ...item, at: 1_000 });
      expect(commands - signedIn, name).toBeGreaterThanOrEqual(least(item));
    }
  });
});
