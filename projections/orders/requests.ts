import type { Projection } from '../definition.ts';
import type { OrderDocument, RefundRequestDocument } from './document.ts';
import { type OfOrder, orderId, seen, step } from './story.ts';

const requestEnded = (
  order: OrderDocument,
  requestId: string,
  event: OfOrder,
  end: Partial<RefundRequestDocument>,
): OrderDocument => ({
  ...order,
  refundRequests: order.refundRequests.map((request) =>
    request.id === requestId ? { ...request, ...end, answeredAt: event.metadata.occurredAt } : request,
  ),
});

/** What the buyer asked for, and how it was answered. */
export const requests = (orders: Projection<OrderDocument>): Projection<OrderDocument> =>
  orders
    .on('OrderRefundRequestedByBuyer', orderId, (order, event) => {
      if (order === undefined) return undefined;
      const asked: RefundRequestDocument = {
        ...{ id: event.data.requestId, state: 'open', requestedAt: event.metadata.occurredAt },
        ...{ answeredAt: null, refundId: null, refusal: null },
      };
      return step({ ...order, refundRequests: [...order.refundRequests, asked] }, event, 'refundRequestedByBuyer');
    })
    .on('OrderRefundRequestRefused', orderId, (order, event) => {
      if (order === undefined) return undefined;
      const { requestId, reason } = event.data;
      const ended = requestEnded(order, requestId, event, { state: 'refused', refusal: reason });
      return step(ended, event, 'refundRequestRefused', reason);
    })
    .on('OrderRefundRequestAnswered', orderId, (order, event) => {
      if (order === undefined) return undefined;
      const { requestId, refundId } = event.data;
      return seen(requestEnded(order, requestId, event, { state: 'refunded', refundId }), event);
    });
