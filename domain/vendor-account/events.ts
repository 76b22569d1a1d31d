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

/** What moves money. `causeId` is the id of the event that caused the posting. */
export const postingEvents = {
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
export type PostingEvent = EventOf<typeof postingEvents>;

/** A calendar month in UTC, `2026-11`. */
export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

const buckets = { pending: minorUnits, available: minorUnits, reserved: minorUnits, paidOut: minorUnits };
const earning = z.object({ lineId: uuid, net: amount, commission: amount });

/** A sale as one period of the books hands it to another: `lines` is what is left of it. */
export const carriedSale = z.object({
  saleId: uuid,
  orderId: uuid,
  currency: currencyCode,
  lines: z.array(earning),
  maturesAt: timestamp,
  matured: z.boolean(),
  refunds: z.array(uuid),
  disputes: z.array(z.object({ disputeId: z.string(), stage: z.enum(['open', 'released', 'charged']) })),
});
export type CarriedSale = z.infer<typeof carriedSale>;

export const carriedPayout = z.object({
  payoutId: uuid,
  state: z.enum(['reserved', 'paid', 'released']),
  amount: amount.positive(),
  currency: currencyCode,
});
export type CarriedPayout = z.infer<typeof carriedPayout>;

/** What the next period starts with: every balance, what is reserved, and the sales that wait for something. */
export const carry = z.object({
  balances: z.array(z.object({ currency: currencyCode, ...buckets })),
  sales: z.array(carriedSale),
  payouts: z.array(carriedPayout),
});
export type Carry = z.infer<typeof carry>;

/** The sums of one kind of posting in one month; with `opening` they make `closing`, bucket by bucket. */
const activity = z.object({
  effect: z.string(),
  count: z.number().int().positive(),
  amounts: z.object({ ...buckets, commission: minorUnits, clearing: minorUnits }),
});
export type StatedActivity = z.infer<typeof activity>;

export const statementContent = z.object({
  vendorId: uuid,
  period: month,
  /** The vendor's business facts as they were. */
  vendor: z.object({ displayName: z.string(), country: z.string() }),
  currencies: z.array(
    z.object({
      currency: currencyCode,
      opening: z.object(buckets),
      activity: z.array(activity),
      closing: z.object(buckets),
    }),
  ),
});
export type StatementContent = z.infer<typeof statementContent>;

/** The books of one month. None of these moves money. */
export const booksEvents = {
  /** The first event of a period. `previous` is the id of the period before (its stream is `vendorAccount-<previous>`). */
  BooksOpened: event(1, z.object({ vendorId: uuid, period: month, previous: z.string().optional(), carry })),
  /** Of earlier periods, because something is told of it now; the balances hold it already. */
  BroughtForward: event(1, z.object({ vendorId: uuid, sales: z.array(carriedSale), payouts: z.array(carriedPayout) })),
  /** The frozen statement of the month, recorded together with its closing. */
  StatementIssued: event(1, statementContent),
  /** Nothing is recorded in this stream any more; the period `next` opens with `carry`. */
  BooksClosed: event(1, z.object({ vendorId: uuid, period: month, next: month, carry })),
};

/** Streams `vendorAccount-<vendorId>` (the first period) and `vendorAccount-<vendorId>.<yyyy-mm>` (each later month). */
export const vendorAccountEvents = { ...postingEvents, ...booksEvents };
export type VendorAccountEvent = EventOf<typeof vendorAccountEvents>;

/** Whether the event moves money. */
export const isPosting = (event: VendorAccountEvent): event is PostingEvent => Object.hasOwn(postingEvents, event.type);
