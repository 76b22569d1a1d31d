import { isCaptured, nextStage, type OrderDispute, type PlacedOrder, refundedLines } from '../order/state.ts';
import type { Payment, PaymentDispute } from '../payment/state.ts';
import { canSettle } from './owed-refunds.ts';
import type { Step } from './steps.ts';
import { licencesOf, vendorsOf } from './vendor-parts.ts';

/** The payment knows more of a dispute than the order. */
const reflect = (order: PlacedOrder, { disputeId, outcome, amount, reason }: PaymentDispute): readonly Step[] => {
  const known = order.disputes.find((dispute) => dispute.disputeId === disputeId);
  if (known === undefined) {
    return [{ type: 'reflectDispute', command: { type: 'OpenDispute', disputeId, amount, reason } }];
  }
  if (known.outcome !== 'open' || outcome === 'open') return [];
  return [{ type: 'reflectDispute', command: { type: outcome === 'won' ? 'WinDispute' : 'LoseDispute', disputeId } }];
};

const settle = (order: PlacedOrder, dispute: OrderDispute): readonly Step[] => {
  const stage = nextStage(dispute);
  if (stage === undefined || !canSettle(order)) return [];
  // a licence comes back only when no other dispute keeps it
  const keptByOthers = order.disputes.some((other) => other !== dispute && other.outcome !== 'won');
  const returned = refundedLines(order);
  const open = order.lines.map((line) => line.lineId).filter((lineId) => !returned.includes(lineId));
  return [
    {
      type: 'settleDispute',
      disputeId: dispute.disputeId,
      stage,
      currency: order.currency,
      licenses: stage === 'won' && keptByOthers ? [] : licencesOf(order, open),
      vendorIds: order.settled ? vendorsOf(order) : [],
    },
  ];
};

/** An open dispute's evidence that the provider does not have yet; one that was decided needs none any more. */
const submit = ({ disputeId, outcome, evidence }: OrderDispute): readonly Step[] =>
  outcome === 'open'
    ? evidence
        .filter(({ state }) => state === 'recorded')
        .map(({ evidenceId }) => ({ type: 'submitEvidence', disputeId, evidenceId }))
    : [];

/** What is owed for disputes: they are taken over once the order knows of its money, then followed stage by stage. */
export const owedForDisputes = (order: PlacedOrder, payment: Payment): readonly Step[] =>
  isCaptured(order)
    ? [
        ...(payment.status === 'none' ? [] : payment.disputes).flatMap((dispute) => reflect(order, dispute)),
        ...order.disputes.flatMap((dispute) => settle(order, dispute)),
        ...order.disputes.flatMap(submit),
      ]
    : [];
