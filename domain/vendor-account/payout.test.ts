import { describe, expect, it } from 'vitest';
import {
  account,
  availableSale,
  completePayout,
  currency,
  payoutCompleted,
  payoutReleased,
  payoutReserved,
  recorded,
  releasePayout,
  reservePayout,
} from './samples.ts';
import { balancesOf } from './state.ts';

describe('a payout', () => {
  const reserved = [...availableSale, payoutReserved(1000)];
  const failed = payoutReleased({ available: 1000, reserved: -1000 });
  const returned = payoutReleased({ available: 1000, paidOut: -1000 });

  it('reserves up to what is available, once', () => {
    account(...availableSale)
      .when(reservePayout(1799))
      .then(payoutReserved(1799));
    account(...reserved)
      .when(reservePayout(1000))
      .thenNothing();
    account(...reserved)
      .when(reservePayout(799, 'po2'))
      .then(payoutReserved(799, 'po2'));
  });

  it('of more than is available is refused', () => {
    account().when(reservePayout(1)).thenRefused('INSUFFICIENT_BALANCE');
    account(recorded).when(reservePayout(1)).thenRefused('INSUFFICIENT_BALANCE');
    account(...availableSale)
      .when(reservePayout(1800))
      .thenRefused('INSUFFICIENT_BALANCE');
    account(...availableSale)
      .when(reservePayout(1, 'po1', 'EUR'))
      .thenRefused('INSUFFICIENT_BALANCE');
    account(...reserved)
      .when(reservePayout(800, 'po2'))
      .thenRefused('INSUFFICIENT_BALANCE');
  });

  it.each([0, -1, 1.5])('of %d is refused', (amount) => {
    account(...availableSale)
      .when(reservePayout(amount))
      .thenRefused('INVALID_INPUT');
  });

  it('is paid out once', () => {
    account(...reserved)
      .when(completePayout)
      .then(payoutCompleted(1000));
    account(...reserved, payoutCompleted(1000))
      .when(completePayout)
      .thenNothing();
  });

  it('that failed or was cancelled is available again, once', () => {
    account(...reserved)
      .when(releasePayout)
      .then(failed);
    account(...reserved, failed)
      .when(releasePayout)
      .thenNothing();
    account(...reserved, failed)
      .when(reservePayout(1799, 'po2'))
      .then(payoutReserved(1799, 'po2'));
  });

  it('that was returned after it was paid comes back from there', () => {
    const paid = [...reserved, payoutCompleted(1000)];
    account(...paid)
      .when(releasePayout)
      .then(returned);
    const state = account(...paid)
      .when(releasePayout)
      .state();
    expect(balancesOf(state)).toEqual([{ currency, pending: 0, available: 1799, reserved: 0, paidOut: 0 }]);
    account(...paid, returned)
      .when(releasePayout)
      .thenNothing();
  });

  it('that came back is not paid by what is told later, nor reserved again', () => {
    account(...reserved, failed)
      .when(completePayout)
      .thenNothing();
    account(...reserved, failed)
      .when(reservePayout(1000))
      .thenNothing();
  });

  it.each([completePayout, releasePayout])('$type needs a reservation', (command) => {
    account().when(command).thenRefused('PAYOUT_STATE');
    account(...availableSale)
      .when(command)
      .thenRefused('PAYOUT_STATE');
  });
});
