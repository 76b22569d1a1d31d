import type { RefundLine } from '../../domain/order/events.ts';
import type { Projection } from '../definition.ts';
import type { OrderDocument, RefundDocument } from './document.ts';
import { givenBack, orderId, paymentIn, seen, standsPaid, step } from './story.ts';

const withRefund = (
  order: OrderDocument,
  refundId: string,
  change: Partial<RefundDocument>,
): readonly RefundDocument[] =>
  order.refunds.map((refund) => (refund.id === refundId ? { ...refund, ...change } : refund));

const idsOf = (lines: readonly RefundLine[]): readonly string[] => lines.map(({ lineId }) => lineId);

const linesOf = (order: OrderDocument, refundId: string): readonly string[] | null => {
  const refund = order.refunds.find(({ id }) => id === refundId);
  return refund === undefined ? null : idsOf(refund.lines);
};

/** Refunds asked for, given and failed. */
export const refunds = (orders: Projection<OrderDocument>): Projection<OrderDocument> =>
  orders
    .on('OrderRefundRequested', orderId, (order, event) => {
      if (order === undefined) return undefined;
      const { refundId: id, amount, lines, reason } = event.data;
      const requested: RefundDocument = {
        id,
        state: 'requested',
        amount,
        lines,
        reason,
        requestedAt: event.metadata.occurredAt,
        failure: null,
      };
      return step({ ...order, refunds: [...order.refunds, requested] }, event, 'refundRequested', reason, idsOf(lines));
    })
    .on('OrderRefunded', orderId, (order, event) => {
      if (order === undefined) return undefined;
      const refunded = order.refunded + event.data.amount;
      const settled = withRefund(order, event.data.refundId, { state: 'succeeded' });
      const back = givenBack(settled);
      const whole = order.lines.every(({ lineId, total }) => (back.get(lineId) ?? -1) >= total);
      const part = order.state === 'fulfilled' ? 'partiallyRefunded' : order.state;
      const state = !standsPaid(order) ? order.state : whole ? 'refunded' : part;
      const payment = whole ? paymentIn(order, 'refunded') : order.payment;
      const why = order.refunds.find((refund) => refund.id === event.data.refundId)?.reason ?? null;
      return step(
        { ...order, state, refunded, payment, refunds: settled, reason: whole ? (order.reason ?? why) : order.reason },
        event,
        'refunded',
        why,
        linesOf(order, event.data.refundId),
      );
    })
    .on(
      'OrderRefundFailed',
      orderId,
      (order, event) =>
        order &&
        step(
          {
            ...order,
            refunds: withRefund(order, event.data.refundId, { state: 'failed', failure: event.data.reason }),
          },
          event,
          'refundFailed',
          event.data.reason,
          linesOf(order, event.data.refundId),
        ),
    )
    .on('OrderRefundSettled', orderId, seen);
