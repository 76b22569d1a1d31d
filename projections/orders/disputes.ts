import type { Projection } from '../definition.ts';
import type { OrderDocument } from './document.ts';
import { orderId, paymentIn, seen, standsPaid, step } from './story.ts';

const disputeIn = (order: OrderDocument, disputeId: string, state: 'won' | 'lost'): Partial<OrderDocument> => {
  const openDisputes = order.openDisputes.filter((open) => open !== disputeId);
  const dispute = order.dispute?.id === disputeId ? { ...order.dispute, state } : order.dispute;
  return { openDisputes, disputed: openDisputes.length > 0, dispute };
};

/** Disputes opened, argued, won and lost. */
export const disputes = (orders: Projection<OrderDocument>): Projection<OrderDocument> =>
  orders
    .on('OrderDisputeOpened', orderId, (order, event) => {
      if (order === undefined) return undefined;
      const { disputeId: id, amount, reason } = event.data;
      return step(
        {
          ...order,
          disputed: true,
          openDisputes: [...order.openDisputes, id],
          dispute: { id, state: 'open', amount, reason },
        },
        event,
        'disputeOpened',
        reason,
      );
    })
    .on(
      'OrderDisputeWon',
      orderId,
      (order, event) =>
        order && step({ ...order, ...disputeIn(order, event.data.disputeId, 'won') }, event, 'disputeWon'),
    )
    .on(
      'OrderDisputeLost',
      orderId,
      (order, event) =>
        order &&
        step(
          {
            ...order,
            ...disputeIn(order, event.data.disputeId, 'lost'),
            ...(standsPaid(order) ? { state: 'refunded', reason: 'dispute_lost' } : {}),
            refunded: order.total,
            payment: paymentIn(order, 'refunded'),
          },
          event,
          'disputeLost',
        ),
    )
    .on('OrderDisputeSettled', orderId, seen)
    .on('OrderDisputeEvidenceSubmitted', orderId, (order, event) => order && step(order, event, 'evidenceSubmitted'))
    .on('OrderDisputeEvidenceSent', orderId, seen)
    .on('OrderDisputeEvidenceRefused', orderId, seen);
