import { sumOf } from '../../domain/money/money.ts';
import type { OrderDocument, RefundDocument, RefundRequestDocument } from '../../projections/orders/document.ts';
import type { SeenOrder } from './order-answer.ts';

const ownRefund = (refund: RefundDocument, own: ReadonlySet<string>): RefundDocument[] => {
  const lines = refund.lines.filter(({ lineId }) => own.has(lineId));
  if (lines.length === 0) return [];
  return [{ ...refund, lines, amount: sumOf(lines.map(({ amount }) => amount)), failure: null }];
};

const ownRequest = (request: RefundRequestDocument, own: ReadonlySet<string>): RefundRequestDocument[] => {
  const lines = request.lines.filter(({ lineId }) => own.has(lineId));
  return lines.length === 0 ? [] : [{ ...request, lines }];
};

/**
 * The order as one of its vendors sees it: its own lines and what follows from them, all sums of these lines alone.
 * Nothing of the buyer: no bill, no way of paying, no reason that a bank or another vendor gave (those of the order and its
 * timeline). A dispute is about the whole order; its amount here is what was left of the vendor's lines.
 */
export const cutToVendor = (order: OrderDocument, vendorId: string): SeenOrder => {
  const lines = order.lines.filter((line) => line.vendorId === vendorId);
  const own = new Set(lines.map(({ lineId }) => lineId));
  const refunds = order.refunds.flatMap((refund) => ownRefund(refund, own));
  const discount = sumOf(lines.map((line) => line.discount));
  const total = sumOf(lines.map((line) => line.total));
  const given = sumOf(refunds.filter(({ state }) => state === 'succeeded').map(({ amount }) => amount));
  const lost = order.dispute?.state === 'lost';
  const { customerId: _, billing: __, ...shared } = order;
  return {
    ...shared,
    lines,
    subtotal: sumOf(lines.map((line) => line.unitPrice * line.quantity)),
    discount,
    tax: sumOf(lines.map((line) => line.tax)),
    total,
    refunded: lost ? total : given,
    reason: null,
    // Another vendor's coupon takes nothing off these lines.
    coupon: discount > 0 ? order.coupon : null,
    refunds,
    refundRequests: order.refundRequests.flatMap((request) => ownRequest(request, own)),
    dispute: order.dispute && { ...order.dispute, amount: total - given },
    payment: order.payment && { state: order.payment.state, method: null, clientAction: null },
    licenses: order.licenses.filter(({ lineId }) => own.has(lineId)),
    timeline: order.timeline
      .filter(({ lineIds }) => lineIds === null || lineIds.some((lineId) => own.has(lineId)))
      .map((entry) => ({ ...entry, reason: null })),
  };
};
