import type { EventNamed } from '../../domain/catalogue.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import type { Projection } from '../definition.ts';
import type { OrderDocument } from './document.ts';
import { givenBack, orderId, paymentIn, seen, step } from './story.ts';

const placed = (_: OrderDocument | undefined, event: Recorded<EventNamed<'OrderPlaced'>>): OrderDocument => {
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
    timeline: [{ at: metadata.occurredAt, step: 'placed', reason: null, lineIds: null }],
    revision: revision.toString(),
  };
};

/** From the order placed to the order settled. */
export const checkout = (orders: Projection<OrderDocument>): Projection<OrderDocument> =>
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
