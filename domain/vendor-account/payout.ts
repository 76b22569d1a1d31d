import { domainError } from '../errors.ts';
import { valueAt } from '../keyed.ts';
import type { CommandNamed } from './commands.ts';
import type { VendorAccountEvent } from './events.ts';
import { transfer, zeroBalance } from './ledger.ts';
import type { LiveAccount, OpenAccount, ReservedPayout } from './state.ts';

/** Only what is available may be paid out; an account that owes has nothing until later sales have repaid it. */
export const reservePayout = (command: CommandNamed<'ReservePayout'>, state: LiveAccount): VendorAccountEvent[] => {
  const { payoutId, amount, currency, payoutAccount } = command;
  if (!(Number.isSafeInteger(amount) && amount > 0))
    throw domainError('INVALID_INPUT', 'A payout is at least 1 minor unit');
  if (state.status === 'open' && valueAt(state.payouts, payoutId)) return [];
  const { available } = (state.status === 'open' && state.balances.get(currency)) || zeroBalance;
  if (state.status === 'none' || amount > available)
    throw domainError('INSUFFICIENT_BALANCE', undefined, { currency, available });
  const { vendorId } = state;
  const entries = transfer('available', 'reserved', amount);
  return [{ type: 'PayoutReserved', data: { vendorId, currency, entries, payoutId, amount, payoutAccount } }];
};

const payoutOf = (state: LiveAccount, payoutId: string): readonly [OpenAccount, ReservedPayout] => {
  const payout = state.status === 'none' ? undefined : valueAt(state.payouts, payoutId);
  if (state.status === 'none' || payout === undefined) throw domainError('PAYOUT_STATE', 'The payout is not reserved');
  return [state, payout];
};

/** Told after the money came back, it is nothing: what was released stays released. */
export const completePayout = (command: CommandNamed<'CompletePayout'>, state: LiveAccount): VendorAccountEvent[] => {
  const { payoutId, causeId } = command;
  const [{ vendorId }, { state: stage, amount, currency }] = payoutOf(state, payoutId);
  if (stage !== 'reserved') return [];
  const entries = transfer('reserved', 'paidOut', amount);
  return [{ type: 'PayoutCompleted', data: { vendorId, currency, entries, causeId, payoutId } }];
};

/** Failed or cancelled: from `reserved`; returned after it was paid: from `paidOut`. Available again, once. */
export const releasePayout = (command: CommandNamed<'ReleasePayout'>, state: LiveAccount): VendorAccountEvent[] => {
  const { payoutId, causeId, reason } = command;
  const [{ vendorId }, { state: stage, amount, currency }] = payoutOf(state, payoutId);
  if (stage === 'released') return [];
  const entries = transfer(stage === 'paid' ? 'paidOut' : 'reserved', 'available', amount);
  return [{ type: 'PayoutReleased', data: { vendorId, currency, entries, causeId, payoutId, reason } }];
};
