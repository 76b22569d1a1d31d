import { unreachable } from '../../../domain/unreachable.ts';
import type { Clock } from '../../clock/port.ts';
import type { PaymentProvider, PayoutState } from '../port.ts';
import { payoutMessage } from './encode-message.ts';
import type { Outbox } from './outbox.ts';
import type { PayoutRecord, ProviderFile } from './provider-file.ts';
import { providerRef } from './provider-ref.ts';

type PayoutRequest = Parameters<PaymentProvider['payOut']>[0];

export type Payouts = {
  payOut(request: PayoutRequest): PayoutState;
  find(payoutId: string): PayoutState | undefined;
  /** Moves every payout that is due by the clock one step on. */
  advance(): void;
};

/** What the bank does next with a payout; undefined: this was its last word. */
const nextState = ({ account, state }: PayoutRecord): PayoutState | undefined => {
  const ref = { providerRef: state.providerRef };
  switch (state.type) {
    case 'inTransit':
      return account === 'ba_failed' ? { type: 'failed', ...ref, reason: 'account_closed' } : { type: 'paid', ...ref };
    case 'paid':
      return account === 'ba_returned' ? { type: 'returned', ...ref, reason: 'returned_by_bank' } : undefined;
    case 'failed':
    case 'returned':
      return undefined;
    default:
      return unreachable(state);
  }
};

/** Payouts of the simulated provider; every function runs in the caller's transaction. The bank takes 0 ms a step. */
export const payouts = (file: ProviderFile, outbox: Outbox, clock: Clock): Payouts => {
  const moveTo = (record: PayoutRecord): PayoutState => {
    const dueAt = nextState(record) === undefined ? undefined : clock.now();
    file.save('payout', record.payoutId, record, dueAt);
    outbox.send(record.payoutId, payoutMessage(record));
    return record.state;
  };
  const advance = (): void => {
    for (const record of file.duePayouts(clock.now())) {
      const state = nextState(record);
      if (state !== undefined) moveTo({ ...record, state });
    }
  };
  const find = (payoutId: string): PayoutState | undefined => {
    advance();
    return file.find('payout', payoutId)?.state;
  };

  return {
    payOut({ payoutId, account, amount }) {
      const known = find(payoutId);
      if (known !== undefined) return known;
      const ref = { providerRef: providerRef('po', payoutId) };
      const failed = (reason: string): PayoutState => ({ type: 'failed', ...ref, reason });
      const valid = Number.isSafeInteger(amount.amount) && amount.amount > 0;
      const state = !account.startsWith('ba_')
        ? failed('invalid_account')
        : valid
          ? ({ type: 'inTransit', ...ref } as const)
          : failed('invalid_amount');
      return moveTo({ payoutId, account, amount, state });
    },
    find,
    advance,
  };
};
