import { given } from '../given.ts';
import type { LineEarning, VendorAccountCommand } from './commands.ts';
import { vendorAccountDecider } from './decide.ts';
import type { LedgerAccount, LedgerEntry, VendorAccountEvent } from './events.ts';

/** What the tests of a vendor's account say: one vendor, one sale, its events and commands. Amounts in cents. */
export const vendorId = 'v1';
export const currency = 'USD';
export const causeId = 'cause';
export const maturesAt = '2026-05-15T12:00:00.000Z';
/** Just before the sale is due. */
export const before = '2026-05-15T11:59:59.999Z';
export const reason = 'account closed';
/** Sale `s1` of order `o1`: one line of 1999, 200 of it commission. */
export const ofSale = { saleId: 's1', orderId: 'o1' };
export const wholeLine: LineEarning = { lineId: 'l1', net: 1999, commission: 200 };

/** In the order in which they are posted. */
export const entries = (amounts: Partial<Record<LedgerAccount, number>>): LedgerEntry[] => {
  const order: LedgerAccount[] = ['clearing', 'commission', 'pending', 'available', 'reserved', 'paidOut'];
  return order.flatMap((account) => {
    const amount = amounts[account];
    return amount === undefined ? [] : [{ account, amount }];
  });
};
export type Amounts = Partial<Record<LedgerAccount, number>>;
export const posting = (amounts: Amounts) => ({ vendorId, currency, entries: entries(amounts) });

export const recorded: Extract<VendorAccountEvent, { type: 'SaleRecorded' }> = {
  type: 'SaleRecorded',
  data: {
    ...posting({ clearing: -1999, commission: 200, pending: 1799 }),
    causeId,
    ...ofSale,
    lines: [wholeLine],
    maturesAt,
  },
};
export const matured = (amounts: Amounts = { pending: -1799, available: 1799 }): VendorAccountEvent => ({
  type: 'SaleMatured',
  data: { ...posting(amounts), ...ofSale },
});
export const refunded = (amounts: Amounts, lines: LineEarning[], refundId = 'r1'): VendorAccountEvent => ({
  type: 'RefundRecorded',
  data: { ...posting(amounts), causeId, refundId, ...ofSale, lines },
});
export const dispute = (
  type: 'DisputeReserved' | 'DisputeReleased' | 'DisputeCharged',
  amounts: Amounts,
  disputeId = 'd1',
): VendorAccountEvent => ({ type, data: { ...posting(amounts), causeId, disputeId, ...ofSale } });
export const payoutReserved = (amount: number, payoutId = 'po1'): VendorAccountEvent => ({
  type: 'PayoutReserved',
  data: { ...posting({ available: -amount, reserved: amount }), payoutId, amount, payoutAccount: 'ba_ok' },
});
export const payoutCompleted = (amount: number): VendorAccountEvent => ({
  type: 'PayoutCompleted',
  data: { ...posting({ reserved: -amount, paidOut: amount }), causeId, payoutId: 'po1' },
});
export const payoutReleased = (amounts: Amounts): VendorAccountEvent => ({
  type: 'PayoutReleased',
  data: { ...posting(amounts), causeId, payoutId: 'po1', reason },
});
/** What the market has from the sale is available to its vendor. */
export const availableSale: readonly VendorAccountEvent[] = [recorded, matured()];

export const recordSale = (lines: LineEarning[] = [wholeLine], more: { saleId?: string; currency?: string } = {}) =>
  ({ type: 'RecordSale', ...ofSale, causeId, vendorId, currency, lines, maturesAt, ...more }) as const;
export const mature = (now = maturesAt): VendorAccountCommand => ({ type: 'MatureSale', saleId: 's1', now });
export const refund = (lines: LineEarning[] = [wholeLine], refundId = 'r1'): VendorAccountCommand => ({
  type: 'RecordRefund',
  refundId,
  ...ofSale,
  causeId,
  lines,
});
export const disputed = (
  type: 'ReserveDispute' | 'ReleaseDispute' | 'ChargeDispute',
  disputeId = 'd1',
): VendorAccountCommand => ({ type, disputeId, ...ofSale, causeId });
export const reservePayout = (amount: number, payoutId = 'po1', inCurrency = currency): VendorAccountCommand => ({
  type: 'ReservePayout',
  payoutId,
  amount,
  currency: inCurrency,
  payoutAccount: 'ba_ok',
});
export const completePayout: VendorAccountCommand = { type: 'CompletePayout', payoutId: 'po1', causeId };
export const releasePayout: VendorAccountCommand = { type: 'ReleasePayout', payoutId: 'po1', causeId, reason };
/** An account with this history, to be given a command. */
export const account = (...history: VendorAccountEvent[]) => given(vendorAccountDecider, ...history);
