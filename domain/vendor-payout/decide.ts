import type { Decider } from '../decider.ts';
import { domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import type { PayoutFact, VendorPayoutCommand } from './commands.ts';
import type { VendorPayoutEvent } from './events.ts';
import { evolve, outranks } from './evolve.ts';
import { hasEnded, noPayout, type PayoutOutcome, type PayoutTerms, type VendorPayoutState } from './state.ts';

type Known = Exclude<VendorPayoutState, { status: 'none' }>;

const request = (data: PayoutTerms, state: VendorPayoutState): VendorPayoutEvent[] => {
  if (!(Number.isSafeInteger(data.amount) && data.amount > 0))
    throw domainError('INVALID_INPUT', 'A payout is at least 1 minor unit');
  if (state.status === 'none') return [{ type: 'PayoutRequested', data }];
  const { terms } = state;
  if (
    terms.vendorId === data.vendorId &&
    terms.amount === data.amount &&
    terms.currency === data.currency &&
    terms.payoutAccount === data.payoutAccount
  )
    return [];
  throw domainError('PAYOUT_STATE', 'The payout was requested with another content');
};

const factEvent = (fact: PayoutFact, of: { payoutId: string; vendorId: string }): VendorPayoutEvent => {
  switch (fact.type) {
    case 'inTransit':
      return { type: 'PayoutInTransit', data: { ...of, providerRef: fact.providerRef } };
    case 'paid':
      return { type: 'PayoutPaid', data: of };
    case 'failed':
      return { type: 'PayoutFailed', data: { ...of, reason: fact.reason } };
    case 'returned':
      return { type: 'PayoutReturned', data: { ...of, reason: fact.reason } };
    default:
      return unreachable(fact);
  }
};

/**
 * Facts come in any order, any number of times: one that says no more than is known is passed over. Failed and returned
 * both mean that the money is back, so the first of them is final, also before or after `paid`.
 */
const record = (fact: PayoutFact, state: Known): VendorPayoutEvent[] => {
  if (state.status === 'cancelled') throw domainError('PAYOUT_STATE', 'The provider was never asked for this payout');
  const { payoutId, vendorId } = state.terms;
  return outranks(fact.type, state.status) ? [factEvent(fact, { payoutId, vendorId })] : [];
};

/** `paid` that was overtaken by the money's return is settled by that. */
const settle = (outcome: PayoutOutcome, state: Known): VendorPayoutEvent[] => {
  const { payoutId, vendorId } = state.terms;
  if (hasEnded(state) && state.status === outcome)
    return state.settled ? [] : [{ type: 'PayoutSettled', data: { payoutId, vendorId, outcome } }];
  if (outcome === 'paid' && (state.status === 'failed' || state.status === 'returned')) return [];
  throw domainError('PAYOUT_STATE', `The payout is not ${outcome}`);
};

/** @throws DomainError INVALID_INPUT, PAYOUT_STATE, NOT_FOUND */
export const decide = (command: VendorPayoutCommand, state: VendorPayoutState): VendorPayoutEvent[] => {
  if (command.type === 'RequestPayout') {
    const { payoutId, vendorId, amount, currency, payoutAccount } = command;
    return request({ payoutId, vendorId, amount, currency, payoutAccount }, state);
  }
  if (state.status === 'none') throw domainError('NOT_FOUND', 'There is no such payout');
  const { payoutId, vendorId } = state.terms;
  const of = { payoutId, vendorId };
  switch (command.type) {
    case 'StartPayout':
      if (state.status === 'cancelled') throw domainError('PAYOUT_STATE', 'The payout is cancelled');
      return state.status === 'requested' ? [{ type: 'PayoutStarted', data: of }] : [];
    case 'RecordPayoutState':
      return record(command.state, state);
    case 'RecordPoll':
      return state.status === 'inTransit' || state.status === 'paid' ? [{ type: 'PayoutPolled', data: of }] : [];
    case 'CancelPayout':
      if (state.status === 'cancelled') return [];
      if (state.status !== 'requested') throw domainError('PAYOUT_STATE', 'The payout is on its way already');
      return [{ type: 'PayoutCancelled', data: of }];
    case 'SettlePayout':
      return settle(command.outcome, state);
    default:
      return unreachable(command);
  }
};

/** Streams `vendorPayout-<payoutId>`: what was asked of the provider, and what it said. */
export const vendorPayoutDecider: Decider<VendorPayoutCommand, VendorPayoutState, VendorPayoutEvent> = {
  category: 'vendorPayout',
  initial: noPayout,
  decide,
  evolve,
};
