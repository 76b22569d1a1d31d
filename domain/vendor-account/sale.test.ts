import { describe, expect, it } from 'vitest';
import {
  account,
  availableSale,
  before,
  disputed,
  mature,
  matured,
  recorded,
  recordSale,
  refund,
  wholeLine,
} from './samples.ts';
import { balancesOf } from './state.ts';

describe('a sale', () => {
  it('is pending, net of the commission, once', () => {
    account().when(recordSale()).then(recorded);
    account(recorded).when(recordSale()).thenNothing();
    account(recorded, matured()).when(recordSale()).thenNothing();
  });

  it('of nothing is recorded without entries', () => {
    const [event] = account()
      .when(recordSale([{ lineId: 'l1', net: 0, commission: 0 }]))
      .events();
    expect(event).toMatchObject({ type: 'SaleRecorded', data: { entries: [] } });
  });

  it.each([
    ['more commission than net', [{ lineId: 'l1', net: 10, commission: 11 }]],
    ['a commission below 0', [{ lineId: 'l1', net: 10, commission: -1 }]],
    ['fractions', [{ lineId: 'l1', net: 10.5, commission: 1 }]],
    ['a line twice', [wholeLine, wholeLine]],
  ])('with %s is refused', (_, lines) => account().when(recordSale(lines)).thenRefused('INVALID_INPUT'));

  it('matures to available when it is due, once', () => {
    account(recorded).when(mature()).then(matured());
    account(recorded).when(mature(before)).thenRefused('ORDER_STATE');
    account(recorded, matured()).when(mature()).thenNothing();
  });

  it('has balances per currency, sorted', () => {
    const state = account(...availableSale)
      .when(recordSale([{ lineId: 'l9', net: 500, commission: 50 }], { saleId: 's2', currency: 'JPY' }))
      .state();
    expect(balancesOf(state)).toEqual([
      { currency: 'JPY', pending: 450, available: 0, reserved: 0, paidOut: 0 },
      { currency: 'USD', pending: 0, available: 1799, reserved: 0, paidOut: 0 },
    ]);
    expect(balancesOf(account().state())).toEqual([]);
  });
});

it.each([mature(), refund(), disputed('ReserveDispute'), disputed('ReleaseDispute'), disputed('ChargeDispute')])(
  '$type before its sale is refused, to be told again',
  (command) => {
    account().when(command).thenRefused('ORDER_STATE');
    account({ ...recorded, data: { ...recorded.data, saleId: 's0' } })
      .when(command)
      .thenRefused('ORDER_STATE');
  },
);
