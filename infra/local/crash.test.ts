import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Crash, crashAt } from './test-crash.ts';
import { injected, pumped } from './test-door.ts';
import { endOf, expectConsistent, providerOf, quiet, streamsOf, worldOf } from './test-end-state.ts';
import { type Market, openMarket } from './test-market.ts';
import { tell } from './test-story.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

const env = { PAYMENT_TIMEOUT_S: '60', SETTLEMENT_DELAY_S: '1' };
const folder = mkdtempSync(join(tmpdir(), 'autopilot-crash-'));
const openAt = Date.parse('2026-11-21T10:00:00.000Z');
const storyAt = openAt + 3_600_000;
let market: Market;

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
/** Tells the story to a system on a copy of the market's files, which may die of `crash`. */
const toldUntil = async (crash: Crash): Promise<TestSystem> => {
  const dir = join(folder, String(++runs));
  cpSync(join(folder, 'market'), dir, { recursive: true });
  const system = await startTestSystem({ dir, env, startAt: storyAt, wrap: crash.wrap });
  crash.arm();
  await pumped(system, tell(injected(system), market), crash.died);
  return system;
};

const ended = async (system: TestSystem) => {
  await quiet(system);
  const provider = providerOf(system.dir);
  const world = worldOf(await streamsOf(system.ports.store));
  expectConsistent(world, provider);
  return endOf(world, provider);
};

describe('a crash at any line', () => {
  it('comes to the same end', async () => {
    const unhurt = crashAt(Number.POSITIVE_INFINITY);
    const first = await toldUntil(unhurt);
    const end = await ended(first);
    console.log(unhurt.moments(), JSON.stringify(end, null, 1));
    await first.dispose();
  });
});
