import { carts } from './carts/carts.ts';
import { coupons } from './coupons/coupons.ts';
import type { Projection } from './definition.ts';
import { desk } from './desk/desk.ts';
import { disputes, vendorDisputes } from './disputes/disputes.ts';
import { licenses } from './licenses/licenses.ts';
import { balances } from './money/balances.ts';
import { ledger } from './money/ledger.ts';
import { payouts } from './money/payouts.ts';
import { statements } from './money/statements.ts';
import { notifications } from './notifications/notifications.ts';
import { orders } from './orders/orders.ts';
import { people } from './people/people.ts';
import { catalogue } from './products/catalogue.ts';
import { productSales } from './products/product-sales.ts';
import { products } from './products/products.ts';
import { search } from './products/search.ts';
import { reviews } from './reviews/reviews.ts';
import { dailySales } from './sales/daily-sales.ts';
import { sales } from './sales/sales.ts';
import { vendors } from './vendors/vendors.ts';

/** Every read model of this release; the engine adds the audit index. */
export const definitions: readonly Projection[] = [
  catalogue,
  products,
  search,
  vendors,
  orders,
  licenses,
  ledger,
  balances,
  payouts,
  statements,
  coupons,
  people,
  desk,
  carts,
  sales,
  dailySales,
  disputes,
  vendorDisputes,
  reviews,
  notifications,
  productSales,
];
