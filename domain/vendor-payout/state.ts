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
  /** `polls`: how often the provider was asked since whether the money came back. */
  | (Ended & { readonly status: 'paid'; readonly polls: number })
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

const DAY_MS = 24 * HOUR_MS;
/** Banks return money within days: it is asked for 1, 3, 7 and 14 days after it was paid. */
const RETURN_POLLS_MS: readonly number[] = [DAY_MS, 2 * DAY_MS, 4 * DAY_MS, 7 * DAY_MS];

const untilPoll = (state: VendorPayoutState): number | undefined => {
  switch (state.status) {
    case 'inTransit':
      return state.polls === 0 ? HOUR_MS : DAY_MS;
    case 'paid':
      return state.settled ? RETURN_POLLS_MS[state.polls] : undefined;
    default:
      return undefined;
  }
};

/**
 * When the provider is asked what became of a payout, because its report may be lost: of one in transit an hour after
 * it said so, then daily; of one that is paid, for two weeks, whether it came back. `lastAt` is the time of the stream's
 * last event; undefined where nothing is waited for.
 */
export const nextPoll = (state: VendorPayoutState, lastAt: string): string | undefined => {
  const wait = untilPoll(state);
  return wait === undefined ? undefined : new Date(Date.parse(lastAt) + wait).toISOString();
};

/** The state as readers see it (HTTP contract); undefined when there is no payout. */
export const shownPayoutState = (
  state: VendorPayoutState,
): Exclude<VendorPayoutState['status'], 'none' | 'started'> | undefined => {
  if (state.status === 'none') return undefined;
  return state.status === 'started' ? 'requested' : state.status;
};
