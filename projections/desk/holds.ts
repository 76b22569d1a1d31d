import type { Projection } from '../definition.ts';
import { type DeskDocument, gone, idOf, soon, waiting } from './document.ts';

/** What waits for its time or for what it was held for: holds, reserved payouts, maturing sales, taken carts. */
export const withHolds = (desk: Projection<DeskDocument>): Projection<DeskDocument> =>
  desk
    .on(
      'CouponReserved',
      ({ data }) => idOf('couponHold', `${data.code}:${data.orderId}`),
      (_, event) =>
        waiting('couponHold', `${event.data.code}:${event.data.orderId}`, 'release', event.data.until, event),
    )
    .on('CouponReleased', ({ data }) => idOf('couponHold', `${data.code}:${data.orderId}`), gone)
    .on(
      'StockReserved',
      ({ data }) => idOf('stockHold', `${data.productId}:${data.orderId}`),
      (_, event) =>
        waiting('stockHold', `${event.data.productId}:${event.data.orderId}`, 'release', event.data.until, event),
    )
    .on('StockReleased', ({ data }) => idOf('stockHold', `${data.productId}:${data.orderId}`), gone)
    .on(
      'PayoutReserved',
      ({ data }) => idOf('payoutRequest', `${data.vendorId}:${data.payoutId}`),
      (_, event) =>
        waiting('payoutRequest', `${event.data.vendorId}:${event.data.payoutId}`, 'request', soon(event), event),
    )
    .on(
      'SaleRecorded',
      ({ data }) => idOf('maturity', `${data.vendorId}:${data.saleId}`),
      (_, event) =>
        waiting('maturity', `${event.data.vendorId}:${event.data.saleId}`, 'mature', event.data.maturesAt, event),
    )
    .on('SaleMatured', ({ data }) => idOf('maturity', `${data.vendorId}:${data.saleId}`), gone)
    .on('CartOrderTaken', ({ data }) => idOf('cart', data.orderId), gone);
