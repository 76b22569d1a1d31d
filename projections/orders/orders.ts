import type { EventNamed } from '../../domain/catalogue.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import type { ClientAction, OrderLine, RefundLine } from '../../domain/order/events.ts';
import { type Projection, projection } from '../definition.ts';

export type RefundDocument = {
  readonly id: string;
  readonly state: 'requested' | 'succeeded' | 'failed';
  readonly amount: number;
  readonly lines: readonly RefundLine[];
  readonly reason: string;
  readonly requestedAt: string;
  readonly failure: string | null;
};

/** Why it was asked for is the buyer's and lies in `people`. */
export type RefundRequestDocument = {
  readonly id: string;
  readonly state: 'open' | 'refunded' | 'refused';
  readonly requestedAt: string;
  readonly answeredAt: string | null;
  /** The refund that answered it, or why it was refused. */
  readonly refundId: string | null;
  readonly refusal: string | null;
};

export type TimelineEntry = { readonly at: string; readonly step: string; readonly reason: string | null };

/** Amounts in minor units of `currency`. The name on the bill is personal and stays in the log. */
export type OrderDocument = {
  readonly id: string;
  readonly customerId: string;
  readonly state:
    | 'placed'
    | 'awaitingPayment'
    | 'awaitingConfirmation'
    | 'paid'
    | 'fulfilled'
    | 'cancelled'
    | 'partiallyRefunded'
    | 'refunded';
  readonly disputed: boolean;
  readonly createdAt: string;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly subtotal: number;
  readonly discount: number;
  readonly tax: number;
  readonly total: number;
  readonly refunded: number;
  readonly coupon: string | null;
  readonly billing: { readonly country: string; readonly vatId: string | null } | null;
  readonly refunds: readonly RefundDocument[];
  readonly refundRequests: readonly RefundRequestDocument[];
  readonly dispute: {
    readonly id: string;
    readonly state: 'open' | 'won' | 'lost';
    readonly amount: number;
    readonly reason: string;
  } | null;
  /** Ids of the disputes that are open; `dispute` is the one opened last. */
  readonly openDisputes: readonly string[];
  readonly payment: {
    readonly state: 'requested' | 'requiresAction' | 'captured' | 'declined' | 'abandoned' | 'refunded';
    readonly method: string;
    readonly clientAction: ClientAction | null;
  } | null;
  readonly licenses: readonly { readonly lineId: string; readonly licenseId: string }[];
  readonly reason: string | null;
  readonly timeline: readonly TimelineEntry[];
  readonly revision: string;
};

type Of<Type extends 'OrderPlaced'> = Recorded<EventNamed<Type>>;
type OfOrder = Recorded<{ readonly type: string; readonly data: { readonly orderId: string } }>;
const orderId = (event: OfOrder): string => event.data.orderId;

/** The order with a step of its story added. */
const step = (order: OrderDocument, event: OfOrder, name: string, reason: string | null = null): OrderDocument => ({
  ...order,
  timeline: [...order.timeline, { at: event.metadata.occurredAt, step: name, reason }],
  revision: event.revision.toString(),
});
const seen = (order: OrderDocument | undefined, event: OfOrder): OrderDocument | undefined =>
  order && { ...order, revision: event.revision.toString() };

const placed = (_: OrderDocument | undefined, event: Of<'OrderPlaced'>): OrderDocument => {
  const { data, metadata, revision } = event;
  return {
    id: data.orderId,
    customerId: data.customerId,
    state: 'placed',
    disputed: false,
    createdAt: metadata.occurredAt,
    currency: data.currency,
    lines: data.lines,
    subtotal: data.subtotal,
    discount: data.discount,
    tax: data.tax,
    total: data.total,
    refunded: 0,
    coupon: data.couponCode ?? null,
    billing: data.billing === undefined ? null : { country: data.billing.country, vatId: data.billing.vatId ?? null },
    refunds: [],
    refundRequests: [],
    dispute: null,
    openDisputes: [],
    payment:
      data.paymentMethod === undefined ? null : { state: 'requested', method: data.paymentMethod, clientAction: null },
    licenses: [],
    reason: null,
    timeline: [{ at: metadata.occurredAt, step: 'placed', reason: null }],
    revision: revision.toString(),
  };
};

const withRefund = (
  order: OrderDocument,
  refundId: string,
  change: Partial<RefundDocument>,
): readonly RefundDocument[] =>
  order.refunds.map((refund) => (refund.id === refundId ? { ...refund, ...change } : refund));

const paymentIn = (
  order: OrderDocument,
  state: NonNullable<OrderDocument['payment']>['state'],
): OrderDocument['payment'] => order.payment && { ...order.payment, state, clientAction: null };

/** Minor units given back of each line that a refund named. */
const givenBack = (refunds: readonly RefundDocument[]): ReadonlyMap<string, number> => {
  const amounts = new Map<string, number>();
  for (const { state, lines } of refunds)
    if (state === 'succeeded')
      for (const { lineId, amount } of lines) amounts.set(lineId, (amounts.get(lineId) ?? 0) + amount);
  return amounts;
};

/** Money was taken, and neither a cancellation nor a refund has ended the order. */
const standsPaid = ({ state }: OrderDocument): boolean =>
  state === 'paid' || state === 'fulfilled' || state === 'partiallyRefunded';

const disputeIn = (order: OrderDocument, disputeId: string, state: 'won' | 'lost'): Partial<OrderDocument> => {
  const openDisputes = order.openDisputes.filter((open) => open !== disputeId);
  const dispute = order.dispute?.id === disputeId ? { ...order.dispute, state } : order.dispute;
  return { openDisputes, disputed: openDisputes.length > 0, dispute };
};

const checkout = (orders: Projection<OrderDocument>): Projection<OrderDocument> =>
  orders
    .on('OrderPlaced', orderId, placed)
    .on(
      'OrderPaymentRequested',
      orderId,
      (order, event) => order && step({ ...order, state: 'awaitingPayment' }, event, 'paymentRequested'),
    )
    .on(
      'OrderPaymentActionRequired',
      orderId,
      (order, event) =>
        order &&
        step(
          {
            ...order,
            state: 'awaitingConfirmation',
            payment: order.payment && {
              ...order.payment,
              state: 'requiresAction',
              clientAction: event.data.clientAction,
            },
          },
          event,
          'confirmationRequired',
        ),
    )
    .on('OrderConfirmationReported', orderId, (order, event) => order && step(order, event, 'confirmationReported'))
    .on(
      'OrderPaid',
      orderId,
      (order, event) =>
        order &&
        step(
          {
            ...order,
            state: order.state === 'cancelled' ? 'cancelled' : 'paid',
            payment: { state: 'captured', method: event.data.method, clientAction: null },
          },
          event,
          'paid',
        ),
    )
    .on('OrderCancelled', orderId, (order, event) => {
      if (order === undefined) return undefined;
      const payment = paymentIn(order, event.data.reason === 'declined' ? 'declined' : 'abandoned');
      return step(
        { ...order, state: 'cancelled', reason: event.data.reason, payment },
        event,
        'cancelled',
        event.data.detail ?? event.data.reason,
      );
    })
    .on(
      'OrderFulfilled',
      orderId,
      (order, event) =>
        order &&
        step(
          {
            ...order,
            state: givenBack(order.refunds).size > 0 ? 'partiallyRefunded' : 'fulfilled',
            licenses: event.data.licenses,
          },
          event,
          'fulfilled',
        ),
    )
    .on('OrderHoldsSettled', orderId, seen)
    .on('OrderSettled', orderId, (order, event) => order && step(order, event, 'settled'));

const refunds = (orders: Projection<OrderDocument>): Projection<OrderDocument> =>
  orders
    .on('OrderRefundRequested', orderId, (order, event) => {
      if (order === undefined) return undefined;
      const { refundId: id, amount, lines, reason } = event.data;
      const requested: RefundDocument = {
        id,
        state: 'requested',
        amount,
        lines,
        reason,
        requestedAt: event.metadata.occurredAt,
        failure: null,
      };
      return step({ ...order, refunds: [...order.refunds, requested] }, event, 'refundRequested', reason);
    })
    .on('OrderRefunded', orderId, (order, event) => {
      if (order === undefined) return undefined;
      const refunded = order.refunded + event.data.amount;
      const settled = withRefund(order, event.data.refundId, { state: 'succeeded' });
      const back = givenBack(settled);
      const whole = order.lines.every(({ lineId, total }) => (back.get(lineId) ?? -1) >= total);
      const part = order.state === 'fulfilled' ? 'partiallyRefunded' : order.state;
      const state = !standsPaid(order) ? order.state : whole ? 'refunded' : part;
      const payment = whole ? paymentIn(order, 'refunded') : order.payment;
      const why = order.refunds.find((refund) => refund.id === event.data.refundId)?.reason ?? null;
      return step(
        { ...order, state, refunded, payment, refunds: settled, reason: whole ? (order.reason ?? why) : order.reason },
        event,
        'refunded',
        why,
      );
    })
    .on(
      'OrderRefundFailed',
      orderId,
      (order, event) =>
        order &&
        step(
          {
            ...order,
            refunds: withRefund(order, event.data.refundId, { state: 'failed', failure: event.data.reason }),
          },
          event,
          'refundFailed',
          event.data.reason,
        ),
    )
    .on('OrderRefundSettled', orderId, seen);

const disputes = (orders: Projection<OrderDocument>): Projection<OrderDocument> =>
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

const requests = (orders: Projection<OrderDocument>): Projection<OrderDocument> =>
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

const empty = projection<OrderDocument>('orders', {
  version: 2,
  sink: 'documents',
  indexes: [
    ['customerId', 'createdAt'],
    ['state', 'createdAt'],
  ],
});

/** Orders as their buyer and their vendors read them, one document, cut to the reader when queried. */
export const orders = requests(disputes(refunds(checkout(empty))));
