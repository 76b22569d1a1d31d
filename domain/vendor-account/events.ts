import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { currencyCode, minorUnits, timestamp, uuid } from '../event/fields.ts';

/**
 * Accounts of the double-entry ledger of one vendor. The first four are the vendor's buckets; `commission` is the
 * market's earning; `clearing` stands for the outside (buyers' money in, refunds, lost disputes and payouts out).
 */
export const ledgerAccounts = ['pending', 'available', 'reserved', 'paidOut', 'commission', 'clearing'] as const;
export const ledgerAccount = z.enum(ledgerAccounts);
export type LedgerAccount = z.infer<typeof ledgerAccount>;

/** Signed minor units; the entries of one event sum to zero. */
export const ledgerEntry = z.object({ account: ledgerAccount, amount: minorUnits });
export type LedgerEntry = z.infer<typeof ledgerEntry>;

const posting = {
  vendorId: uuid,
  currency: currencyCode,
  entries: z.array(ledgerEntry),
};
const amount = minorUnits.nonnegative();

/** Streams `vendorAccount-<vendorId>`. `causeId` is the id of the event that caused the posting. */
export const vendorAccountEvents = {
  /** `saleId` names one vendor's part of one order. Pending until `maturesAt`. */
  SaleRecorded: event(
    1,
    z.object({
      ...posting,
      causeId: uuid,
      saleId: uuid,
      orderId: uuid,
      lines: z.array(z.object({ lineId: uuid, net: amount, commission: amount })),
      maturesAt: timestamp,
    }),
  ),
  SaleMatured: event(1, z.object({ ...posting, saleId: uuid, orderId: uuid })),
  RefundRecorded: event(
    1,
    z.object({
      ...posting,
      causeId: uuid,
      refundId: uuid,
      saleId: uuid,
      orderId: uuid,
      lines: z.array(z.object({ lineId: uuid, net: amount, commission: amount })),
    }),
  ),
  /** The vendor's net of the sale that is left moves to reserved while the dispute is open. */
  DisputeReserved: event(
    1,
    z.object({ ...posting, causeId: uuid, disputeId: z.string(), saleId: uuid, orderId: uuid }),
  ),
  DisputeReleased: event(
    1,
    z.object({ ...posting, causeId: uuid, disputeId: z.string(), saleId: uuid, orderId: uuid }),
  ),
  DisputeCharged: event(1, z.object({ ...posting, causeId: uuid, disputeId: z.string(), saleId: uuid, orderId: uuid })),
  PayoutReserved: event(
    1,
    z.object({ ...posting, payoutId: uuid, amount: amount.positive(), payoutAccount: z.string() }),
  ),
  PayoutCompleted: event(1, z.object({ ...posting, causeId: uuid, payoutId: uuid })),
  /** Failed, cancelled, or returned after it was paid: back to available. */
  PayoutReleased: event(1, z.object({ ...posting, causeId: uuid, payoutId: uuid, reason: z.string() })),
};
export type VendorAccountEvent = EventOf<typeof vendorAccountEvents>;
