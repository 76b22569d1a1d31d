import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Acknowledged, remembering } from '../kill/remembering.ts';
import { type Crash, crashAt } from './test-crash.ts';
import { injected, post } from './test-door.ts';
import { tokenOf } from './test-market.ts';
import { dispute, ended, openStage, type Stage } from './test-stage.ts';
import { tell } from './test-story.ts';
import type { TestSystem } from './test-system.ts';

/** Which of the story's moments are tried: `CRASH_EVERY=1` tries all of them, which takes minutes. */
const every = Number(process.env.CRASH_EVERY ?? 25);
const first = Number(process.env.CRASH_FIRST ?? 7);
const never = Number.POSITIVE_INFINITY;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.remove());

type Run = { readonly crash: Crash; readonly system: TestSystem };
type Memory = Map<string, Acknowledged>;

const started = async (
  moment: Parameters<typeof crashAt>[0],
  files: { readonly dir?: string; readonly startAt?: number } = {},
): Promise<Run> => {
  const crash = crashAt(moment);
  const system = await stage.start({ ...files, wrap: crash.wrap });
  crash.arm();
  return { crash, system };
};

/** Tells the whole story, or as much of it as the system lives to hear; what was acknowledged before is answered alike. */
const told = async ({ crash, system }: Run, memory: Memory): Promise<void> => {
  const plain = injected(system);
  const door = { ...plain, ...remembering(plain, memory, () => undefined) };
  const { market } = stage;
  const disputes = (['winning_evidence', 'losing_evidence'] as const).map((evidence) =>
    dispute(door, market, crash.provider(), evidence),
  );
  await door.pumped(Promise.all([tell(door, market), ...disputes]), crash.died);
  for (const [key, { decidedAgain }] of memory) expect(decidedAgain, `${key} was decided again`).toEqual([]);
};

/** Another system on the files of the dead one, which is buried. */
const raised = async ({ crash, system }: Run): Promise<Run> => {
  await crash.bury();
  return started(never, { dir: system.dir, startAt: system.clock.now() + 1_000 });
};

describe('a crash before or after any append, provider call, object or secret written', () => {
  it('leaves everything to be ended once by the next process, whether the clients come back or not', async () => {
    const unhurt = await started(never);
    await told(unhurt, new Map());
    const moments = unhurt.crash.moments();
    const end = await ended(unhurt.system);
    await unhurt.system.dispose();
    let crashes = 0;
    for (let moment = first; moment <= moments; moment += every) {
      for (const comeBack of [true, false]) {
        const memory: Memory = new Map();
        const dead = await started(moment);
        await told(dead, memory);
        const where = `${moment} of ${moments}, ${dead.crash.diedAt() ?? 'which did not come'}, clients ${comeBack ? 'come back' : 'are gone'}`;
        if (dead.crash.diedAt() !== undefined) crashes += 1;
        const next = await raised(dead);
        try {
          if (comeBack) await told(next, memory);
          if (comeBack) await told(next, memory);
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

  it('between the reservation of a payout and its request leaves the request to be finished under its own id', async () => {
    const dead = await started((where) => where.startsWith('before append vendorPayout-'));
    const door = injected(dead.system);
    await door.pumped(tell(door, stage.market, 'payout that works'), dead.crash.died);
    expect(dead.crash.diedAt()).toContain('before append vendorPayout-');
    const next = await raised(dead);
    await ended(next.system);
    const again = injected(next.system);
    const memory: Memory = new Map();
    const twice = async (): Promise<void> => {
      const [{ vendorId }] = stage.market.shops;
      const token = await tokenOf(again, 'alpha');
      const ask = (amount: number) =>
        post(
          again,
          `/vendors/${vendorId}/payouts`,
          { amount: { amount, currency: 'USD' } },
          { token, key: 'payout-0' },
        );
      expect((await ask(100)).headers['idempotent-replayed']).toBe('true');
      expect((await ask(101)).status).toBe(422);
      await tell({ ...again, ...remembering(again, memory, () => undefined) }, stage.market, 'payout that works');
    };
    await again.pumped(twice());
    await ended(next.system);
    await next.system.dispose();
  });
});
