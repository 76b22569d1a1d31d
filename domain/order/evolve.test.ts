import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../decider.ts';
import { orderDecider } from './decider.ts';
import type { OrderEvent } from './events.ts';
import {
  actionRequired,
  confirmationReported,
  disputeLost,
  disputeOpened,
  disputeSettled,
  disputeWon,
  holdsSettled,
  orderCancelled,
  orderFulfilled,
  orderId,
  orderPaid,
  orderPlaced,
  orderRefunded,
  orderSettled,
  paymentRequested,
  refundFailed,
  refundId,
  refundRequested,
} from './samples.ts';
import { isPlaced } from './state.ts';

const checkoutExpired: OrderEvent = { type: 'CheckoutExpired', data: { orderId } };
const refundSettled: OrderEvent = { type: 'OrderRefundSettled', data: { orderId, refundId } };
const afterwards: readonly OrderEvent[] = [
  orderPlaced(),
  paymentRequested,
  actionRequired,
  confirmationReported,
  orderPaid(),
  orderCancelled(),
  orderFulfilled(),
  holdsSettled('confirmed'),
  orderSettled,
  refundRequested(),
  orderRefunded(),
  refundFailed(),
  refundSettled,
  disputeOpened(),
  disputeWon(),
  disputeLost(),
  disputeSettled('opened'),
  disputeSettled('lost'),
];

describe('the state of an order', () => {
  it.each(afterwards.slice(1))('does not begin with $type', (event) =>
    expect(orderDecider.evolve(orderDecider.initial, event)).toEqual(orderDecider.initial),
  );

  it.each(afterwards)('is not moved by $type once the checkout expired', (event) =>
    expect(fold(orderDecider, [checkoutExpired, event])).toEqual({ status: 'expired' }),
  );

  it('is changed by an event once: the same again is impossible', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...afterwards), { maxLength: 30 }), (events) => {
        const state = fold(orderDecider, [orderPlaced(), ...events]);
        const last = events.at(-1);
        if (last !== undefined) expect(orderDecider.evolve(state, last)).toEqual(state);
      }),
    );
  });

  it('holds money only once it came in, licences only once it was fulfilled, in any order of events', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...afterwards), { maxLength: 30 }), (events) => {
        const order = fold(orderDecider, [orderPlaced(), ...events]);
        if (!isPlaced(order)) throw new Error('the order is gone');
        const seen = (type: OrderEvent['type']): boolean => events.some((event) => event.type === type);
        if (order.captured !== undefined) expect(seen('OrderPaid')).toBe(true);
        if (order.licenses !== undefined) expect(order.captured).toBeDefined();
        if (order.refunds.length + order.disputes.length > 0) expect(order.captured).toBeDefined();
        if (order.status === 'refunded') expect(seen('OrderRefunded') || seen('OrderDisputeLost')).toBe(true);
      }),
    );
  });
});
