import type { Keyed } from '../keyed.ts';
import { sumOf } from '../money/money.ts';
import type { Carry, StatedActivity } from './events.ts';
import type { Balance } from './ledger.ts';

/** Minor units; `commission` is the market's part of `net`, the rest is the vendor's share. */
export type Earning = { readonly net: number; readonly commission: number };

export type Sale = {
  readonly saleId: string;
  readonly orderId: string;
  readonly currency: string;
  /** What is left of each line, by line id, after refunds and a lost dispute. */
  readonly lines: ReadonlyMap<string, Earning>;
  readonly maturesAt: string;
  readonly matured: boolean;
  readonly refunds: ReadonlySet<string>;
  /** By dispute id. */
  readonly disputes: ReadonlyMap<string, 'open' | 'released' | 'charged'>;
};

export type ReservedPayout = {
  readonly payoutId: string;
  readonly state: 'reserved' | 'paid' | 'released';
  readonly amount: number;
  readonly currency: string;
};

/** What one period remembers of itself for its statement and for the way back. */
export type Books = {
  /** The month; absent where a sale opened the account without it. */
  readonly period?: string;
  /** Id of the period before; absent in the first. */
  readonly previous?: string;
  readonly opening: ReadonlyMap<string, Balance>;
  /** Sums of what was posted, by currency, then by kind of posting. */
  readonly activity: ReadonlyMap<string, ReadonlyMap<string, StatedActivity>>;
};

type Account = {
  readonly vendorId: string;
  readonly books: Books;
  /** By currency; nothing but the fold of all entries. */
  readonly balances: ReadonlyMap<string, Balance>;
  readonly sales: Keyed<Sale>;
  readonly payouts: Keyed<ReservedPayout>;
};

export type OpenAccount = Account & { readonly status: 'open' };
/** The period has ended: it is read, and carried into the period `next`. */
export type ClosedAccount = Account & {
  readonly status: 'closed';
  readonly period: string;
  readonly next: string;
  readonly carry: Carry;
};

/** One period of a vendor's account. */
export type VendorAccountState = { readonly status: 'none' } | OpenAccount | ClosedAccount;
/** An account that can be posted to. */
export type LiveAccount = Exclude<VendorAccountState, { status: 'closed' }>;

export const noAccount: VendorAccountState = { status: 'none' };

/** The vendor's balances, one a currency that was ever sold in, sorted by currency. */
export const balancesOf = (state: VendorAccountState): readonly ({ readonly currency: string } & Balance)[] =>
  state.status === 'none'
    ? []
    : [...state.balances]
        .map(([currency, balance]) => ({ currency, ...balance }))
        .sort((a, b) => (a.currency < b.currency ? -1 : 1));

/** What is left of the whole sale. */
export const leftOf = (sale: Sale): Earning => {
  const lines = [...sale.lines.values()];
  return { net: sumOf(lines.map((line) => line.net)), commission: sumOf(lines.map((line) => line.commission)) };
};

/** The bucket in which what is left of the sale would be without disputes. */
export const undisputedBucket = (sale: Sale): 'pending' | 'available' => (sale.matured ? 'available' : 'pending');

/** The bucket in which what is left of the sale is: reserved while any dispute holds it. */
export const bucketOf = (sale: Sale): 'pending' | 'available' | 'reserved' =>
  [...sale.disputes.values()].includes('open') ? 'reserved' : undisputedBucket(sale);
