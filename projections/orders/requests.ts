import { openLines, withAnswer } from '../../domain/order/buyers-request.ts';
import type { Projection } from '../definition.ts';
import type { AskedLineDocument, OrderDocument, RefundRequestDocument } from './document.ts';
import { type OfOrder, orderId, seen, step } from './story.ts';

type Answer = { readonly requestId: string; readonly lineIds?: readonly string[] | undefined };

const requestAnswered = (
  order: OrderDocument,
  { requestId, lineIds }: Answer,
  event: OfOrder,
  answer: Partial<AskedLineDocument>,
): OrderDocument => ({
  ...order,
  refundRequests: order.refundRequests.map((request) =>
    request.id === requestId
      ? {
          ...request,
          lines: withAnswer(request.lines, lineIds, { ...answer, answeredAt: event.metadata.occurredAt }),
        }
      : request,
  ),
});

/** What the buyer asked for, and how it was answered. */
export const requests = (orders: Projection<OrderDocument>): Projection<OrderDocument> =>
  orders
    .on('OrderRefundRequestedByBuyer', orderId, (order, event) => {
      if (order === undefined) return undefined;
      const lineIds = event.data.lineIds ?? order.lines.map(({ lineId }) => lineId);
      const asked: RefundRequestDocument = {
        ...{ id: event.data.requestId, requestedAt: event.metadata.occurredAt },
        lines: lineIds.map((lineId) => ({ lineId, state: 'open', answeredAt: null, refundId: null, refusal: null })),
      };
      const waiting = { ...order, refundRequests: [...order.refundRequests, asked] };
      return step(waiting, event, 'refundRequestedByBuyer', null, lineIds);
    })
    .on('OrderRefundRequestRefused', orderId, (order, event) => {
      if (order === undefined) return undefined;
      const { reason, requestId } = event.data;
      const request = order.refundRequests.find(({ id }) => id === requestId);
      const lineIds = event.data.lineIds ?? (request === undefined ? null : openLines(request.lines));
      const answered = requestAnswered(order, event.data, event, { state: 'refused', refusal: reason });
      return step(answered, event, 'refundRequestRefused', reason, lineIds);
    })
    .on('OrderRefundRequestAnswered', orderId, (order, event) => {
      if (order === undefined) return undefined;
      const { refundId } = event.data;
      return seen(requestAnswered(order, event.data, event, { state: 'refunded', refundId }), event);
    });
