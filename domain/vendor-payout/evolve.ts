import { unreachable } from '../unreachable.ts';
import type { VendorPayoutEvent } from './events.ts';
import { hasEnded, type VendorPayoutState } from './state.ts';

type Status = Exclude<VendorPayoutState['status'], 'none'>;

/** How much a state says of the money: a payout only ever moves up. */
const rank: Readonly<Record<Status, number>> = {
  requested: 0,
  started: 1,
  inTransit: 2,
  paid: 3,
  failed: 4,
  returned: 4,
  cancelled: 4,
};

/** Whether `next` says more than `known`. */
export const outranks = (next: Status, known: Status): boolean => rank[next] > rank[known];

/** Total: what can't have happened leaves the state unchanged. */
export const evolve = (state: VendorPayoutState, event: VendorPayoutEvent): VendorPayoutState => {
  if (state.status === 'none')
    return event.type === 'PayoutRequested' ? { status: 'requested', terms: event.data } : state;
  const { terms } = state;
  switch (event.type) {
    case 'PayoutRequested':
      return state;
    case 'PayoutStarted':
      return state.status === 'requested' ? { status: 'started', terms } : state;
    case 'PayoutInTransit':
      return outranks('inTransit', state.status)
        ? { status: 'inTransit', terms, providerRef: event.data.providerRef, polls: 0 }
        : state;
    case 'PayoutPolled':
      return state.status === 'inTransit' || state.status === 'paid' ? { ...state, polls: state.polls + 1 } : state;
    case 'PayoutPaid':
      return outranks('paid', state.status) ? { status: 'paid', terms, settled: false, polls: 0 } : state;
    case 'PayoutFailed':
      return outranks('failed', state.status)
        ? { status: 'failed', terms, reason: event.data.reason, settled: false }
        : state;
    case 'PayoutReturned':
      return outranks('returned', state.status)
        ? { status: 'returned', terms, reason: event.data.reason, settled: false }
        : state;
    case 'PayoutCancelled':
      return state.status === 'requested' ? { status: 'cancelled', terms, settled: false } : state;
    case 'PayoutSettled':
      return hasEnded(state) && state.status === event.data.outcome ? { ...state, settled: true } : state;
    default:
      return unreachable(event);
  }
};
