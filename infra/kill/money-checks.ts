import { valuesIn } from '../../domain/keyed.ts';
import type { PlacedOrder } from '../../domain/order/state.ts';
import { isPosting, type VendorAccountEvent } from '../../domain/vendor-account/events.ts';
import { balancesOf, type VendorAccountState } from '../../domain/vendor-account/state.ts';
import { holds, same } from './expecting.ts';
import { eventOf, type Provider, sum, type World } from './world.ts';

/** What a vendor has to have of its orders: shares of what was sold, less what went back. */
const shareOf = (order: PlacedOrder, vendorId: string): number => {
  if (order.licenses === undefined || order.disputes.some(({ outcome }) => outcome === 'lost')) return 0;
  const lines = order.lines.filter((line) => line.vendorId === vendorId);
  const back = order.refunds
    .filter(({ state }) => state === 'succeeded')
    .flatMap((refund) => refund.lines.filter(({ lineId }) => lines.some((line) => line.lineId === lineId)));
  return (
    sum(lines.map(({ total, tax, commission }) => total - tax - commission)) -
    sum(back.map(({ net, commission }) => net - commission))
  );
};

/** Entries of every posting cancel out, and none is there twice, in whatever period of the books. */
const checkPostings = ({ streams }: World, vendorId: string, periods: readonly string[]): void => {
  const posted = periods
    .flatMap((id) => (streams.get(`vendorAccount-${id}`) ?? []).map((event) => eventOf<VendorAccountEvent>(event)))
    .filter(isPosting);
  for (const { type, data } of posted)
    same(sum(data.entries.map(({ amount }) => amount)), 0, `entries of ${type} of ${vendorId}`);
  const causes = posted.map(({ type, data }) =>
    JSON.stringify([
      type,
      'payoutId' in data ? data.payoutId : data.saleId,
      'refundId' in data ? data.refundId : '',
      'disputeId' in data ? data.disputeId : '',
    ]),
  );
  const twice = causes.filter((cause, index) => causes.indexOf(cause) !== index);
  same(twice, [], `postings of ${vendorId} that are there twice`);
};

/** One period follows the other, and only the last is open. */
const openPeriod = (accounts: World['accounts'], vendorId: string, periods: readonly string[]): VendorAccountState => {
  const open = periods.filter((id) => accounts.get(id)?.status === 'open');
  same(open, periods.slice(-1), `open periods of ${vendorId}`);
  for (const [index, id] of periods.entries()) {
    const account = accounts.get(id);
    const next = periods[index + 1];
    if (account?.status === 'closed' && next !== undefined) same(next, `${vendorId}.${account.next}`, `after ${id}`);
  }
  return accounts.get(periods.at(-1) ?? '') ?? { status: 'none' };
};

/** Buckets add up to what was sold, and payouts are where the provider has them. */
const checkVendor = (world: World, vendorId: string, periods: readonly string[]): void => {
  checkPostings(world, vendorId, periods);
  const account = openPeriod(world.accounts, vendorId, periods);
  const [balance] = balancesOf(account);
  const buckets = balance === undefined ? 0 : balance.pending + balance.available + balance.reserved + balance.paidOut;
  const shares = [...world.orders.values()].map((order) => shareOf(order, vendorId));
  same(buckets, sum(shares), `money of ${vendorId}`);
  const own = [...world.payouts.values()].flatMap((payout) =>
    payout.status !== 'none' && payout.terms.vendorId === vendorId ? [payout] : [],
  );
  const paid = own.map((payout) => (payout.status === 'paid' ? payout.terms.amount : 0));
  same(balance?.paidOut ?? 0, sum(paid), `paid out to ${vendorId}`);
  const kept = account.status === 'none' ? [] : [...valuesIn(account.payouts)];
  const reserved = kept.filter(({ state }) => state === 'reserved');
  same(reserved, [], `reservations of ${vendorId}`);
};

/** @throws Broken when a cent is missing, too many, or somewhere else than the provider has it */
export const checkMoney = (world: World, provider: Provider): void => {
  const byVendor = Map.groupBy([...world.accounts.keys()].sort(), (id) => id.split('.', 1)[0] ?? id);
  for (const [vendorId, periods] of byVendor) checkVendor(world, vendorId, periods);
  for (const [id, { status }] of world.payouts)
    holds(
      status === 'cancelled' || provider.payouts.some(({ payoutId }) => payoutId === id),
      `payout ${id} never came to the provider`,
    );
  for (const { payoutId, state } of provider.payouts)
    same(world.payouts.get(payoutId)?.status, state.type, `payout ${payoutId}`);
};
