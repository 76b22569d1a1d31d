import { domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import type { OrderCommand } from './commands.ts';
import type { OrderEvent } from './events.ts';
import { nothingLeft } from './refund.ts';
import { isCaptured, isDisputed, type PlacedOrder } from './state.ts';

export type BuyersRequestCommand = Extract<OrderCommand, { type: 'AskForRefund' | 'RefuseRefundRequest' }>;

const ask = (
  { requestId, reason }: Extract<BuyersRequestCommand, { type: 'AskForRefund' }>,
  order: PlacedOrder,
): OrderEvent[] => {
  if (order.refundRequests.some((known) => known.requestId === requestId)) return [];
  if (!isCaptured(order)) throw domainError('ORDER_STATE', 'The order is not paid');
  if (order.status === 'cancelled') throw domainError('ORDER_STATE', 'The order is cancelled: its money comes back');
  if (isDisputed(order)) throw domainError('ORDER_DISPUTED');
  if (nothingLeft(order)) throw domainError('REFUND_EXCEEDS', 'Nothing is left to refund');
  if (order.refundRequests.some(({ state }) => state === 'open'))
    throw domainError('REFUND_REQUEST_STATE', 'A refund request is open already');
  const { orderId, customerId } = order;
  return [{ type: 'OrderRefundRequestedByBuyer', data: { orderId, requestId, customerId, reason } }];
};

const refuse = (
  { requestId, reason, refusedBy }: Extract<BuyersRequestCommand, { type: 'RefuseRefundRequest' }>,
  order: PlacedOrder,
): OrderEvent[] => {
  const request = order.refundRequests.find((known) => known.requestId === requestId);
  if (request === undefined) throw domainError('NOT_FOUND', 'The order has no such refund request');
  switch (request.state) {
    case 'open':
      return [{ type: 'OrderRefundRequestRefused', data: { orderId: order.orderId, requestId, reason, refusedBy } }];
    case 'refused':
      return [];
    case 'refunded':
      throw domainError('REFUND_REQUEST_STATE', 'The refund request was answered with a refund');
    default:
      return unreachable(request.state);
  }
};

/**
 * What a buyer asks for, one request at a time, and its refusal; a refund of the order (`RequestRefund`) answers it.
 * @throws DomainError ORDER_STATE, ORDER_DISPUTED, REFUND_EXCEEDS, REFUND_REQUEST_STATE, NOT_FOUND (no such request)
 */
export const decideBuyersRequest = (command: BuyersRequestCommand, order: PlacedOrder): OrderEvent[] => {
  switch (command.type) {
    case 'AskForRefund':
      return ask(command, order);
    case 'RefuseRefundRequest':
      return refuse(command, order);
    default:
      return unreachable(command);
  }
};
