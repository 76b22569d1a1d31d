import type { Decider } from '../decider.ts';
import { domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import { bringForward, closeBooks, openBooks } from './books.ts';
import type { VendorAccountCommand } from './commands.ts';
import { chargeDispute, releaseDispute, reserveDispute } from './dispute.ts';
import type { VendorAccountEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { completePayout, releasePayout, reservePayout } from './payout.ts';
import { matureSale, recordRefund, recordSale } from './sale.ts';
import { noAccount, type VendorAccountState } from './state.ts';

/** @throws DomainError BOOKS_CLOSED, ORDER_STATE (retry later), INSUFFICIENT_BALANCE, PAYOUT_STATE, INVALID_INPUT */
export const decide = (command: VendorAccountCommand, state: VendorAccountState): VendorAccountEvent[] => {
  if (command.type === 'OpenBooks') return openBooks(command, state);
  if (command.type === 'CloseBooks') return closeBooks(command, state);
  if (state.status === 'closed') throw domainError('BOOKS_CLOSED');
  switch (command.type) {
    case 'BringForward':
      return bringForward(command, state);
    case 'RecordSale':
      return recordSale(command, state);
    case 'MatureSale':
      return matureSale(command, state);
    case 'RecordRefund':
      return recordRefund(command, state);
    case 'ReserveDispute':
      return reserveDispute(command, state);
    case 'ReleaseDispute':
      return releaseDispute(command, state);
    case 'ChargeDispute':
      return chargeDispute(command, state);
    case 'ReservePayout':
      return reservePayout(command, state);
    case 'CompletePayout':
      return completePayout(command, state);
    case 'ReleasePayout':
      return releasePayout(command, state);
    default:
      return unreachable(command);
  }
};

/**
 * Streams `vendorAccount-<vendorId>[.<yyyy-mm>]`: one month of the double-entry ledger of one vendor. Every posting's entries sum to zero; the same
 * sale, refund, stage of a dispute or of a payout told again is nothing. Whatever the order of the commands, a bucket
 * holds what is left of the sales that are in it: `reserved` also open payouts, `available` less all payouts not given back.
 */
export const vendorAccountDecider: Decider<VendorAccountCommand, VendorAccountState, VendorAccountEvent> = {
  category: 'vendorAccount',
  initial: noAccount,
  decide,
  evolve,
};
