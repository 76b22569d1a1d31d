import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../domain/catalogue.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import { licenseId, lineOne, orderId, sampleId } from '../../domain/order/samples.ts';
import { documentsOf, inStream } from '../given.ts';
import { type ProductSalesDocument, productSales, soldSince, windowStart } from './product-sales.ts';

const { lineId, productId, vendorId, title, tierId, activationLimit } = lineOne;
const issued = (n: number): DomainEvent => ({
  type: 'LicenseIssued',
  data: {
    ...{ licenseId: licenseId(n), keyHash: 'h', ownerId: sampleId(1), orderId, lineId },
    ...{ productId, vendorId, title, tierId, activationLimit },
  },
});
/** The document after sales on these days. */
const salesOf = (...days: readonly string[]): ProductSalesDocument | undefined => {
  const handler = productSales.handlers.get('LicenseIssued');
  return days.reduce<ProductSalesDocument | undefined>((sales, day, n) => {
    const event: Recorded<DomainEvent> = {
      ...issued(n + 1),
      ...{ id: String(n), stream: 'license-1', revision: 0n, position: BigInt(n), recordedAt: 0 },
      metadata: {
        ...{ schemaVersion: '1', commandId: 'c', correlationId: 'c', actorId: 'a', actorRole: 'system' },
        occurredAt: `${day}T12:00:00.000Z`,
      },
    };
    return handler?.fold(sales, event, productId);
  }, undefined);
};

describe('sales of a product by day', () => {
  it('counts each licence sold in the bucket of its day', async () => {
    const sold = await documentsOf(productSales, inStream('license-1', issued(1)), inStream('license-2', issued(2)));
    expect(sold.get(productId)).toEqual({
      ...{ id: productId, days: { '2026-01-01': 2 }, lastDay: '2026-01-01', recent: 2 },
    });
  });

  it('keeps thirty days, and counts in what comes late within them', () => {
    expect(windowStart('2026-01-30')).toBe('2026-01-01');
    expect(salesOf('2026-01-01', '2026-01-30')).toMatchObject({ recent: 2 });
    expect(salesOf('2026-01-01', '2026-01-31')).toMatchObject({ days: { '2026-01-31': 1 }, recent: 1 });
    expect(salesOf('2026-01-31', '2026-01-30', '2026-01-01')).toMatchObject({ lastDay: '2026-01-31', recent: 2 });
  });

  it('is cut when it is asked: an old sale counts no more', () => {
    const sales = salesOf('2026-01-01', '2026-01-15', '2026-01-15');
    expect(
      sales && [soldSince(sales, '2026-01-01'), soldSince(sales, '2026-01-02'), soldSince(sales, '2026-02-01')],
    ).toEqual([3, 2, 0]);
  });
});
