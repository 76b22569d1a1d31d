import { describe, expect, it } from 'vitest';
import type { LineEarning } from './commands.ts';
import type { VendorAccountEvent } from './events.ts';
import {
  account,
  availableSale,
  causeId,
  currency,
  dispute,
  maturesAt,
  payoutCompleted,
  payoutReserved,
  posting,
  recorded,
  refund,
  refunded,
  reservePayout,
  wholeLine,
} from './samples.ts';
import { balancesOf } from './state.ts';

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
      .when(refund([{ lineId: 'l1', net: 50, commission: 60 }]))
      .then(refunded({ clearing: 50, commission: -50 }, [{ lineId: 'l1', net: 50, commission: 50 }]));
    account(recorded)
      .when(refund([part, { ...wholeLine, commission: 0 }]))
      .then(refunded({ clearing: 1999, commission: -200, pending: -1799 }, [part, rest]));
  });
});
