import { projection } from '../definition.ts';

/** That an order has lines of a vendor; what became of it stands in `orders`, joined when queried. */
export type SaleDocument = { readonly vendorId: string; readonly orderId: string; readonly createdAt: string };

const idOf = (orderId: string, vendorId: string): string => `${orderId}:${vendorId}`;

export const sales = projection<SaleDocument>('sales', {
  version: 1,
  sink: 'documents',
  indexes: [['vendorId', 'createdAt']],
}).on(
  'OrderPlaced',
  ({ data }) => [...new Set(data.lines.map(({ vendorId }) => vendorId))].map((of) => idOf(data.orderId, of)),
  (_, { data, metadata }, id) => ({
    vendorId: id.slice(data.orderId.length + 1),
    orderId: data.orderId,
    createdAt: metadata.occurredAt,
  }),
);
