import { projection } from '../definition.ts';

/** Days that a best-seller is measured by. */
export const salesWindowDays = 30;

/** Sold licences of a product by day (UTC), of its last days with a sale; the window is cut when queried. */
export type ProductSalesDocument = {
  readonly id: string;
  readonly days: { readonly [day: string]: number };
  readonly lastDay: string;
  /** The sum of `days`: never less than what any window that ends later than `lastDay` holds. */
  readonly recent: number;
};

const dayMs = 86_400_000;

/** The first day of the window that ends with `day` (both `YYYY-MM-DD`). */
export const windowStart = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00.000Z`) - (salesWindowDays - 1) * dayMs).toISOString().slice(0, 10);

/** Licences sold from `since` on. */
export const soldSince = ({ days }: ProductSalesDocument, since: string): number =>
  Object.entries(days).reduce((sum, [day, sold]) => (day >= since ? sum + sold : sum), 0);

const withSale = (before: ProductSalesDocument | undefined, id: string, day: string): ProductSalesDocument => {
  const lastDay = before === undefined || before.lastDay < day ? day : before.lastDay;
  const since = windowStart(lastDay);
  const counted = { ...before?.days, [day]: (before?.days[day] ?? 0) + 1 };
  const days = Object.fromEntries(Object.entries(counted).filter(([each]) => each >= since));
  return { id, days, lastDay, recent: Object.values(days).reduce((sum, sold) => sum + sold, 0) };
};

/** What sells now. Counts as `sold` does: a licence that is revoked later was sold. */
export const productSales = projection<ProductSalesDocument>('productSales', {
  version: 1,
  sink: 'documents',
  indexes: [['recent']],
}).on(
  'LicenseIssued',
  (event) => event.data.productId,
  (sales, { data, metadata }) => withSale(sales, data.productId, metadata.occurredAt.slice(0, 10)),
);
