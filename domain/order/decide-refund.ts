import { domainError } from '../errors.ts';
import { sumOf } from '../money/money.ts';
import { unreachable } from '../unreachable.ts';
import { openLines } from './buyers-request.ts';
import type { OrderCommand } from './commands.ts';
import type { OrderEvent, RefundLine } from './events.ts';
import { nothingLeft, refundPlan } from './refund.ts';
import { isCaptured, isDisputed, type OrderRefund, type PlacedOrder } from './state.ts';

export type RefundCommand = Extract<
  OrderCommand,
  { type: 'RequestRefund' | 'RecordRefunded' | 'RecordRefundFailed' | 'SettleRefund' }
>;

const refundOf = (order: PlacedOrder, refundId: string): OrderRefund => {
  const refund = order.refunds.find((candidate) => candidate.refundId === refundId);
  if (refund === undefined) throw domainError('NOT_FOUND', 'The order has no such refund');
  return refund;
};

const request = (command: Extract<RefundCommand, { type: 'RequestRefund' }>, order: PlacedOrder): OrderEvent[] => {
  const { refundId, reason, requestedBy, compensation } = command;
  if (order.refunds.some((refund) => refund.refundId === refundId)) return [];
  if (!isCaptured(order)) throw domainError('ORDER_STATE', 'The order is not paid');
  if (compensation && order.status !== 'paid' && order.status !== 'cancelled') {
    throw domainError('ORDER_STATE', 'The order was delivered');
  }
  if (!compensation && order.status === 'cancelled') throw domainError('ORDER_STATE', 'The order is cancelled');
  if (!compensation && isDisputed(order)) throw domainError('ORDER_DISPUTED');
  // a refund that somebody asked for is faster
  if (compensation && nothingLeft(order)) return [];
  const lines = refundPlan(order, command.request);
  const amount = sumOf(lines.map((line) => line.amount));
  const data = { orderId: order.orderId, refundId, amount, lines, reason, requestedBy, compensation };
  const touched = new Set(compensation ? [] : lines.map(({ lineId }) => lineId));
  const answered = order.refundRequests.flatMap(({ requestId, lines: asked }) => {
    const lineIds = openLines(asked).filter((lineId) => touched.has(lineId));
    return lineIds.length === 0 ? [] : [{ requestId, lineIds }];
  });
  return [
    { type: 'OrderRefundRequested', data },
    ...answered.map(
      ({ requestId, lineIds }): OrderEvent => ({
        type: 'OrderRefundRequestAnswered',
        data: { orderId: order.orderId, requestId, refundId, lineIds },
      }),
    ),
  ];
};

/**
 * A failed refund that went back after all takes from what is left now, so its shares are worked out anew; of a
 * compensation, all that is left went back another way.
 */
const linesThatSucceed = (order: PlacedOrder, { state, lines, compensation }: OrderRefund): RefundLine[] => {
  if (state !== 'failed') return [...lines];
  return refundPlan(order, compensation ? {} : { lines });
};

/**
 * The refund commands of an order.
 * @throws DomainError ORDER_STATE, ORDER_DISPUTED, REFUND_EXCEEDS, INVALID_INPUT, NOT_FOUND (no such refund)
 */
export const decideRefund = (command: RefundCommand, order: PlacedOrder): OrderEvent[] => {
  const { orderId } = order;
  const { refundId } = command;
  switch (command.type) {
    case 'RequestRefund':
      return request(command, order);
    case 'RecordRefunded': {
      const refund = refundOf(order, refundId);
      if (refund.state === 'succeeded') return [];
      const { note } = command;
      // what went back another way may be taken a second time; what the provider gave back is a fact
      if (note !== undefined && isDisputed(order)) throw domainError('ORDER_DISPUTED');
      const lines = linesThatSucceed(order, refund);
      const amount = sumOf(lines.map((line) => line.amount));
      return [
        { type: 'OrderRefunded', data: { orderId, refundId, amount, lines, ...(note === undefined ? {} : { note }) } },
      ];
    }
    case 'RecordRefundFailed':
      return refundOf(order, refundId).state === 'requested'
        ? [{ type: 'OrderRefundFailed', data: { orderId, refundId, reason: command.reason } }]
        : [];
    case 'SettleRefund': {
      const refund = refundOf(order, refundId);
      if (refund.settled) return [];
      if (refund.state !== 'succeeded') throw domainError('ORDER_STATE', 'The refund has not succeeded');
      return [{ type: 'OrderRefundSettled', data: { orderId, refundId } }];
    }
    default:
      return unreachable(command);
  }
};
