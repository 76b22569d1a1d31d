import { describe, expect, it } from 'vitest';
import * as sample from '../../domain/order/samples.ts';
import type { LedgerEntry, VendorAccountEvent } from '../../domain/vendor-account/events.ts';
import { documentsOf, happenedAt, inStream } from '../given.ts';
import { dailySales } from './daily-sales.ts';
import { sales } from './sales.ts';

const { sampleId: id, orderId } = sample;
const vendorId = id(31);
const posting = (currency: string, ...entries: readonly (readonly [LedgerEntry['account'], number])[]) => ({
  ...{ vendorId, currency, orderId, saleId: id(61) },
  entries: entries.map(([account, amount]) => ({ account, amount })),
});
const sale = (currency = 'EUR'): VendorAccountEvent => ({
  type: 'SaleRecorded',
  data: {
    ...posting(currency, ['clearing', -1000], ['commission', 100], ['pending', 900]),
    ...{ causeId: id(60), maturesAt: '2026-01-02T00:00:00.000Z', lines: [] },
  },
});
const refund: VendorAccountEvent = {
  type: 'RefundRecorded',
  data: {
    ...posting('EUR', ['clearing', 500], ['commission', -50], ['pending', -450]),
    ...{ causeId: id(60), refundId: id(62), lines: [] },
  },
};
const charged: VendorAccountEvent = {
  type: 'DisputeCharged',
  data: {
    ...posting('EUR', ['clearing', 500], ['commission', -50], ['reserved', -450]),
    ...{ causeId: id(60), disputeId: 'dp_1' },
  },
};
const reserved: VendorAccountEvent = {
  type: 'DisputeReserved',
  data: { ...posting('EUR', ['pending', -450], ['reserved', 450]), causeId: id(60), disputeId: 'dp_1' },
};

it('sales say which orders have lines of a vendor', async () => {
  const documents = await documentsOf(sales, inStream(`order-${orderId}`, ...sample.untilSettled));
  expect([...documents.values()]).toEqual([
    { vendorId: id(31), orderId, createdAt: happenedAt(0) },
    { vendorId: id(32), orderId, createdAt: happenedAt(0) },
  ]);
});

describe('daily sales', () => {
  const stream = `vendorAccount-${vendorId}`;
  it('count orders, what they brought, what went back and what is left to the vendor', async () => {
    const documents = await documentsOf(dailySales, inStream(stream, sale(), sale(), refund, reserved, charged));
    expect([...documents.values()]).toEqual([
      {
        ...{ vendorId, currency: 'EUR', day: '2026-01-01', orders: 2 },
        ...{ sales: 2000, refunds: 1000, earned: 900 },
      },
    ]);
  });
  it('are apart by currency', async () => {
    const documents = await documentsOf(dailySales, inStream(stream, sale(), sale('JPY')));
    expect([...documents.keys()].sort()).toEqual([`${vendorId}:EUR:2026-01-01`, `${vendorId}:JPY:2026-01-01`]);
  });
});
