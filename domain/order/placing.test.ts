import { describe, expect, it } from 'vitest';
import { given } from '../given.ts';
import { orderDecider } from './decider.ts';
import type { OrderEvent } from './events.ts';
import {
  actionRequired,
  clientAction,
  confirmationReported,
  dueBy,
  lineOne,
  orderCancelled,
  orderFulfilled,
  orderId,
  orderPaid,
  orderPlaced,
  paymentId,
  paymentRequested,
  sampleId,
  sampleLine,
  sampleOrder,
  untilPaid,
} from './samples.ts';

const order = (...history: readonly OrderEvent[]) => given(orderDecider, ...history);
const freeLine = sampleLine(1, 0);
const checkoutExpired = { type: 'CheckoutExpired', data: { orderId } } as const;

describe('placing an order', () => {
  it('freezes what was given', () => order().when({ type: 'PlaceOrder', order: sampleOrder() }).then(orderPlaced()));

  it('happens once', () => order(orderPlaced()).when({ type: 'PlaceOrder', order: sampleOrder() }).thenNothing());

  it('is refused once the checkout has expired', () =>
    order(checkoutExpired).when({ type: 'PlaceOrder', order: sampleOrder() }).thenRefused('CHECKOUT_EXPIRED'));

  it('needs a payment method when there is something to pay', () =>
    order()
      .when({ type: 'PlaceOrder', order: sampleOrder([lineOne], { paymentMethod: undefined }) })
      .thenRefused('PAYMENT_METHOD_REQUIRED'));

  it('needs none when it is free', () =>
    order()
      .when({ type: 'PlaceOrder', order: sampleOrder([freeLine]) })
      .then(orderPlaced([freeLine])));

  it.each([
    ['total', { total: 1 }],
    ['subtotal', { subtotal: 1 }],
    ['tax', { tax: 1 }],
    ['discount', { discount: 1 }],
    ['line', { lines: [{ ...lineOne, total: lineOne.total + 1, tax: lineOne.tax }], total: lineOne.total + 1 }],
    ['commission', { lines: [{ ...lineOne, commission: lineOne.total + 1 }] }],
    ['line named twice', sampleOrder([lineOne, lineOne])],
  ])('is refused when the amounts do not add up: %s', (_what, wrong) =>
    order()
      .when({ type: 'PlaceOrder', order: { ...sampleOrder([lineOne]), ...wrong } })
      .thenRefused('INVALID_INPUT'),
  );

  it('keeps the name of the buyer out of the state', () => {
    const billing = { country: 'DE', name: 'Ada' };
    expect(JSON.stringify(order(orderPlaced([lineOne], { billing })).state())).not.toContain('Ada');
  });
});

describe('expiring a checkout', () => {
  it('fences the order off', () => order().when({ type: 'ExpireCheckout', orderId }).then(checkoutExpired));
  it('happens once', () => order(checkoutExpired).when({ type: 'ExpireCheckout', orderId }).thenNothing());
  it('is refused when the order came, so that its holds stay', () =>
    order(orderPlaced()).when({ type: 'ExpireCheckout', orderId }).thenRefused('ORDER_STATE'));
});

describe('an order that never came', () => {
  it.each([
    { type: 'RequestPayment', paymentId, dueBy },
    { type: 'RequirePaymentAction', clientAction },
    { type: 'ReportConfirmation' },
    { type: 'RecordPaid', amount: 1, method: 'pm' },
    { type: 'CancelOrder', reason: 'cancelled_by_buyer' },
    { type: 'FulfilOrder', licenses: [] },
    { type: 'SettleHolds', outcome: 'released' },
    { type: 'SettleOrder' },
    { type: 'RecordRefunded', refundId: sampleId(4) },
    { type: 'OpenDispute', disputeId: 'dp_1', amount: 1, reason: 'fraudulent' },
  ] as const)('knows no $type', (command) => {
    order().when(command).thenRefused('NOT_FOUND');
    order(checkoutExpired).when(command).thenRefused('NOT_FOUND');
  });
});

describe('paying', () => {
  const request = { type: 'RequestPayment', paymentId, dueBy } as const;

  it('is requested once', () => {
    order(orderPlaced()).when(request).then(paymentRequested);
    order(orderPlaced(), paymentRequested).when(request).thenNothing();
  });
  it('is not requested for a cancelled order', () =>
    order(orderPlaced(), orderCancelled()).when(request).thenNothing());
  it('is refused for a free order', () =>
    order(orderPlaced([freeLine]))
      .when(request)
      .thenRefused('ORDER_STATE'));

  it('may need the buyer', () =>
    order(orderPlaced(), paymentRequested).when({ type: 'RequirePaymentAction', clientAction }).then(actionRequired));
  it('does not ask the same of the buyer twice', () =>
    order(orderPlaced(), paymentRequested, actionRequired, confirmationReported)
      .when({ type: 'RequirePaymentAction', clientAction })
      .thenNothing());
  it('may ask for another step, and forgets the report of the first', () => {
    const another = { ...clientAction, url: 'https://bank.example/2' };
    const after = order(orderPlaced(), paymentRequested, actionRequired, confirmationReported).when({
      type: 'RequirePaymentAction',
      clientAction: another,
    });
    expect(after.state()).toMatchObject({ clientAction: another, confirmationReported: false });
  });
  it('hears of a step too late', () => {
    order(...untilPaid)
      .when({ type: 'RequirePaymentAction', clientAction })
      .thenNothing();
    order(orderPlaced(), orderCancelled()).when({ type: 'RequirePaymentAction', clientAction }).thenNothing();
  });

  it('is confirmed by the buyer, once', () => {
    const waiting = [orderPlaced(), paymentRequested, actionRequired];
    order(...waiting)
      .when({ type: 'ReportConfirmation' })
      .then(confirmationReported);
    order(...waiting, confirmationReported)
      .when({ type: 'ReportConfirmation' })
      .thenNothing();
    order(...waiting, orderPaid())
      .when({ type: 'ReportConfirmation' })
      .thenNothing();
  });
  it.each([
    ['placed', [orderPlaced()]],
    ['awaitingPayment', [orderPlaced(), paymentRequested]],
    ['cancelled', [orderPlaced(), orderCancelled()]],
  ])('has nothing to confirm while %s', (_status, history) =>
    order(...history)
      .when({ type: 'ReportConfirmation' })
      .thenRefused('ORDER_STATE'),
  );

  const record = { type: 'RecordPaid', amount: 1800, method: 'pm_card_visa' } as const;
  it.each([
    ['awaitingPayment', [orderPlaced(), paymentRequested], 'paid'],
    ['awaitingConfirmation', [orderPlaced(), paymentRequested, actionRequired], 'paid'],
    ['cancelled', [orderPlaced(), paymentRequested, orderCancelled('payment_timeout')], 'cancelled'],
  ])('is recorded while %s', (_status, history, after) => {
    const paid = order(...history).when(record);
    paid.then(orderPaid());
    expect(paid.state()).toMatchObject({ status: after, captured: { amount: 1800, method: 'pm_card_visa' } });
    expect(paid.state()).not.toHaveProperty('clientAction');
  });
  it('is recorded once', () => {
    order(...untilPaid)
      .when(record)
      .thenNothing();
    order(orderPlaced(), paymentRequested, orderCancelled(), orderPaid()).when(record).thenNothing();
  });
  it('is refused before it was requested', () => order(orderPlaced()).when(record).thenRefused('ORDER_STATE'));
  it('costs nothing when the order is free', () => {
    const free = { type: 'RecordPaid', amount: 0, method: 'none' } as const;
    order(orderPlaced([freeLine]))
      .when(free)
      .then(orderPaid(0, 'none'));
    order(orderPlaced([freeLine]), orderCancelled())
      .when(free)
      .thenNothing();
  });
});

describe('cancelling', () => {
  const byBuyer = { type: 'CancelOrder', reason: 'cancelled_by_buyer' } as const;
  it.each([
    ['placed', [orderPlaced()]],
    ['awaitingPayment', [orderPlaced(), paymentRequested]],
    ['awaitingConfirmation', [orderPlaced(), paymentRequested, actionRequired]],
  ])('is possible while %s', (_status, history) =>
    order(...history)
      .when(byBuyer)
      .then(orderCancelled()),
  );
  it('happens once, for the first reason', () =>
    order(orderPlaced(), paymentRequested, orderCancelled())
      .when({ type: 'CancelOrder', reason: 'declined', detail: 'insufficient_funds' })
      .thenNothing());
  it.each([
    ['paid', untilPaid],
    ['fulfilled', [...untilPaid, orderFulfilled()]],
  ])('by the buyer is refused once %s', (_status, history) =>
    order(...history)
      .when(byBuyer)
      .thenRefused('ORDER_PAID'),
  );
  it.each(['declined', 'payment_timeout'] as const)('because of %s comes too late for a paid order', (reason) =>
    order(...untilPaid)
      .when({ type: 'CancelOrder', reason })
      .thenNothing(),
  );
  it('keeps the provider’s reason', () =>
    order(orderPlaced(), paymentRequested)
      .when({ type: 'CancelOrder', reason: 'declined', detail: 'insufficient_funds' })
      .then({ type: 'OrderCancelled', data: { orderId, reason: 'declined', detail: 'insufficient_funds' } }));
});
