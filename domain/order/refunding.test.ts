import { describe, expect, it } from 'vitest';
import { given } from '../given.ts';
import { orderDecider } from './decider.ts';
import type { OrderEvent } from './events.ts';
import {
  customerId,
  disputeLost,
  disputeOpened,
  disputeWon,
  lineOne,
  lineTwo,
  orderCancelled,
  orderId,
  orderPaid,
  orderPlaced,
  orderRefunded,
  paymentRequested,
  refundFailed,
  refundId,
  refundRequested,
  sampleId,
  sampleLine,
  untilPaid,
  untilSettled,
  wholeOf,
} from './samples.ts';
import { refundedLines } from './state.ts';

const order = (...history: readonly OrderEvent[]) => given(orderDecider, ...history);
const ask = {
  type: 'RequestRefund',
  refundId,
  request: {},
  reason: 'requested_by_customer',
  requestedBy: customerId,
  compensation: false,
} as const;
const compensate = { ...ask, requestedBy: 'system', compensation: true } as const;
const succeed = { type: 'RecordRefunded', refundId } as const;
const fail = { type: 'RecordRefundFailed', refundId, reason: 'expired_card' } as const;
const settle = { type: 'SettleRefund', refundId } as const;
const paidLate = [orderPlaced(), paymentRequested, orderCancelled(), orderPaid()];
const refunded = [...untilSettled, refundRequested(), orderRefunded()];
const partly = [...untilSettled, refundRequested([wholeOf(lineOne)]), orderRefunded([wholeOf(lineOne)])];

describe('asking for a refund', () => {
  it('is for all that is left', () =>
    order(...untilSettled)
      .when(ask)
      .then(refundRequested()));
  it('is possible before the delivery', () =>
    order(...untilPaid)
      .when(ask)
      .then(refundRequested()));
  it('is possible after another one', () =>
    expect(
      order(...partly)
        .when({ ...ask, refundId: sampleId(5) })
        .events(),
    ).toEqual([refundRequested([wholeOf(lineTwo)], { id: sampleId(5) })]));
  it('happens once under one id, whatever became of it', () => {
    order(...untilSettled, refundRequested())
      .when(ask)
      .thenNothing();
    order(...refunded)
      .when(ask)
      .thenNothing();
    order(...untilSettled, refundRequested(), refundFailed())
      .when(ask)
      .thenNothing();
  });
  it.each<[string, readonly OrderEvent[]]>([
    ['placed', [orderPlaced()]],
    ['awaitingPayment', [orderPlaced(), paymentRequested]],
    ['cancelled', [orderPlaced(), orderCancelled()]],
    ['cancelled and paid late', paidLate],
  ])('is refused while the order is %s', (_status, history) =>
    order(...history)
      .when(ask)
      .thenRefused('ORDER_STATE'),
  );
  it('is refused while a dispute is open, and not after it is won', () => {
    order(...untilSettled, disputeOpened())
      .when(ask)
      .thenRefused('ORDER_DISPUTED');
    order(...untilSettled, disputeOpened(), disputeWon())
      .when(ask)
      .then(refundRequested());
    order(...untilSettled, disputeOpened(), disputeWon(), disputeOpened('dp_2'))
      .when(ask)
      .thenRefused('ORDER_DISPUTED');
  });
  it('is refused when nothing is left', () => {
    const another = { ...ask, refundId: sampleId(5) };
    order(...refunded)
      .when(another)
      .thenRefused('REFUND_EXCEEDS');
    order(...untilSettled, refundRequested())
      .when(another)
      .thenRefused('REFUND_EXCEEDS');
    order(...untilSettled, disputeOpened(), disputeLost())
      .when(another)
      .thenRefused('REFUND_EXCEEDS');
  });
  it('gives a free order back for nothing', () => {
    const free = sampleLine(1, 0);
    const freeOrder = order(orderPlaced([free]), orderPaid(0, 'none'));
    freeOrder.when(ask).then(refundRequested([wholeOf(free)]));
  });
});

describe('a compensating refund', () => {
  const expected = refundRequested(undefined, { compensation: true });
  it('gives back what can not be delivered', () =>
    order(...untilPaid)
      .when(compensate)
      .then(expected));
  it('gives back what was captured after the cancellation', () =>
    order(...paidLate)
      .when(compensate)
      .then(expected));
  it('is recorded also while a dispute is open', () =>
    order(...paidLate, disputeOpened())
      .when(compensate)
      .then(expected));
  it('leaves out what somebody else gives back already', () => {
    order(...untilPaid, refundRequested())
      .when({ ...compensate, refundId: sampleId(5) })
      .thenNothing();
    order(...paidLate, disputeOpened(), disputeLost())
      .when(compensate)
      .thenNothing();
  });
  it('is refused for what was delivered, or never paid', () => {
    order(...untilSettled)
      .when(compensate)
      .thenRefused('ORDER_STATE');
    order(orderPlaced(), paymentRequested).when(compensate).thenRefused('ORDER_STATE');
  });
  it('refunds a paid order, and leaves a cancelled one cancelled', () => {
    expect(
      order(...untilPaid, expected)
        .when(succeed)
        .state(),
    ).toMatchObject({ status: 'refunded', reason: 'requested_by_customer' });
    expect(
      order(...paidLate, expected)
        .when(succeed)
        .state(),
    ).toMatchObject({ status: 'cancelled', reason: 'cancelled_by_buyer' });
  });
});

describe('the end of a refund', () => {
  it('that an operator found another way for is refused while a dispute may take the same money; what the provider gave back is a fact', () => {
    const disputed = [...paidLate, refundRequested(undefined, { compensation: true }), refundFailed(), disputeOpened()];
    order(...disputed)
      .when({ ...succeed, note: 'by bank transfer' })
      .thenRefused('ORDER_DISPUTED');
    expect(
      order(...disputed)
        .when(succeed)
        .events(),
    ).toMatchObject([{ type: 'OrderRefunded' }]);
  });
  const asked = [...untilSettled, refundRequested()];
  it('is recorded once', () => {
    order(...asked)
      .when(succeed)
      .then(orderRefunded());
    order(...refunded)
      .when(succeed)
      .thenNothing();
    order(...asked)
      .when(fail)
      .then(refundFailed());
    order(...asked, refundFailed())
      .when(fail)
      .thenNothing();
    order(...refunded)
      .when(fail)
      .thenNothing();
  });
  it('makes a whole refund refunded, a part partially refunded', () => {
    expect(order(...refunded).state()).toMatchObject({ status: 'refunded' });
    expect(order(...partly).state()).toMatchObject({ status: 'partiallyRefunded' });
    const rest = [
      refundRequested([wholeOf(lineTwo)], { id: sampleId(5) }),
      orderRefunded([wholeOf(lineTwo)], sampleId(5)),
    ];
    expect(order(...partly, ...rest).state()).toMatchObject({ status: 'refunded' });
  });
  it('that failed leaves everything as it was', () =>
    expect(order(...asked, refundFailed()).state()).toMatchObject({ status: 'fulfilled' }));
  it('names the lines that are wholly given back', () => {
    const state = order(...partly).state();
    if (state.status !== 'partiallyRefunded') throw new Error('not partly refunded');
    expect(refundedLines(state)).toEqual([lineOne.lineId]);
  });

  it('may be found by an operator after it failed', () =>
    order(...asked, refundFailed())
      .when(succeed)
      .then(orderRefunded()));
  it('found by an operator takes from what is left by then', () => {
    const cent = { lineId: lineOne.lineId, amount: 1, net: 1, commission: 0 };
    const rest = { lineId: lineOne.lineId, amount: 1199, net: 1000, commission: 100 };
    const history = [...untilSettled, refundRequested([cent]), refundFailed()];
    const meanwhile = [refundRequested([rest], { id: sampleId(5) }), orderRefunded([rest], sampleId(5))];
    order(...history, ...meanwhile)
      .when(succeed)
      .then(orderRefunded([{ ...cent, net: 0, commission: 0 }]));
    order(...history, refundRequested([wholeOf(lineOne)], { id: sampleId(5) }))
      .when(succeed)
      .thenRefused('REFUND_EXCEEDS');
  });

  it('found by an operator is all that is left when it was a compensation', () => {
    const half = { lineId: lineOne.lineId, amount: 600, net: 500, commission: 50 };
    const history = [...untilPaid, refundRequested(undefined, { compensation: true }), refundFailed()];
    const meanwhile = [refundRequested([half], { id: sampleId(5) }), orderRefunded([half], sampleId(5))];
    order(...history, ...meanwhile)
      .when(succeed)
      .then(orderRefunded([half, wholeOf(lineTwo)]));
  });

  it('is settled once, after it succeeded', () => {
    const settled: OrderEvent = { type: 'OrderRefundSettled', data: { orderId, refundId } };
    order(...refunded)
      .when(settle)
      .then(settled);
    order(...refunded, settled)
      .when(settle)
      .thenNothing();
    order(...asked)
      .when(settle)
      .thenRefused('ORDER_STATE');
  });
  it.each([succeed, fail, settle])('has to have a beginning for $type', (command) =>
    order(...untilSettled)
      .when(command)
      .thenRefused('NOT_FOUND'),
  );
});
