import { describe, expect, it } from 'vitest';
import { given } from '../given.ts';
import type { LineEarning, VendorAccountCommand } from './commands.ts';
import { vendorAccountDecider } from './decide.ts';
import type { LedgerAccount, LedgerEntry, VendorAccountEvent } from './events.ts';
import { balancesOf } from './state.ts';

const vendorId = 'v1';
const currency = 'USD';
const causeId = 'cause';
const maturesAt = '2026-05-15T12:00:00.000Z';
const before = '2026-05-15T11:59:59.999Z';
const reason = 'account closed';
/** Sale `s1` of order `o1`: one line of 1999, 200 of it commission. */
const of = { saleId: 's1', orderId: 'o1' };
const wholeLine: LineEarning = { lineId: 'l1', net: 1999, commission: 200 };

const entries = (amounts: Partial<Record<LedgerAccount, number>>): LedgerEntry[] => {
  const order: LedgerAccount[] = ['clearing', 'commission', 'pending', 'available', 'reserved', 'paidOut'];
  return order.flatMap((account) => {
    const amount = amounts[account];
    return amount === undefined ? [] : [{ account, amount }];
  });
};
type Amounts = Partial<Record<LedgerAccount, number>>;
const posting = (amounts: Amounts) => ({ vendorId, currency, entries: entries(amounts) });

const recorded: VendorAccountEvent = {
  type: 'SaleRecorded',
  data: {
    ...posting({ clearing: -1999, commission: 200, pending: 1799 }),
    causeId,
    ...of,
    lines: [wholeLine],
    maturesAt,
  },
};
const matured = (amounts: Amounts = { pending: -1799, available: 1799 }): VendorAccountEvent => ({
  type: 'SaleMatured',
  data: { ...posting(amounts), ...of },
});
const refunded = (amounts: Amounts, lines: LineEarning[], refundId = 'r1'): VendorAccountEvent => ({
  type: 'RefundRecorded',
  data: { ...posting(amounts), causeId, refundId, ...of, lines },
});
const dispute = (
  type: 'DisputeReserved' | 'DisputeReleased' | 'DisputeCharged',
  amounts: Amounts,
  disputeId = 'd1',
): VendorAccountEvent => ({ type, data: { ...posting(amounts), causeId, disputeId, ...of } });
const payoutReserved = (amount: number, payoutId = 'po1'): VendorAccountEvent => ({
  type: 'PayoutReserved',
  data: { ...posting({ available: -amount, reserved: amount }), payoutId, amount, payoutAccount: 'ba_ok' },
});
const payoutCompleted = (amount: number): VendorAccountEvent => ({
  type: 'PayoutCompleted',
  data: { ...posting({ reserved: -amount, paidOut: amount }), causeId, payoutId: 'po1' },
});
const payoutReleased = (amounts: Amounts): VendorAccountEvent => ({
  type: 'PayoutReleased',
  data: { ...posting(amounts), causeId, payoutId: 'po1', reason },
});
/** What the market has from the sale is available to its vendor. */
const availableSale = [recorded, matured()];

const recordSale = (lines: LineEarning[] = [wholeLine], more: { saleId?: string; currency?: string } = {}) =>
  ({ type: 'RecordSale', ...of, causeId, vendorId, currency, lines, maturesAt, ...more }) as const;
const mature = (now = maturesAt): VendorAccountCommand => ({ type: 'MatureSale', saleId: 's1', now });
const refund = (lines: LineEarning[] = [wholeLine], refundId = 'r1'): VendorAccountCommand => ({
  type: 'RecordRefund',
  refundId,
  ...of,
  causeId,
  lines,
});
const disputed = (
  type: 'ReserveDispute' | 'ReleaseDispute' | 'ChargeDispute',
  disputeId = 'd1',
): VendorAccountCommand => ({ type, disputeId, ...of, causeId });
const reservePayout = (amount: number, payoutId = 'po1', of = currency): VendorAccountCommand => ({
  type: 'ReservePayout',
  payoutId,
  amount,
  currency: of,
  payoutAccount: 'ba_ok',
});
const completePayout: VendorAccountCommand = { type: 'CompletePayout', payoutId: 'po1', causeId };
const releasePayout: VendorAccountCommand = { type: 'ReleasePayout', payoutId: 'po1', causeId, reason };
const account = (...history: VendorAccountEvent[]) => given(vendorAccountDecider, ...history);

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

describe('a refund', () => {
  const part: LineEarning = { lineId: 'l1', net: 1000, commission: 100 };
  const rest: LineEarning = { lineId: 'l1', net: 999, commission: 100 };

  it('takes from pending, and the commission back from the market', () => {
    account(recorded)
      .when(refund())
      .then(refunded({ clearing: 1999, commission: -200, pending: -1799 }, [wholeLine]));
  });

  it('takes from available once the sale matured', () => {
    account(...availableSale)
      .when(refund([part]))
      .then(refunded({ clearing: 1000, commission: -100, available: -900 }, [part]));
  });

  it('takes from reserved while a dispute holds the sale', () => {
    account(recorded, dispute('DisputeReserved', { pending: -1799, reserved: 1799 }))
      .when(refund([part]))
      .then(refunded({ clearing: 1000, commission: -100, reserved: -900 }, [part]));
  });

  it('is posted once, beside others of the sale', () => {
    const first = refunded({ clearing: 1000, commission: -100, pending: -900 }, [part]);
    account(recorded, first)
      .when(refund([part]))
      .thenNothing();
    const second = account(recorded, first).when(refund([rest], 'r2'));
    second.then(refunded({ clearing: 999, commission: -100, pending: -899 }, [rest], 'r2'));
    expect(balancesOf(second.state())).toEqual([{ currency, pending: 0, available: 0, reserved: 0, paidOut: 0 }]);
  });

  it('of a sale that was paid out leaves the vendor owing, and a later sale repays it', () => {
    const paidOut = [...availableSale, payoutReserved(1799), payoutCompleted(1799)];
    const owing = account(...paidOut)
      .when(refund())
      .state();
    expect(balancesOf(owing)).toEqual([{ currency, pending: 0, available: -1799, reserved: 0, paidOut: 1799 }]);
    const history = [...paidOut, refunded({ clearing: 1999, commission: -200, available: -1799 }, [wholeLine])];
    account(...history)
      .when(reservePayout(1, 'po2'))
      .thenRefused('INSUFFICIENT_BALANCE');
    const next = { saleId: 's2', orderId: 'o2' };
    const laterSale: VendorAccountEvent[] = [
      {
        type: 'SaleRecorded',
        data: {
          ...recorded.data,
          ...next,
          ...posting({ clearing: -2000, commission: 200, pending: 1800 }),
          causeId,
          lines: [{ lineId: 'l2', net: 2000, commission: 200 }],
          maturesAt,
        },
      },
      { type: 'SaleMatured', data: { ...next, ...posting({ pending: -1800, available: 1800 }) } },
    ];
    account(...history, ...laterSale)
      .when(reservePayout(2, 'po2'))
      .thenRefused('INSUFFICIENT_BALANCE');
    account(...history, ...laterSale)
      .when(reservePayout(1, 'po2'))
      .then(payoutReserved(1, 'po2'));
  });

  it('after a lost dispute debits the vendor no second time, and says what it posted', () => {
    account(...availableSale, dispute('DisputeCharged', { clearing: 1999, commission: -200, available: -1799 }))
      .when(refund())
      .then(refunded({}, []));
  });

  it('posts at most what is left of each line', () => {
    account(recorded, refunded({ clearing: 1000, commission: -100, pending: -900 }, [part]))
      .when(refund([wholeLine, { lineId: 'unknown', net: 5, commission: 0 }], 'r2'))
      .then(refunded({ clearing: 999, commission: -100, pending: -899 }, [rest], 'r2'));
    account(recorded)
      .when(refund([part, { ...wholeLine, commission: 0 }]))
      .then(refunded({ clearing: 1999, commission: -200, pending: -1799 }, [part, rest]));
  });
});

describe('a dispute', () => {
  const held = dispute('DisputeReserved', { pending: -1799, reserved: 1799 });
  const charged = dispute('DisputeCharged', { clearing: 1999, commission: -200, reserved: -1799 });

  it("reserves the vendor's share from the bucket it is in, once", () => {
    account(recorded).when(disputed('ReserveDispute')).then(held);
    account(...availableSale)
      .when(disputed('ReserveDispute'))
      .then(dispute('DisputeReserved', { available: -1799, reserved: 1799 }));
    account(recorded, held).when(disputed('ReserveDispute')).thenNothing();
  });

  it('reserves only what refunds left', () => {
    const part: LineEarning = { lineId: 'l1', net: 1000, commission: 100 };
    account(recorded, refunded({ clearing: 1000, commission: -100, pending: -900 }, [part]))
      .when(disputed('ReserveDispute'))
      .then(dispute('DisputeReserved', { pending: -899, reserved: 899 }));
    account(recorded, refunded({ clearing: 1999, commission: -200, pending: -1799 }, [wholeLine]))
      .when(disputed('ReserveDispute'))
      .then(dispute('DisputeReserved', {}));
  });

  it('of a sale that was paid out leaves the vendor owing while it is open', () => {
    const state = account(...availableSale, payoutReserved(1799), payoutCompleted(1799))
      .when(disputed('ReserveDispute'))
      .state();
    expect(balancesOf(state)).toEqual([{ currency, pending: 0, available: -1799, reserved: 1799, paidOut: 1799 }]);
  });

  it('that is won gives back to the bucket the sale would be in now, once', () => {
    const toPending = dispute('DisputeReleased', { pending: 1799, reserved: -1799 });
    account(recorded, held).when(disputed('ReleaseDispute')).then(toPending);
    account(recorded, held, toPending).when(disputed('ReleaseDispute')).thenNothing();
    account(recorded, held).when(mature()).then(matured({}));
    account(recorded, held, matured({}))
      .when(disputed('ReleaseDispute'))
      .then(dispute('DisputeReleased', { available: 1799, reserved: -1799 }));
    account(recorded, held, toPending).when(mature()).then(matured());
  });

  it('that is lost debits the vendor its share and the market its commission, once', () => {
    account(recorded, held).when(disputed('ChargeDispute')).then(charged);
    account(recorded, held, charged).when(disputed('ChargeDispute')).thenNothing();
    const after = account(recorded, held, charged);
    expect(balancesOf(after.state())).toEqual([{ currency, pending: 0, available: 0, reserved: 0, paidOut: 0 }]);
    after.when(mature()).then(matured({}));
  });

  it('that ended stays as it ended', () => {
    const released = dispute('DisputeReleased', { pending: 1799, reserved: -1799 });
    account(recorded, held, released).when(disputed('ChargeDispute')).thenNothing();
    account(recorded, held, charged).when(disputed('ReleaseDispute')).thenNothing();
    account(recorded, held, released).when(disputed('ReserveDispute')).thenNothing();
  });

  it('whose end is told before its opening ends where the money is', () => {
    const lost = dispute('DisputeCharged', { clearing: 1999, commission: -200, pending: -1799 });
    account(recorded).when(disputed('ChargeDispute')).then(lost);
    account(recorded, lost).when(disputed('ReserveDispute')).thenNothing();
    const won = dispute('DisputeReleased', {});
    account(recorded).when(disputed('ReleaseDispute')).then(won);
    account(recorded, won).when(disputed('ReserveDispute')).thenNothing();
  });

  it('beside another one of the sale holds it until both are won, and is lost only once', () => {
    const second = dispute('DisputeReserved', {}, 'd2');
    account(recorded, held).when(disputed('ReserveDispute', 'd2')).then(second);
    account(recorded, held, second).when(disputed('ReleaseDispute')).then(dispute('DisputeReleased', {}));
    account(recorded, held, second, dispute('DisputeReleased', {}))
      .when(disputed('ReleaseDispute', 'd2'))
      .then(dispute('DisputeReleased', { pending: 1799, reserved: -1799 }, 'd2'));
    account(recorded, held, second, charged)
      .when(disputed('ChargeDispute', 'd2'))
      .then(dispute('DisputeCharged', {}, 'd2'));
  });
});

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
