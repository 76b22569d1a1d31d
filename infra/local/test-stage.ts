import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectConsistent } from '../kill/end-state.ts';
import { providerOf, streamsOf, worldOf } from '../kill/world.ts';
import type { PaymentProvider } from '../payments/port.ts';
import { type Answer, type Door, injected } from './test-door.ts';
import { endOf, quiet } from './test-end-state.ts';
import { type Market, openMarket, order, orderWhen, tokenOf } from './test-market.ts';
import { startTestSystem, type TestOptions, type TestSystem } from './test-system.ts';

const env = { PAYMENT_TIMEOUT_S: '30', SETTLEMENT_DELAY_S: '1' };
const openAt = Date.parse('2026-11-21T10:00:00.000Z');

/** A market that was opened once, for many stories that all begin there. */
export type Stage = {
  readonly market: Market;
  /** A system on a copy of the market's files, or on the files of one that ended, at `startAt`. */
  start(options?: Pick<TestOptions, 'dir' | 'startAt' | 'wrap'>): Promise<TestSystem>;
  remove(): void;
};

export const openStage = async (): Promise<Stage> => {
  const folder = mkdtempSync(join(tmpdir(), 'autopilot-stage-'));
  const home = join(folder, 'market');
  const system = await startTestSystem({ dir: home, env, startAt: openAt });
  const door = injected(system);
  const market = await door.pumped(openMarket(door));
  if (market === undefined) throw new Error('the market did not open');
  await quiet(system);
  await system.stop();
  let copies = 0;
  return {
    market,
    start: async (options = {}) => {
      const dir = options.dir ?? join(folder, String(++copies));
      if (options.dir === undefined) cpSync(home, dir, { recursive: true });
      return startTestSystem({ env, startAt: openAt + 3_600_000, ...options, dir });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

const disputeIn = ({ dispute }: Answer): string | undefined =>
  typeof dispute === 'object' && dispute !== null && 'id' in dispute ? String(dispute.id) : undefined;

/** A sale that is disputed, and ends as the evidence says. The evidence goes past our door, to the provider itself. */
export const dispute = async (
  door: Door,
  { shops: [one, , three] }: Market,
  provider: Pick<PaymentProvider, 'submitEvidence'>,
  evidence: 'winning_evidence' | 'losing_evidence',
): Promise<void> => {
  const token = await tokenOf(door, 'buyer');
  const id = await order(door, [{ shop: one }, { shop: three }], 'pm_card_createDispute', { token, key: evidence });
  const shown = await orderWhen(door, id, token, 'has a dispute', (found) => disputeIn(found) !== undefined);
  await provider.submitEvidence({ disputeId: disputeIn(shown) ?? '', text: evidence });
  await orderWhen(door, id, token, `is over with ${evidence}`, ({ disputed }) => disputed === false);
};

/** Waits until nothing is owed; then everything has to have come to its end once. Answers that end. */
export const ended = async (system: TestSystem): Promise<ReturnType<typeof endOf>> => {
  await quiet(system);
  const provider = providerOf(system.dir);
  const world = worldOf(await streamsOf(system.ports.store));
  expectConsistent(world, provider);
  return endOf(world, provider);
};
