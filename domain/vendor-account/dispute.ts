import type { CommandNamed } from './commands.ts';
import type { VendorAccountEvent } from './events.ts';
import { entriesFor, transfer } from './ledger.ts';
import { saleOf } from './sale.ts';
import { bucketOf, type LiveAccount, leftOf } from './state.ts';

/** What is left of the vendor's share waits in `reserved`, also when that is nothing. */
export const reserveDispute = (command: CommandNamed<'ReserveDispute'>, state: LiveAccount): VendorAccountEvent[] => {
  const { disputeId, saleId, orderId, causeId } = command;
  const { vendorId, sale } = saleOf(state, saleId);
  if (sale.disputes.has(disputeId)) return [];
  const { net, commission } = leftOf(sale);
  const entries = transfer(bucketOf(sale), 'reserved', net - commission);
  const { currency } = sale;
  return [{ type: 'DisputeReserved', data: { vendorId, currency, entries, causeId, disputeId, saleId, orderId } }];
};

/**
 * Won: the share goes to the bucket it would be in now, unless another dispute holds it. A dispute that ended stays
 * ended; one that was never opened here is recorded as ended, so that its opening, told later, moves nothing.
 */
export const releaseDispute = (command: CommandNamed<'ReleaseDispute'>, state: LiveAccount): VendorAccountEvent[] => {
  const { disputeId, saleId, orderId, causeId } = command;
  const { vendorId, sale } = saleOf(state, saleId);
  const stage = sale.disputes.get(disputeId);
  if (stage === 'released' || stage === 'charged') return [];
  const { net, commission } = leftOf(sale);
  const after = { ...sale, disputes: new Map(sale.disputes).set(disputeId, 'released' as const) };
  const entries = transfer(bucketOf(sale), bucketOf(after), net - commission);
  const { currency } = sale;
  return [{ type: 'DisputeReleased', data: { vendorId, currency, entries, causeId, disputeId, saleId, orderId } }];
};

/**
 * Lost: the vendor is debited its share of what is left, once, and the market gives its commission back: together the
 * whole net goes outside. The provider's fee is the market's and no entry of this ledger.
 */
export const chargeDispute = (command: CommandNamed<'ChargeDispute'>, state: LiveAccount): VendorAccountEvent[] => {
  const { disputeId, saleId, orderId, causeId } = command;
  const { vendorId, sale } = saleOf(state, saleId);
  const stage = sale.disputes.get(disputeId);
  if (stage === 'released' || stage === 'charged') return [];
  const { net, commission } = leftOf(sale);
  const entries = entriesFor({ clearing: net, commission: -commission, [bucketOf(sale)]: commission - net });
  const { currency } = sale;
  return [{ type: 'DisputeCharged', data: { vendorId, currency, entries, causeId, disputeId, saleId, orderId } }];
};
