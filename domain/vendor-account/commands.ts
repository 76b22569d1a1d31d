import type { CarriedPayout, CarriedSale, Carry, StatementContent } from './events.ts';
import type { Earning } from './state.ts';

export type LineEarning = Earning & { readonly lineId: string };

type OfDispute = {
  readonly disputeId: string;
  readonly saleId: string;
  readonly orderId: string;
  readonly causeId: string;
};

/** Amounts are minor units; `causeId` is the id of the event that caused the command; `now` RFC 3339, UTC, milliseconds. */
export type VendorAccountCommand =
  | {
      readonly type: 'RecordSale';
      /** Names one vendor's part of one order. */
      readonly saleId: string;
      readonly orderId: string;
      readonly causeId: string;
      readonly vendorId: string;
      readonly currency: string;
      /** `net` discounted, without tax. */
      readonly lines: readonly LineEarning[];
      readonly maturesAt: string;
    }
  | { readonly type: 'MatureSale'; readonly saleId: string; readonly now: string }
  | {
      readonly type: 'RecordRefund';
      readonly refundId: string;
      readonly saleId: string;
      readonly orderId: string;
      readonly causeId: string;
      /** Commission at the line's own ratio; the last refund of a line names its exact remainder. */
      readonly lines: readonly LineEarning[];
    }
  | ({ readonly type: 'ReserveDispute' } & OfDispute)
  | ({ readonly type: 'ReleaseDispute' } & OfDispute)
  | ({ readonly type: 'ChargeDispute' } & OfDispute)
  | {
      readonly type: 'ReservePayout';
      readonly payoutId: string;
      readonly amount: number;
      readonly currency: string;
      readonly payoutAccount: string;
    }
  | { readonly type: 'CompletePayout'; readonly payoutId: string; readonly causeId: string }
  | { readonly type: 'ReleasePayout'; readonly payoutId: string; readonly causeId: string; readonly reason: string }
  | BooksCommand;

/** Opening, closing and leafing back: nothing of it moves money. */
export type BooksCommand =
  | {
      readonly type: 'OpenBooks';
      readonly vendorId: string;
      readonly period: string;
      readonly previous?: string;
      readonly carry: Carry;
    }
  | {
      readonly type: 'BringForward';
      readonly sales: readonly CarriedSale[];
      readonly payouts: readonly CarriedPayout[];
    }
  | { readonly type: 'CloseBooks'; readonly period: string; readonly vendor: StatementContent['vendor'] };

export type CommandNamed<Type extends VendorAccountCommand['type']> = Extract<VendorAccountCommand, { type: Type }>;
