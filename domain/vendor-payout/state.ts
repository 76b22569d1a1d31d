import { unreachable } from '../unreachable.ts';
import type { VendorPayoutEvent } from './events.ts';

export type PayoutTerms = Extract<VendorPayoutEvent, { type: 'PayoutRequested' }>['data'];
/** How a payout ended; after `paid` it may still be returned or fail. */
export type PayoutOutcome = 'paid' | 'failed' | 'returned' | 'cancelled';

type Ended = {
  readonly terms: PayoutTerms;
  /** The vendor's account followed this outcome. */
  readonly settled: boolean;
};

export type VendorPayoutState =
  | { readonly status: 'none' }
  | { readonly status: 'requested'; readonly terms: PayoutTerms }
  /** The provider is asked, or may have been; readers see it as `requested`. */
  | { readonly status: 'started'; readonly terms: PayoutTerms }
  | { readonly status: 'inTransit'; readonly terms: PayoutTerms; readonly providerRef: string; readonly polls: number }
  | (Ended & { readonly status: 'paid' })
  | (Ended & { readonly status: 'failed' | 'returned'; readonly reason: string })
  | (Ended & { readonly status: 'cancelled' });

type EndedPayout = Extract<VendorPayoutState, { status: PayoutOutcome }>;

/** Whether there is an outcome that the vendor's account follows. */
export const hasEnded = (state: VendorPayoutState): state is EndedPayout =>
  state.status === 'paid' || state.status === 'failed' || state.status === 'returned' || state.status === 'cancelled';

export const noPayout: VendorPayoutState = { status: 'none' };

/** What the process does next for a payout. */
export type PayoutStep =
  /** Record the start, then ask the provider under the payout's id. */
  | { readonly step: 'start' }
  /** The answer is unknown: ask (again) under the same id, or what became of it. */
  | { readonly step: 'askProvider' }
  /** Tell the vendor's account, then record that it followed. */
  | { readonly step: 'settle'; readonly outcome: PayoutOutcome };

/** What is owed for the payout; nothing while it is in transit (the provider reports) and once its end is settled. */
export const owed = (state: VendorPayoutState): readonly PayoutStep[] => {
  if (hasEnded(state)) return state.settled ? [] : [{ step: 'settle', outcome: state.status }];
  switch (state.status) {
    case 'requested':
      return [{ step: 'start' }];
    case 'started':
      return [{ step: 'askProvider' }];
    case 'none':
    case 'inTransit':
      return [];
    default:
      return unreachable(state);
  }
};

const HOUR_MS = 3_600_000;

/**
 * When the provider is asked what became of a payout in transit, because its report may be lost: an hour after it said
 * so, then daily. `lastAt` is the time of the stream's last event; undefined where nothing is waited for.
 */
export const nextPoll = (state: VendorPayoutState, lastAt: string): string | undefined =>
  state.status === 'inTransit'
    ? new Date(Date.parse(lastAt) + (state.polls === 0 ? HOUR_MS : 24 * HOUR_MS)).toISOString()
    : undefined;

/** The state as readers see it (HTTP contract); undefined when there is no payout. */
export const shownPayoutState = (
  state: VendorPayoutState,
): Exclude<VendorPayoutState['status'], 'none' | 'started'> | undefined => {
  if (state.status === 'none') return undefined;
  return state.status === 'started' ? 'requested' : state.status;
};
