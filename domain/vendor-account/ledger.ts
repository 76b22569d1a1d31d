import type { LedgerAccount, LedgerEntry, PostingEvent } from './events.ts';

/** The vendor's buckets, minor units of one currency. Only `available` may be negative. */
export type Balance = {
  readonly pending: number;
  readonly available: number;
  readonly reserved: number;
  readonly paidOut: number;
};

export const zeroBalance: Balance = { pending: 0, available: 0, reserved: 0, paidOut: 0 };

/** The entries of one posting, without those of nothing; of a posting that moves nothing there are none. */
export const entriesFor = (amounts: Partial<Record<LedgerAccount, number>>): LedgerEntry[] => {
  const order: readonly LedgerAccount[] = ['clearing', 'commission', 'pending', 'available', 'reserved', 'paidOut'];
  return order.flatMap((account) => {
    const amount = amounts[account] ?? 0;
    return amount === 0 ? [] : [{ account, amount }];
  });
};

/** Moves `amount` from one account to another. */
export const transfer = (from: LedgerAccount, to: LedgerAccount, amount: number): LedgerEntry[] =>
  from === to ? [] : entriesFor({ [from]: -amount, [to]: amount });

/** The balance after `entries`; the market's and the outside's accounts are no part of it. */
export const withEntries = (balance: Balance, entries: readonly LedgerEntry[]): Balance => {
  const after = { ...balance };
  for (const { account, amount } of entries)
    if (account !== 'commission' && account !== 'clearing') after[account] += amount;
  return after;
};

/** The entries of any posting to a vendor's account: signed minor units of the event's currency that sum to zero. */
export const entriesOf = (event: PostingEvent): readonly LedgerEntry[] => event.data.entries;
