import { nothingLeft } from '../order/refund.ts';
import { deliveryOf, type PlacedOrder } from '../order/state.ts';
import type { Step } from './steps.ts';
import { salesByVendor } from './vendor-parts.ts';

const owedForHolds = (order: PlacedOrder, delivery: 'done' | 'never'): readonly Step[] => {
  const { couponCode, stockHolds } = order;
  if (order.holdsSettled !== undefined || (couponCode === undefined && stockHolds.length === 0)) return [];
  const type = delivery === 'done' ? 'confirmHolds' : 'releaseHolds';
  return [{ type, ...(couponCode === undefined ? {} : { couponCode }), stockHolds }];
};

/** What is owed to bring a paid order to its buyer and its vendors, or to let go what an order held that will not come. */
export const owedForDelivery = (order: PlacedOrder): readonly Step[] => {
  const delivery = deliveryOf(order);
  if (delivery === 'pending') {
    // wholly on its way back: what becomes of that refund is waited for
    return order.status !== 'paid' || nothingLeft(order)
      ? []
      : [{ type: 'issueLicenses', customerId: order.customerId, lines: order.lines }];
  }
  const settle: readonly Step[] =
    delivery === 'done' && !order.settled
      ? [{ type: 'settleVendors', currency: order.currency, vendors: salesByVendor(order) }]
      : [];
  return [...owedForHolds(order, delivery), ...settle];
};
