import type { Recorded } from '../../domain/event/recorded.ts';
import type { PostingEvent } from '../../domain/vendor-account/events.ts';
import { type Projection, projection } from '../definition.ts';
import { postingTypes } from './ledger.ts';

/** Minor units. */
export type Buckets = {
  readonly pending: number;
  readonly available: number;
  readonly reserved: number;
  readonly paidOut: number;
};

export type BalanceDocument = {
  readonly vendorId: string;
  readonly currencies: { readonly [currency: string]: Buckets };
  readonly asOf: string;
  readonly position: string;
  readonly revision: string;
};

const none: Buckets = { pending: 0, available: 0, reserved: 0, paidOut: 0 };

const post = (balance: BalanceDocument | undefined, event: Recorded<PostingEvent>): BalanceDocument => {
  const { vendorId, currency, entries } = event.data;
  const buckets = { ...(balance?.currencies[currency] ?? none) };
  for (const { account, amount } of entries) {
    if (account === 'pending' || account === 'available' || account === 'reserved' || account === 'paidOut')
      buckets[account] += amount;
  }
  return {
    vendorId,
    currencies: { ...balance?.currencies, [currency]: buckets },
    asOf: event.metadata.occurredAt,
    position: event.position.toString(),
    revision: event.revision.toString(),
  };
};

const empty = projection<BalanceDocument>('balances', { version: 1, sink: 'documents' });

/** A vendor's balance: a fold of ledger entries. */
export const balances = postingTypes.reduce<Projection<BalanceDocument>>(
  (all, type) => all.on(type, (event) => event.data.vendorId, post),
  empty,
);
