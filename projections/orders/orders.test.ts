import { describe, expect, it } from 'vitest';
import { fold } from '../../domain/decider.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import * as sample from '../../domain/order/samples.ts';
import { isDisputed } from '../../domain/order/state.ts';
import { documentsOf, happenedAt, inStream } from '../given.ts';
import { orders } from './orders.ts';

const { orderPlaced, paymentRequested, actionRequired, confirmationReported, orderPaid, orderCancelled } = sample;
const { orderFulfilled, untilSettled, lineOne, lineTwo, wholeOf, refundRequested, orderRefunded, refundFailed } =
  sample;
const orderAfter = async (...events: readonly OrderEvent[]) =>
  (await documentsOf(orders, inStream(`order-${sample.orderId}`, ...events))).get(sample.orderId);

describe('an order', () => {
  it('holds what was frozen when it was placed, and nothing personal', async () => {
    const billing = { country: 'DE', vatId: 'DE1', name: 'Cleo Curie' };
    const order = await orderAfter(orderPlaced([lineOne, lineTwo], { billing, couponCode: 'SPRING' }));
    expect(order).toMatchObject({
      ...{ id: sample.orderId, customerId: sample.customerId, state: 'placed', disputed: false, currency: 'EUR' },
      ...{
        subtotal: 1500,
        discount: 0,
        tax: 300,
        total: 1800,
        refunded: 0,
        coupon: 'SPRING',
        lines: [lineOne, lineTwo],
      },
      ...{ billing: { country: 'DE', vatId: 'DE1' }, createdAt: happenedAt(0), revision: '0' },
      payment: { state: 'requested', method: 'pm_card_visa', clientAction: null },
    });
    expect(JSON.stringify(order)).not.toContain('Cleo');
  });

  it('asks its buyer for the client step, and forgets it once paid', async () => {
    const asked = await orderAfter(orderPlaced(), paymentRequested, actionRequired);
    expect(asked).toMatchObject({
      state: 'awaitingConfirmation',
      payment: { state: 'requiresAction', clientAction: sample.clientAction },
    });
    const paid = await orderAfter(orderPlaced(), paymentRequested, actionRequired, confirmationReported, orderPaid());
    expect(paid).toMatchObject({ state: 'paid', payment: { state: 'captured', clientAction: null } });
  });

  it('tells its story, each step with time and reason', async () => {
    const order = await orderAfter(...untilSettled, refundRequested(), orderRefunded());
    expect(order?.timeline.map(({ at, step, reason }) => [at, step, reason])).toEqual([
      [happenedAt(0), 'placed', null],
      [happenedAt(1), 'paymentRequested', null],
      [happenedAt(2), 'paid', null],
      [happenedAt(3), 'fulfilled', null],
      [happenedAt(4), 'settled', null],
      [happenedAt(5), 'refundRequested', 'requested_by_customer'],
      [happenedAt(6), 'refunded', 'requested_by_customer'],
    ]);
  });

  it('declined or given up is cancelled with the reason', async () => {
    const declined = await orderAfter(orderPlaced(), paymentRequested, orderCancelled('declined'));
    expect(declined).toMatchObject({ state: 'cancelled', reason: 'declined', payment: { state: 'declined' } });
    const late = await orderAfter(orderPlaced(), paymentRequested, orderCancelled('payment_timeout'));
    expect(late).toMatchObject({ state: 'cancelled', reason: 'payment_timeout', payment: { state: 'abandoned' } });
  });

  it('captured after its cancellation stays cancelled, its payment refunded', async () => {
    const order = await orderAfter(
      orderPlaced(),
      paymentRequested,
      orderCancelled(),
      orderPaid(),
      refundRequested(),
      orderRefunded(),
    );
    expect(order).toMatchObject({ state: 'cancelled', payment: { state: 'refunded' }, refunded: 1800 });
  });

  it('is refunded partly, then wholly', async () => {
    const part = [wholeOf(lineOne)];
    const rest = [wholeOf(lineTwo)];
    const second = { id: sample.sampleId(5) };
    const partly = await orderAfter(...untilSettled, refundRequested(part), orderRefunded(part));
    expect(partly).toMatchObject({
      state: 'partiallyRefunded',
      refunded: 1200,
      reason: null,
      payment: { state: 'captured' },
    });
    const wholly = await orderAfter(
      ...[...untilSettled, refundRequested(part), orderRefunded(part)],
      ...[refundRequested(rest, second), orderRefunded(rest, second.id)],
    );
    expect(wholly).toMatchObject({
      state: 'refunded',
      refunded: 1800,
      reason: 'requested_by_customer',
      payment: { state: 'refunded' },
    });
    const failed = await orderAfter(...untilSettled, refundRequested(), refundFailed());
    expect(failed).toMatchObject({
      state: 'fulfilled',
      refunded: 0,
      refunds: [{ state: 'failed', failure: 'expired_card' }],
    });
  });

  it('is disputed beside its state, and refunded when the dispute is lost', async () => {
    const opened = await orderAfter(...untilSettled, sample.disputeOpened());
    expect(opened).toMatchObject({
      state: 'fulfilled',
      disputed: true,
      dispute: { id: 'dp_1', state: 'open', amount: 1800 },
    });
    const won = await orderAfter(...untilSettled, sample.disputeOpened(), sample.disputeWon());
    expect(won).toMatchObject({ state: 'fulfilled', disputed: false, dispute: { state: 'won' } });
    const lost = await orderAfter(...untilSettled, sample.disputeOpened(), sample.disputeLost());
    expect(lost).toMatchObject({ state: 'refunded', disputed: false, reason: 'dispute_lost', refunded: 1800 });
  });

  it('needs no payment when it costs nothing', async () => {
    const free = sample.sampleLine(1, 0, 0);
    expect(await orderAfter(orderPlaced([free]))).toMatchObject({ payment: null });
    expect(await orderAfter(orderPlaced([free]), orderPaid(0, 'none'))).toMatchObject({
      payment: { state: 'captured', method: 'none' },
    });
  });
});

const [free, freeToo] = [sample.sampleLine(1, 0, 0), sample.sampleLine(2, 0, 0)];
const stories: readonly (readonly [name: string, events: readonly OrderEvent[]])[] = [
  ['a sale that is refunded', [...untilSettled, refundRequested(), orderRefunded()]],
  [
    'a client step',
    [orderPlaced(), paymentRequested, actionRequired, confirmationReported, orderPaid(), orderFulfilled()],
  ],
  [
    'a late capture',
    [orderPlaced(), paymentRequested, orderCancelled(), orderPaid(), refundRequested(), orderRefunded()],
  ],
  ['a lost dispute', [...untilSettled, sample.disputeOpened(), sample.disputeLost()]],
  [
    'a partial refund before the delivery',
    [...sample.untilPaid, refundRequested([wholeOf(lineOne)]), orderRefunded([wholeOf(lineOne)]), orderFulfilled()],
  ],
  [
    'a free line given back',
    [
      orderPlaced([free, freeToo]),
      orderPaid(0, 'none'),
      orderFulfilled(),
      refundRequested([wholeOf(free)]),
      orderRefunded([wholeOf(free)]),
    ],
  ],
  [
    'a dispute lost after the cancellation',
    [orderPlaced(), paymentRequested, orderCancelled(), orderPaid(), sample.disputeOpened(), sample.disputeLost()],
  ],
  [
    'two disputes',
    [
      ...untilSettled,
      sample.disputeOpened('dp_1'),
      sample.disputeOpened('dp_2'),
      sample.disputeWon('dp_1'),
      sample.disputeWon('dp_2'),
    ],
  ],
  ['a partial refund', [...untilSettled, refundRequested([wholeOf(lineOne)]), orderRefunded([wholeOf(lineOne)])]],
];

it.each(stories)('reads as its own rules see it, at every step of %s', async (_name, events) => {
  for (const [n] of events.entries()) {
    const order = fold(orderDecider, events.slice(0, n + 1));
    const shown = await orderAfter(...events.slice(0, n + 1));
    expect([shown?.state, shown?.disputed]).toEqual([order.status, isDisputed(order)]);
  }
});

it('an order shows what its buyer asked for and how it was answered, without the buyer’s words', async () => {
  const requestId = sample.sampleId(80);
  const { orderId, customerId, refundId } = sample;
  const asked: OrderEvent = {
    type: 'OrderRefundRequestedByBuyer',
    data: { orderId, requestId, customerId, reason: 'It does not work.' },
  };
  const refused: OrderEvent = {
    type: 'OrderRefundRequestRefused',
    data: { orderId, requestId, reason: 'used', refusedBy: sample.sampleId(51), lineIds: [lineOne.lineId] },
  };
  const answered: OrderEvent = { type: 'OrderRefundRequestAnswered', data: { orderId, requestId, refundId } };
  const open = ({ lineId }: { lineId: string }) => ({ ...{ lineId, state: 'open' }, answeredAt: null });
  const waiting = await orderAfter(...untilSettled, asked);
  expect(waiting).toMatchObject({
    refundRequests: [{ id: requestId, requestedAt: happenedAt(5), lines: [open(lineOne), open(lineTwo)] }],
    revision: '5',
  });
  expect(waiting?.timeline.at(-1)).toEqual({
    at: happenedAt(5),
    step: 'refundRequestedByBuyer',
    reason: null,
    lineIds: [lineOne.lineId, lineTwo.lineId],
  });
  expect(JSON.stringify(waiting)).not.toContain('does not work');
  const no = await orderAfter(...untilSettled, asked, refused);
  expect(no).toMatchObject({
    refundRequests: [
      {
        lines: [
          { lineId: lineOne.lineId, state: 'refused', refusal: 'used', answeredAt: happenedAt(6), refundId: null },
          open(lineTwo),
        ],
      },
    ],
  });
  expect(no?.timeline.at(-1)).toEqual({
    at: happenedAt(6),
    step: 'refundRequestRefused',
    reason: 'used',
    lineIds: [lineOne.lineId],
  });
  expect(await orderAfter(...untilSettled, asked, refundRequested(), answered)).toMatchObject({
    refundRequests: [{ lines: [lineOne, lineTwo].map(() => ({ state: 'refunded', refundId, refusal: null })) }],
    revision: '7',
  });
});
