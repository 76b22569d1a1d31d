import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import { couponUses } from '../../domain/coupon/state.ts';
import { valuesIn } from '../../domain/keyed.ts';
import { balancesOf } from '../../domain/vendor-account/state.ts';
import type { ChargeRecord, DisputeRecord, PayoutRecord, RefundRecord } from '../payments/simulated/provider-file.ts';
import { isOwed, moneyAt, type Provider, problemsIn, sum, type World } from './end-state.ts';
import type { Ports } from './ports.ts';
import type { TestSystem } from './test-system.ts';

export { streamsOf, worldOf } from './end-state.ts';

/** What the simulated provider believes, and how many webhooks it still owes. */
export const providerOf = (dir: string): Provider => {
  const file = new DatabaseSync(join(dir, 'simulated-provider.sqlite'), { readOnly: true, timeout: 5_000 });
  try {
    const records = <T>(kind: string): readonly T[] =>
      file
        .prepare('SELECT record FROM records WHERE kind = ?')
        .all(kind)
        .map(({ record }) => JSON.parse(String(record)));
    return {
      charges: records<ChargeRecord>('charge'),
      refunds: records<RefundRecord>('refund'),
      payouts: records<PayoutRecord>('payout'),
      disputes: records<DisputeRecord>('dispute'),
      webhooksOwed: Number(file.prepare('SELECT count(*) AS owed FROM outbox').get()?.owed),
    };
  } finally {
    file.close();
  }
};
/** Everything came to its end once. */
export const expectConsistent = (world: World, provider: Provider): void =>
  expect(problemsIn(world, provider)).toEqual([]);

const sorted = <T>(entries: Iterable<readonly [string, T]>): Record<string, T> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

/** What has to be the same however the same story came about: no times, no positions. */
export const endOf = ({ orders, licenses, coupons, stocks, accounts, payouts }: World, provider: Provider) => ({
  orders: sorted(
    [...orders].map(([id, order]) => [
      id,
      {
        status: order.status,
        reason: 'reason' in order ? order.reason : undefined,
        total: order.total,
        holds: order.holdsSettled,
        settled: order.settled,
        refunds: order.refunds.map(({ refundId, amount, state }) => ({ refundId, amount, state })),
        disputes: order.disputes.map(({ disputeId, outcome, settled }) => ({ disputeId, outcome, settled })),
        money: moneyAt(provider, id),
      },
    ]),
  ),
  licenses: sorted([...licenses].map(([id, { status }]) => [id, status])),
  coupons: sorted([...coupons].map(([code, coupon]) => [code, couponUses(coupon)])),
  stocks: sorted(
    [...stocks].map(([id, stock]) => [
      id,
      sum(
        stock.status === 'none'
          ? []
          : [...valuesIn(stock.holds)].map((hold) => (hold.state === 'released' ? 0 : hold.quantity)),
      ),
    ]),
  ),
  balances: sorted([...accounts].map(([id, account]) => [id, balancesOf(account)])),
  payouts: sorted([...payouts].map(([id, payout]) => [id, payout.status])),
});

/** What of the desk is neither done nor an operator's, once the read models have caught up; undefined before. */
export const deskOf = async ({ store, readModels: { documents } }: Ports): Promise<readonly string[] | undefined> => {
  const head = (await store.head()) ?? -1n;
  const positions = await Promise.all(['desk', 'balances'].map((name) => documents.position(name)));
  if (positions.some((position) => (position ?? -1n) < head)) return undefined;
  const tasks = await documents.find('desk', { limit: 10_000 });
  return tasks
    .filter(({ document }) => isOwed(document))
    .map(({ id, document }) => `${id} ${JSON.stringify(document.owes)}`);
};

/** Lets time pass until nobody owes anything: the desk is empty, all webhooks are delivered. */
export const quiet = async (system: TestSystem): Promise<void> => {
  let left: unknown;
  let looks = 0;
  let calm = 0;
  try {
    await system.until(
      'quiet',
      async () => {
        if (++looks % 5 > 0) return false;
        left = await deskOf(system.ports);
        calm = Array.isArray(left) && left.length === 0 && providerOf(system.dir).webhooksOwed === 0 ? calm + 1 : 0;
        return calm > 3;
      },
      20_000,
    );
  } catch {
    throw new Error(`still owed: ${JSON.stringify(left)} and ${providerOf(system.dir).webhooksOwed} webhooks`);
  }
};

/** The same of a process, from its files. */
export const isQuietAt = (dir: string): boolean => {
  const file = new DatabaseSync(join(dir, 'read-models.sqlite'), { readOnly: true, timeout: 5_000 });
  try {
    const key = file.prepare("SELECT key FROM generations WHERE projection = 'desk' AND state = 'live'").get()?.key;
    const tasks = file.prepare(`SELECT document FROM documents_${String(key)}`).all();
    return !tasks.some(({ document }) => isOwed(JSON.parse(String(document)))) && providerOf(dir).webhooksOwed === 0;
  } finally {
    file.close();
  }
};
