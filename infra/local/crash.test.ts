import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Crash, crashAt } from './test-crash.ts';
import { injected } from './test-door.ts';
import { dispute, ended, openStage, type Stage } from './test-stage.ts';
import { tell } from './test-story.ts';
import type { TestSystem } from './test-system.ts';

/** Which of the story's moments are tried: `CRASH_EVERY=1` tries all of them, which takes minutes. */
const every = Number(process.env.CRASH_EVERY ?? 45);
const first = Number(process.env.CRASH_FIRST ?? 7);
const never = Number.POSITIVE_INFINITY;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.remove());

type Run = { readonly crash: Crash; readonly system: TestSystem };

const started = async (
  moment: number,
  files: { readonly dir?: string; readonly startAt?: number } = {},
): Promise<Run> => {
  const crash = crashAt(moment);
  const system = await stage.start({ ...files, wrap: crash.wrap });
  crash.arm();
  return { crash, system };
};

/** Tells the whole story, or as much of it as the system lives to hear. */
const told = async ({ crash, system }: Run): Promise<void> => {
  const door = injected(system);
  const { market } = stage;
  const disputes = (['winning_evidence', 'losing_evidence'] as const).map((evidence) =>
    dispute(door, market, crash.provider(), evidence),
  );
  await door.pumped(Promise.all([tell(door, market), ...disputes]), crash.died);
};

/** Another system on the files of the dead one, which is buried. */
const raised = async ({ crash, system }: Run): Promise<Run> => {
  await crash.bury();
  return started(never, { dir: system.dir, startAt: system.clock.now() + 1_000 });
};

describe('a crash before or after any append, provider call, object or secret written', () => {
  it('leaves everything to be ended once by the next process, whether the clients come back or not', async () => {
    const unhurt = await started(never);
    await told(unhurt);
    const moments = unhurt.crash.moments();
    const end = await ended(unhurt.system);
    await unhurt.system.dispose();
    let crashes = 0;
    for (let moment = first; moment <= moments; moment += every) {
      for (const comeBack of [true, false]) {
        const dead = await started(moment);
        await told(dead);
        const where = `${moment} of ${moments}, ${dead.crash.diedAt() ?? 'which did not come'}, clients ${comeBack ? 'come back' : 'are gone'}`;
        if (dead.crash.diedAt() !== undefined) crashes += 1;
        const next = await raised(dead);
        try {
          if (comeBack) await told(next);
          const reached = await ended(next.system);
          if (comeBack) expect(reached).toEqual(end);
        } catch (error) {
          throw new Error(`after a crash at ${where}`, { cause: error });
        }
        await next.system.dispose();
      }
    }
    // Tasks on other threads end in any order, so a run may have a few moments less.
    expect(crashes).toBeGreaterThan(0.8 * 2 * Math.floor(moments / every));
  }, 1_800_000);
});
