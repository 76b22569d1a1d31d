import type { Order } from '../../domain/order/state.ts';
import type { Payment } from '../../domain/payment/state.ts';
import type { VendorPayoutState } from '../../domain/vendor-payout/state.ts';

/** What is owed at once is the live reactors' work: the desk offers it after so long. A deadline is offered at its time. */
const GRACE_MS = 2_000;

/** One thing that a process may owe something to. `dueAt` null: nothing at present. */
export type DeskDocument = {
  readonly process: string;
  readonly key: string;
  readonly dueAt: string | null;
  /** Names of the steps that are owed. */
  readonly owes: readonly string[];
  /** Since when something is owed. */
  readonly since: string | null;
  readonly order?: Order;
  readonly payment?: Payment;
  readonly payout?: VendorPayoutState;
  /** Versions whose scan is owed. */
  readonly versions?: readonly string[];
  /** Of a licence: whether it stands, and whether the review on it counts; null: there is none. */
  readonly review?: { readonly standing: boolean; readonly counted: boolean | null };
};

export type At = { readonly metadata: { readonly occurredAt: string } };

export const soon = ({ metadata }: At): string => new Date(Date.parse(metadata.occurredAt) + GRACE_MS).toISOString();
export const idOf = (process: string, key: string): string => `${process}:${key}`;
export const sinceOf = (before: DeskDocument | undefined, owes: readonly string[], { metadata }: At): string | null =>
  owes.length === 0 ? null : (before?.since ?? metadata.occurredAt);

export const waiting = (process: string, key: string, owes: string, dueAt: string, { metadata }: At): DeskDocument => ({
  process,
  key,
  dueAt,
  owes: [owes],
  since: metadata.occurredAt,
});
export const gone = (): undefined => undefined;
