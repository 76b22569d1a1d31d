import { domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import type { OrderCommand } from './commands.ts';
import type { OrderEvent } from './events.ts';
import { isCaptured, nextStage, type OrderDispute, type PlacedOrder } from './state.ts';

export type DisputeCommand = Extract<
  OrderCommand,
  {
    type:
      | 'OpenDispute'
      | 'WinDispute'
      | 'LoseDispute'
      | 'SettleDispute'
      | 'SubmitEvidence'
      | 'RecordEvidenceSent'
      | 'RecordEvidenceRefused';
  }
>;

const disputeOf = (order: PlacedOrder, disputeId: string): OrderDispute => {
  const dispute = order.disputes.find((candidate) => candidate.disputeId === disputeId);
  if (dispute === undefined) throw domainError('NOT_FOUND', 'The order has no such dispute');
  return dispute;
};

/** A dispute takes so many pieces: enough for any case, and the order stays a short stream. */
const MOST_EVIDENCE = 20;

const submit = (
  { evidenceId, submittedBy, text }: Extract<DisputeCommand, { type: 'SubmitEvidence' }>,
  order: PlacedOrder,
): OrderEvent[] => {
  if (order.disputes.some(({ evidence }) => evidence.some((known) => known.evidenceId === evidenceId))) return [];
  const dispute = order.disputes.findLast(({ outcome }) => outcome === 'open');
  if (dispute === undefined) throw domainError('ORDER_STATE', 'No dispute of the order is open');
  if (dispute.evidence.length >= MOST_EVIDENCE)
    throw domainError('ORDER_STATE', `The dispute has ${MOST_EVIDENCE} pieces of evidence already`);
  const { disputeId } = dispute;
  return [
    {
      type: 'OrderDisputeEvidenceSubmitted',
      data: { orderId: order.orderId, disputeId, evidenceId, submittedBy, text },
    },
  ];
};

const isRecorded = (order: PlacedOrder, disputeId: string, evidenceId: string): boolean => {
  const evidence = disputeOf(order, disputeId).evidence.find((known) => known.evidenceId === evidenceId);
  if (evidence === undefined) throw domainError('NOT_FOUND', 'The dispute has no such evidence');
  return evidence.state === 'recorded';
};

/**
 * The dispute commands of an order: facts of the provider, so repeated ones change nothing and the first end stays; and the
 * evidence against it.
 * @throws DomainError ORDER_STATE (not paid; stages settled out of order; evidence where none is open), NOT_FOUND
 */
export const decideDispute = (command: DisputeCommand, order: PlacedOrder): OrderEvent[] => {
  const { orderId } = order;
  switch (command.type) {
    case 'OpenDispute': {
      const { disputeId } = command;
      if (order.disputes.some((dispute) => dispute.disputeId === disputeId)) return [];
      if (!isCaptured(order)) throw domainError('ORDER_STATE', 'The order is not paid');
      const { amount, reason } = command;
      return [{ type: 'OrderDisputeOpened', data: { orderId, disputeId, amount, reason } }];
    }
    case 'WinDispute':
      return disputeOf(order, command.disputeId).outcome === 'open'
        ? [{ type: 'OrderDisputeWon', data: { orderId, disputeId: command.disputeId } }]
        : [];
    case 'LoseDispute':
      return disputeOf(order, command.disputeId).outcome === 'open'
        ? [{ type: 'OrderDisputeLost', data: { orderId, disputeId: command.disputeId } }]
        : [];
    case 'SettleDispute': {
      const { disputeId } = command;
      const dispute = disputeOf(order, disputeId);
      if (dispute.settled.includes(command.stage)) return [];
      if (nextStage(dispute) !== command.stage) throw domainError('ORDER_STATE', 'The dispute is at another stage');
      return [{ type: 'OrderDisputeSettled', data: { orderId, disputeId, stage: command.stage } }];
    }
    case 'SubmitEvidence':
      return submit(command, order);
    case 'RecordEvidenceSent': {
      const { disputeId, evidenceId } = command;
      if (!isRecorded(order, disputeId, evidenceId)) return [];
      return [{ type: 'OrderDisputeEvidenceSent', data: { orderId, disputeId, evidenceId } }];
    }
    case 'RecordEvidenceRefused': {
      const { disputeId, evidenceId, reason } = command;
      if (!isRecorded(order, disputeId, evidenceId)) return [];
      return [{ type: 'OrderDisputeEvidenceRefused', data: { orderId, disputeId, evidenceId, reason } }];
    }
    default:
      return unreachable(command);
  }
};
