import { domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import type { OrderCommand } from './commands.ts';
import type { OrderEvent } from './events.ts';
import { isCaptured, nextStage, type OrderDispute, type PlacedOrder } from './state.ts';

export type DisputeCommand = Extract<
  OrderCommand,
  { type: 'OpenDispute' | 'WinDispute' | 'LoseDispute' | 'SettleDispute' }
>;

const disputeOf = (order: PlacedOrder, disputeId: string): OrderDispute => {
  const dispute = order.disputes.find((candidate) => candidate.disputeId === disputeId);
  if (dispute === undefined) throw domainError('NOT_FOUND', 'The order has no such dispute');
  return dispute;
};

/**
 * The dispute commands of an order: facts of the provider, so repeated ones change nothing and the first end stays.
 * @throws DomainError ORDER_STATE (not paid; stages settled out of order), NOT_FOUND (no such dispute)
 */
export const decideDispute = (command: DisputeCommand, order: PlacedOrder): OrderEvent[] => {
  const { orderId } = order;
  const { disputeId } = command;
  switch (command.type) {
    case 'OpenDispute': {
      if (order.disputes.some((dispute) => dispute.disputeId === disputeId)) return [];
      if (!isCaptured(order)) throw domainError('ORDER_STATE', 'The order is not paid');
      const { amount, reason } = command;
      return [{ type: 'OrderDisputeOpened', data: { orderId, disputeId, amount, reason } }];
    }
    case 'WinDispute':
      return disputeOf(order, disputeId).outcome === 'open'
        ? [{ type: 'OrderDisputeWon', data: { orderId, disputeId } }]
        : [];
    case 'LoseDispute':
      return disputeOf(order, disputeId).outcome === 'open'
        ? [{ type: 'OrderDisputeLost', data: { orderId, disputeId } }]
        : [];
    case 'SettleDispute': {
      const dispute = disputeOf(order, disputeId);
      if (dispute.settled.includes(command.stage)) return [];
      if (nextStage(dispute) !== command.stage) throw domainError('ORDER_STATE', 'The dispute is at another stage');
      return [{ type: 'OrderDisputeSettled', data: { orderId, disputeId, stage: command.stage } }];
    }
    default:
      return unreachable(command);
  }
};
