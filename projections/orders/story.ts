import type { Recorded } from '../../domain/event/recorded.ts';
import type { OrderDocument, RefundDocument } from './document.ts';

export type OfOrder = Recorded<{ readonly type: string; readonly data: { readonly orderId: string } }>;

/** The one document that an order's event changes. */
export const orderId = (event: OfOrder): string => event.data.orderId;

/** The order with a step of its story added; `lineIds` null: it is about the whole order. */
export const step = (
  order: OrderDocument,
  event: OfOrder,
  name: string,
  reason: string | null = null,
  lineIds: readonly string[] | null = null,
): OrderDocument => ({
  ...order,
  timeline: [...order.timeline, { at: event.metadata.occurredAt, step: name, reason, lineIds }],
  revision: event.revision.toString(),
});

/** The order at this revision, with nothing to tell. */
export const seen = (order: OrderDocument | undefined, event: OfOrder): OrderDocument | undefined =>
  order && { ...order, revision: event.revision.toString() };

/** The payment in another state: the buyer's client has nothing more to do. */
export const paymentIn = (
  order: OrderDocument,
  state: NonNullable<OrderDocument['payment']>['state'],
): OrderDocument['payment'] => order.payment && { ...order.payment, state, clientAction: null };

/** Minor units given back of each line that a refund named. */
export const givenBack = (refunds: readonly RefundDocument[]): ReadonlyMap<string, number> => {
  const amounts = new Map<string, number>();
  for (const { state, lines } of refunds)
    if (state === 'succeeded')
      for (const { lineId, amount } of lines) amounts.set(lineId, (amounts.get(lineId) ?? 0) + amount);
  return amounts;
};

/** Money was taken, and neither a cancellation nor a refund has ended the order. */
export const standsPaid = ({ state }: OrderDocument): boolean =>
  state === 'paid' || state === 'fulfilled' || state === 'partiallyRefunded';
