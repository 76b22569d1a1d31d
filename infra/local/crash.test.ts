import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Crash, crashAt } from './test-crash.ts';
import { type Answer, type Door, injected, pumped } from './test-door.ts';
import { endOf, expectConsistent, providerOf, quiet, streamsOf, worldOf } from './test-end-state.ts';
import { type Market, openMarket, order, orderWhen, signedIn } from './test-market.ts';
import { tell } from './test-story.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

const env = { PAYMENT_TIMEOUT_S: '60', SETTLEMENT_DELAY_S: '1' };
const folder = mkdtempSync(join(tmpdir(), 'autopilot-crash-'));
const openAt = Date.parse('2026-11-21T10:00:00.000Z');
const storyAt = openAt + 3_600_000;
let market: Market;
const never = Number.POSITIVE_INFINITY;
const every = Number(process.env.CRASH_EVERY ?? 20);
const offset = Number(process.env.CRASH_OFFSET ?? 0);

const disputeIn = ({ dispute: found }: Answer): string | undefined => {
  if (typeof found !== 'object' || found === null || !('id' in found)) return undefined;
  return String(found.id);
};

beforeAll(async () => {
  const system = await startTestSystem({ dir: join(folder, 'market'), env, startAt: openAt });
  const opened = await pumped(system, openMarket(injected(system)));
  if (opened === undefined) throw new Error('no market');
  market = opened;
  await quiet(system);
  await system.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let runs = 0;
type Told = { readonly crash: Crash; readonly system: TestSystem };

const dispute = async (door: Door, { provider }: Crash, evidence: string): Promise<void> => {
  const token = await signedIn(door, 'buyer');
  const [one, , three] = market.shops;
  const id = await order(door, [{ shop: one }, { shop: three }], 'pm_card_createDispute', { token, key: evidence });
  const open = await orderWhen(door, id, token, 'has a dispute', (shown) => disputeIn(shown) !== undefined);
  await provider().submitEvidence({ disputeId: disputeIn(open) ?? '', text: evidence });
  await orderWhen(door, id, token, `is over with ${evidence}`, ({ disputed }) => disputed === false);
};

const tellAll = async (system: TestSystem, crash: Crash): Promise<void> => {
  const door = injected(system);
  const disputes = ['winning_evidence', 'losing_evidence'].map((evidence) => dispute(door, crash, evidence));
  await pumped(system, Promise.all([tell(door, market), ...disputes]), crash.died);
};

/** Tells the story to a system on a copy of the market's files, until it dies. */
const toldUntil = async (moment: number): Promise<Told> => {
  const dir = join(folder, String(++runs));
  cpSync(join(folder, 'market'), dir, { recursive: true });
  const crash = crashAt(moment);
  const system = await startTestSystem({ dir, env, startAt: storyAt, wrap: crash.wrap });
  crash.arm();
  await tellAll(system, crash);
  return { crash, system };
};

/** Another system on the files of the dead one. */
const raised = async ({ crash, system }: Told): Promise<Told> => {
  await crash.bury();
  const next = crashAt(never);
  return {
    crash: next,
    system: await startTestSystem({ dir: system.dir, env, startAt: system.clock.now() + 1_000, wrap: next.wrap }),
  };
};

/** Waits until nothing is owed; then everything has to have come to its end once. */
const ended = async ({ system }: Told) => {
  await quiet(system);
  const provider = providerOf(system.dir);
  const world = worldOf(await streamsOf(system.ports.store));
  expectConsistent(world, provider);
  return endOf(world, provider);
};

describe('a crash at any line', () => {
  it('leaves everything to be ended once by the next process, whether the clients come back or not', async () => {
    const unhurt = await toldUntil(never);
    const moments = unhurt.crash.moments();
    const end = await ended(unhurt);
    await unhurt.system.dispose();
    const failures: string[] = [];
    let crashes = 0;
    for (let moment = 1 + offset; moment <= moments; moment += every) {
      for (const comeBack of [true, false]) {
        const dead = await toldUntil(moment);
        const where = `${moment} ${dead.crash.diedAt() ?? 'alive'} ${comeBack ? 'and clients come back' : 'and clients are gone'}`;
        if (dead.crash.diedAt() !== undefined) crashes += 1;
        const next = await raised(dead);
        try {
          if (comeBack) await tellAll(next.system, next.crash);
          const reached = await ended(next);
          if (comeBack) expect(reached).toEqual(end);
        } catch (error) {
          failures.push(`${where}: ${error instanceof Error ? error.message : String(error)}`);
        }
        await next.system.dispose();
      }
    }
    console.info(`${crashes} crashes at ${moments} moments`);
    expect(failures).toEqual([]);
  }, 1_200_000);
});
