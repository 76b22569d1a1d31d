import { domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import { openLines, stateOfRequest } from './buyers-request.ts';
import type { OrderCommand } from './commands.ts';
import type { OrderEvent } from './events.ts';
import { leftOfLines } from './refund.ts';
import { isCaptured, isDisputed, type PlacedOrder } from './state.ts';

export type BuyersRequestCommand = Extract<OrderCommand, { type: 'AskForRefund' | 'RefuseRefundRequest' }>;

/** The lines that are asked for: those named, or every one that may be. */
const askedLines = (order: PlacedOrder, named: readonly string[] | undefined): string[] => {
  const unknown = named?.findIndex((lineId) => order.lines.every((line) => line.lineId !== lineId)) ?? -1;
  if (unknown >= 0) {
    const errors = [{ path: `lines.${unknown}.lineId`, message: 'is not a line of the order' }];
    throw domainError('INVALID_INPUT', undefined, { errors });
  }
  const left = leftOfLines(order).flatMap(({ lineId, claimed }) => (claimed ? [] : [lineId]));
  if (left.length === 0 || named?.some((lineId) => !left.includes(lineId)))
    throw domainError('REFUND_EXCEEDS', 'Nothing is left to refund');
  const waiting = new Set(order.refundRequests.flatMap(({ lines }) => openLines(lines)));
  const asked = left.filter((lineId) => (named === undefined ? !waiting.has(lineId) : named.includes(lineId)));
  if (asked.length === 0 || asked.some((lineId) => waiting.has(lineId)))
    throw domainError('REFUND_REQUEST_STATE', 'A refund request is open already');
  return asked;
};

const ask = (
  { requestId, reason, lineIds: named }: Extract<BuyersRequestCommand, { type: 'AskForRefund' }>,
  order: PlacedOrder,
): OrderEvent[] => {
  if (order.refundRequests.some((known) => known.requestId === requestId)) return [];
  if (!isCaptured(order)) throw domainError('ORDER_STATE', 'The order is not paid');
  if (order.status === 'cancelled') throw domainError('ORDER_STATE', 'The order is cancelled: its money comes back');
  if (isDisputed(order)) throw domainError('ORDER_DISPUTED');
  const { orderId, customerId } = order;
  const lineIds = askedLines(order, named);
  return [{ type: 'OrderRefundRequestedByBuyer', data: { orderId, requestId, customerId, reason, lineIds } }];
};

const refuse = (
  { requestId, reason, refusedBy, lineIds }: Extract<BuyersRequestCommand, { type: 'RefuseRefundRequest' }>,
  order: PlacedOrder,
): OrderEvent[] => {
  const asked = order.refundRequests.find((known) => known.requestId === requestId)?.lines ?? [];
  const meant = lineIds === undefined ? asked : asked.filter(({ lineId }) => lineIds.includes(lineId));
  if (meant.length === 0) throw domainError('NOT_FOUND', 'The order has no such refund request');
  const state = stateOfRequest(meant);
  switch (state) {
    case 'open': {
      const data = { orderId: order.orderId, requestId, reason, refusedBy, lineIds: [...openLines(meant)] };
      return [{ type: 'OrderRefundRequestRefused', data }];
    }
    case 'refused':
      return [];
    case 'refunded':
      throw domainError('REFUND_REQUEST_STATE', 'The refund request was answered with a refund');
    default:
      return unreachable(state);
  }
};

/**
 * What a buyer asks for, one open request a line, and its refusal; a refund of the lines (`RequestRefund`) answers it.
 * @throws DomainError ORDER_STATE, ORDER_DISPUTED, REFUND_EXCEEDS, REFUND_REQUEST_STATE, INVALID_INPUT (no line of the
 * order), NOT_FOUND (no such request)
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
