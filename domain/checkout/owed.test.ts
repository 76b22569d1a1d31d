import { describe, expect, it } from 'vitest';
import { fold } from '../decider.ts';
import { orderDecider } from '../order/decider.ts';
import type { OrderEvent } from '../order/events.ts';
import {
  actionRequired,
  clientAction,
  confirmationReported,
  customerId,
  disputeLost,
  disputeOpened,
  disputeSettled,
  disputeWon,
  dueBy,
  holdsSettled,
  lineOne,
  lineTwo,
  orderCancelled,
  orderFulfilled,
  orderId,
  orderPaid,
  orderPlaced,
  orderRefunded,
  orderSettled,
  paymentId,
  paymentRequested,
  refundFailed,
  refundId,
  refundRequested,
  sampleId,
  sampleLicenses,
  sampleLine,
  untilPaid,
  untilSettled,
  wholeOf,
} from '../order/samples.ts';
import { paymentDecider } from '../payment/decider.ts';
import type { PaymentEvent } from '../payment/events.ts';
import { nextDeadline, owed } from './owed.ts';
import type { Step } from './steps.ts';

const inTime = '2026-01-01T00:14:59.999Z';
const money = { amount: 1800, currency: 'EUR' };
const payment = { paymentId, orderId, ...money, method: 'pm_card_visa' };
const asked: PaymentEvent = { type: 'PaymentRequested', data: payment };
const needsAction: PaymentEvent = {
  type: 'PaymentActionRequired',
  data: { paymentId, providerRef: 'ch_1', clientAction },
};
const captured: PaymentEvent = { type: 'PaymentCaptured', data: { paymentId, providerRef: 'ch_1', ...money } };
const declined: PaymentEvent = { type: 'PaymentDeclined', data: { paymentId, reason: 'insufficient_funds' } };
const abandoned: PaymentEvent = { type: 'PaymentAbandoned', data: { paymentId } };
const refundAsked: PaymentEvent = { type: 'PaymentRefundRequested', data: { paymentId, refundId, amount: 1800 } };
const refundSucceeded: PaymentEvent = {
  type: 'PaymentRefunded',
  data: { paymentId, refundId, amount: 1800, providerRef: 're_1' },
};
const refundRefused: PaymentEvent = {
  type: 'PaymentRefundFailed',
  data: { paymentId, refundId, reason: 'closed_account' },
};
const chargebackOpened: PaymentEvent = {
  type: 'PaymentDisputeOpened',
  data: { paymentId, disputeId: 'dp_1', ...money, reason: 'fraudulent' },
};
const chargebackLost: PaymentEvent = { type: 'PaymentDisputeLost', data: { paymentId, disputeId: 'dp_1' } };

const given = (...order: readonly OrderEvent[]) => {
  const owes = (payments: readonly PaymentEvent[], now: string) => ({
    owes: (...steps: readonly Step[]) =>
      expect(owed(fold(orderDecider, order), fold(paymentDecider, payments), now)).toEqual(steps),
  });
  return {
    and: (...payments: readonly PaymentEvent[]) => ({
      at: (now: string) => owes(payments, now),
      ...owes(payments, inTime),
    }),
    ...owes([], inTime),
  };
};

const atBank = [asked, captured];
const awaiting = [orderPlaced(), paymentRequested];
const paidLate = [...awaiting, orderCancelled('payment_timeout'), orderPaid()];
const vendorOne = { vendorId: lineOne.vendorId, lines: [{ lineId: lineOne.lineId, net: 1000, commission: 100 }] };
const vendorTwo = { vendorId: lineTwo.vendorId, lines: [{ lineId: lineTwo.lineId, net: 500, commission: 50 }] };

describe('until the money is in', () => {
  it('an order that never came owes nothing', () => {
    given().owes();
    given({ type: 'CheckoutExpired', data: { orderId } }).owes();
  });
  it('the payment is requested', () => given(orderPlaced()).owes({ type: 'requestPayment' }));
  it('a free order needs none', () =>
    given(orderPlaced([sampleLine(1, 0)])).owes({
      type: 'payFree',
      command: { type: 'RecordPaid', amount: 0, method: 'none' },
    }));
  it('the provider is asked as long as its answer is not known', () => {
    given(...awaiting).owes({ type: 'chargeProvider', payment });
    given(...awaiting)
      .and(asked)
      .owes({ type: 'chargeProvider', payment });
  });
  it('the buyer is told of the client step, once', () => {
    given(...awaiting)
      .and(asked, needsAction)
      .owes({ type: 'reflectPayment', command: { type: 'RequirePaymentAction', clientAction } });
    given(...awaiting, actionRequired)
      .and(asked, needsAction)
      .owes();
  });
  it('the provider is asked once the buyer says that the step is done', () =>
    given(...awaiting, actionRequired, confirmationReported)
      .and(asked, needsAction)
      .owes({ type: 'confirmWithProvider', paymentId }));
  it.each<[string, readonly PaymentEvent[]]>([
    ['never asked', []],
    ['not answered', [asked]],
  ])(
    'a payment without an answer is asked for until ten minutes after its deadline, then given up: %s',
    (_what, payments) => {
      const end = Date.parse(dueBy) + 600_000;
      given(...awaiting)
        .and(...payments)
        .at(new Date(end - 1).toISOString())
        .owes({ type: 'chargeProvider', payment });
      given(...awaiting)
        .and(...payments)
        .at(new Date(end).toISOString())
        .owes({ type: 'abandonPayment', payment });
    },
  );
  it.each<[string, readonly OrderEvent[], readonly PaymentEvent[]]>([
    ['not confirmed', [...awaiting, actionRequired], [asked, needsAction]],
    ['confirmed, not answered', [...awaiting, actionRequired, confirmationReported], [asked, needsAction]],
  ])('a payment that waits for the buyer is given up at its deadline: %s', (_what, order, payments) =>
    given(...order)
      .and(...payments)
      .at(dueBy)
      .owes({ type: 'abandonPayment', payment }),
  );
  it('a capture is believed also after the deadline', () =>
    given(...awaiting)
      .and(...atBank)
      .at(dueBy)
      .owes({ type: 'reflectPayment', command: { type: 'RecordPaid', amount: 1800, method: 'pm_card_visa' } }));
  it('a payment that ended without money cancels the order', () => {
    given(...awaiting)
      .and(asked, declined)
      .owes({
        type: 'reflectPayment',
        command: { type: 'CancelOrder', reason: 'declined', detail: 'insufficient_funds' },
      });
    given(...awaiting)
      .and(asked, abandoned)
      .owes({ type: 'reflectPayment', command: { type: 'CancelOrder', reason: 'payment_timeout' } });
  });
  it('has a deadline only while the payment is awaited', () => {
    const deadline = (...order: readonly OrderEvent[]) => nextDeadline(fold(orderDecider, order));
    expect(deadline(...awaiting)).toBe(dueBy);
    expect(deadline(...awaiting, actionRequired)).toBe(dueBy);
    expect(deadline()).toBeUndefined();
    expect(deadline(orderPlaced())).toBeUndefined();
    expect(deadline(...untilPaid)).toBeUndefined();
    expect(deadline(...awaiting, orderCancelled())).toBeUndefined();
  });
});

describe('a cancelled order', () => {
  it('owes nothing when no payment was requested', () => given(orderPlaced(), orderCancelled()).owes());
  it.each<[string, readonly PaymentEvent[]]>([
    ['none', []],
    ['requested', [asked]],
    ['requiresAction', [asked, needsAction]],
  ])('gives a payment up that is %s', (_status, payments) =>
    given(...awaiting, orderCancelled())
      .and(...payments)
      .owes({ type: 'abandonPayment', payment }),
  );
  it.each([declined, abandoned])('is done after $type', (end) =>
    given(...awaiting, orderCancelled())
      .and(asked, end)
      .owes(),
  );
  it('releases what it held, without waiting for the provider', () => {
    const placed = orderPlaced(undefined, { couponCode: 'TEN', stockHolds: [lineOne.productId] });
    const cancelled = [placed, paymentRequested, orderCancelled()];
    const release: Step = { type: 'releaseHolds', couponCode: 'TEN', stockHolds: [lineOne.productId] };
    given(...cancelled)
      .and(asked)
      .owes(release, { type: 'abandonPayment', payment });
    given(...cancelled, holdsSettled('released'))
      .and(asked, abandoned)
      .owes();
  });
  it('takes money that came too late, and gives it back', () => {
    given(...awaiting, orderCancelled('payment_timeout'))
      .and(asked, abandoned, captured)
      .owes({ type: 'reflectPayment', command: { type: 'RecordPaid', amount: 1800, method: 'pm_card_visa' } });
    given(...paidLate)
      .and(...atBank)
      .owes({ type: 'requestCompensation', attempt: 1 });
  });
});

describe('a paid order', () => {
  it('has its licences issued', () =>
    given(...untilPaid)
      .and(...atBank)
      .owes({ type: 'issueLicenses', customerId, lines: [lineOne, lineTwo] }));
  it('then confirms its holds and credits each vendor', () => {
    const placed = orderPlaced(undefined, { couponCode: 'TEN' });
    const fulfilled = [placed, paymentRequested, orderPaid(), orderFulfilled()];
    const credit: Step = { type: 'settleVendors', currency: 'EUR', vendors: [vendorOne, vendorTwo] };
    given(...fulfilled)
      .and(...atBank)
      .owes({ type: 'confirmHolds', couponCode: 'TEN', stockHolds: [] }, credit);
    given(...fulfilled, holdsSettled('confirmed'))
      .and(...atBank)
      .owes(credit);
    given(...fulfilled, holdsSettled('confirmed'), orderSettled)
      .and(...atBank)
      .owes();
  });
  it('credits a vendor with several lines once', () => {
    const second = { ...lineTwo, vendorId: lineOne.vendorId };
    const history = [orderPlaced([lineOne, second]), paymentRequested, orderPaid(), orderFulfilled()];
    const lines = [...vendorOne.lines, ...vendorTwo.lines];
    given(...history)
      .and(...atBank)
      .owes({ type: 'settleVendors', currency: 'EUR', vendors: [{ vendorId: lineOne.vendorId, lines }] });
  });
  it('waits with the licences for a refund of everything, and goes on when that failed', () => {
    given(...untilPaid, refundRequested())
      .and(...atBank)
      .owes({ type: 'refundProvider', paymentId, refundId, ...money });
    given(...untilPaid, refundRequested(), refundFailed())
      .and(...atBank)
      .owes({ type: 'issueLicenses', customerId, lines: [lineOne, lineTwo] });
  });
  it('that can not be delivered is given back, its holds released', () => {
    const placed = orderPlaced(undefined, { couponCode: 'TEN' });
    given(placed, paymentRequested, orderPaid(), refundRequested(undefined, { compensation: true }))
      .and(...atBank)
      .owes(
        { type: 'releaseHolds', couponCode: 'TEN', stockHolds: [] },
        { type: 'refundProvider', paymentId, refundId, ...money },
      );
  });
});

describe('a refund', () => {
  const order = [...untilSettled, refundRequested()];
  const settle = (vendors: Extract<Step, { type: 'settleRefund' }>['vendors']): Step => ({
    type: 'settleRefund',
    refundId,
    currency: 'EUR',
    licensesToRevoke: sampleLicenses,
    vendors,
  });

  it('is asked of the provider until it answers', () => {
    const ask: Step = { type: 'refundProvider', paymentId, refundId, ...money };
    given(...order)
      .and(...atBank)
      .owes(ask);
    given(...order)
      .and(...atBank, refundAsked)
      .owes(ask);
  });
  it('takes over the answer', () => {
    given(...order)
      .and(...atBank, refundAsked, refundSucceeded)
      .owes({ type: 'reflectRefund', command: { type: 'RecordRefunded', refundId } });
    given(...order)
      .and(...atBank, refundAsked, refundRefused)
      .owes({
        type: 'reflectRefund',
        command: { type: 'RecordRefundFailed', refundId, reason: 'closed_account' },
      });
  });
  it('of nothing needs no provider', () => {
    const free = sampleLine(1, 0);
    given(
      orderPlaced([free]),
      orderPaid(0, 'none'),
      orderFulfilled([]),
      orderSettled,
      refundRequested([wholeOf(free)]),
    ).owes({ type: 'reflectRefund', command: { type: 'RecordRefunded', refundId } });
  });
  it('then revokes the licences and debits the vendors', () =>
    given(...order, orderRefunded())
      .and(...atBank, refundAsked, refundSucceeded)
      .owes(settle([vendorOne, vendorTwo])));
  it('revokes only what is wholly given back, and debits only whom it touches', () => {
    const half = { lineId: lineOne.lineId, amount: 600, net: 500, commission: 50 };
    given(...untilSettled, refundRequested([half]), orderRefunded([half]))
      .and(...atBank)
      .owes({
        type: 'settleRefund',
        refundId,
        currency: 'EUR',
        licensesToRevoke: [],
        vendors: [{ vendorId: lineOne.vendorId, lines: [{ lineId: lineOne.lineId, net: 500, commission: 50 }] }],
      });
  });
  it('is settled after the sale, never before', () =>
    given(...untilPaid, orderFulfilled(), refundRequested(), orderRefunded())
      .and(...atBank)
      .owes({ type: 'settleVendors', currency: 'EUR', vendors: [vendorOne, vendorTwo] }));
  it('of what was never delivered revokes by line, and debits nobody', () =>
    given(...untilPaid, refundRequested(undefined, { compensation: true }), orderRefunded())
      .and(...atBank)
      .owes({
        type: 'settleRefund',
        refundId,
        currency: 'EUR',
        licensesToRevoke: [{ lineId: lineOne.lineId }, { lineId: lineTwo.lineId }],
        vendors: [],
      }));
  it('is not begun while a dispute holds the money, and given up when it is lost', () => {
    given(...order, disputeOpened(), disputeSettled('opened'))
      .and(...atBank, chargebackOpened)
      .owes();
    given(...order, disputeOpened(), disputeSettled('opened'), disputeLost(), disputeSettled('lost'))
      .and(...atBank, chargebackOpened, chargebackLost)
      .owes({ type: 'reflectRefund', command: { type: 'RecordRefundFailed', refundId, reason: 'dispute_lost' } });
  });
  it('that has begun goes on during a dispute', () =>
    given(...order, disputeOpened(), disputeSettled('opened'))
      .and(...atBank, refundAsked, chargebackOpened)
      .owes({ type: 'refundProvider', paymentId, refundId, ...money }));
});

describe('a compensation that fails', () => {
  const attempt = (n: number) => [
    refundRequested(undefined, { id: sampleId(100 + n), compensation: true }),
    refundFailed(sampleId(100 + n)),
  ];
  it.each([
    ['paid', untilPaid],
    ['cancelled', paidLate],
  ])('is tried again for a %s order, then left to an operator', (_status, history) => {
    given(...history, ...attempt(1))
      .and(...atBank)
      .owes({ type: 'requestCompensation', attempt: 2 });
    given(...history, ...attempt(1), ...attempt(2))
      .and(...atBank)
      .owes({ type: 'requestCompensation', attempt: 3 });
    given(...history, ...attempt(1), ...attempt(2), ...attempt(3))
      .and(...atBank)
      .owes({ type: 'awaitOperator', refundId: sampleId(103) });
  });
  it('asks for no operator while a dispute is open or not reflected yet, for it may take the same money; after it, if that is left', () => {
    const history = [...paidLate, ...attempt(1), ...attempt(2), ...attempt(3)];
    const open = { type: 'OpenDispute', disputeId: 'dp_1', amount: 1800, reason: 'fraudulent' } as const;
    given(...history)
      .and(...atBank, chargebackOpened)
      .owes({ type: 'reflectDispute', command: open });
    const disputed = [...history, disputeOpened(), disputeSettled('opened')];
    given(...disputed)
      .and(...atBank, chargebackOpened)
      .owes();
    given(...disputed)
      .and(...atBank, chargebackOpened, chargebackLost)
      .owes({ type: 'reflectDispute', command: { type: 'LoseDispute', disputeId: 'dp_1' } });
    given(...disputed, disputeLost(), disputeSettled('lost'))
      .and(...atBank, chargebackOpened, chargebackLost)
      .owes();
    given(...disputed, disputeWon(), disputeSettled('won'))
      .and(...atBank, chargebackOpened)
      .owes({ type: 'awaitOperator', refundId: sampleId(103) });
  });
  it('is over once the operator recorded that the money went back', () => {
    const history = [...paidLate, ...attempt(1), ...attempt(2), ...attempt(3), orderRefunded(undefined, sampleId(103))];
    const done: OrderEvent = { type: 'OrderRefundSettled', data: { orderId, refundId: sampleId(103) } };
    given(...history, done)
      .and(...atBank)
      .owes();
  });
});

describe('a dispute', () => {
  const settle = (
    stage: 'opened' | 'won' | 'lost',
    more: Partial<Extract<Step, { type: 'settleDispute' }>> = {},
  ): Step => ({
    type: 'settleDispute',
    disputeId: 'dp_1',
    stage,
    currency: 'EUR',
    licenses: sampleLicenses,
    vendorIds: [lineOne.vendorId, lineTwo.vendorId],
    ...more,
  });
  it('is taken over from the payment, step by step', () => {
    const open = { type: 'OpenDispute', disputeId: 'dp_1', amount: 1800, reason: 'fraudulent' } as const;
    given(...untilSettled)
      .and(...atBank, chargebackOpened, chargebackLost)
      .owes({ type: 'reflectDispute', command: open });
    given(...untilSettled, disputeOpened(), disputeSettled('opened'))
      .and(...atBank, chargebackOpened, chargebackLost)
      .owes({ type: 'reflectDispute', command: { type: 'LoseDispute', disputeId: 'dp_1' } });
  });
  it('waits for the order to know of its money', () =>
    given(...awaiting)
      .and(asked, chargebackOpened)
      .owes({ type: 'chargeProvider', payment }));
  it('is followed by licences and vendors, stage by stage', () => {
    given(...untilSettled, disputeOpened())
      .and(...atBank)
      .owes(settle('opened'));
    given(...untilSettled, disputeOpened(), disputeWon())
      .and(...atBank)
      .owes(settle('opened'));
    given(...untilSettled, disputeOpened(), disputeWon(), disputeSettled('opened'))
      .and(...atBank)
      .owes(settle('won'));
    given(...untilSettled, disputeOpened(), disputeSettled('opened'), disputeLost())
      .and(...atBank)
      .owes(settle('lost'));
    given(...untilSettled, disputeOpened(), disputeSettled('opened'), disputeLost(), disputeSettled('lost'))
      .and(...atBank)
      .owes();
  });
  it('waits until the order is delivered and the vendors are credited', () =>
    given(...untilPaid, orderFulfilled(), disputeOpened())
      .and(...atBank)
      .owes({ type: 'settleVendors', currency: 'EUR', vendors: [vendorOne, vendorTwo] }));
  it('over an order that was asked back before it was delivered waits for the bank; what is left then goes back, and nothing is delivered', () => {
    const held = [...awaiting, orderPaid(), refundRequested(), disputeOpened()];
    given(...held)
      .and(...atBank, chargebackOpened)
      .owes();
    given(...held, disputeWon())
      .and(...atBank, chargebackOpened)
      .owes({ type: 'refundProvider', paymentId, refundId, amount: 1800, currency: 'EUR' });
    given(...held, disputeLost())
      .and(...atBank, chargebackOpened, chargebackLost)
      .owes(
        { type: 'reflectRefund', command: { type: 'RecordRefundFailed', refundId, reason: 'dispute_lost' } },
        settle('opened', { licenses: [{ lineId: lineOne.lineId }, { lineId: lineTwo.lineId }], vendorIds: [] }),
      );
  });
  it('that is won gives back no licence that another dispute keeps', () =>
    given(...untilSettled, disputeOpened(), disputeSettled('opened'), disputeWon(), disputeOpened('dp_2'))
      .and(...atBank)
      .owes(settle('won', { licenses: [] }), settle('opened', { disputeId: 'dp_2' })));
  it('leaves alone what is wholly given back', () =>
    given(...untilSettled, refundRequested([wholeOf(lineOne)]), orderRefunded([wholeOf(lineOne)]), disputeOpened(), {
      type: 'OrderRefundSettled',
      data: { orderId, refundId },
    })
      .and(...atBank)
      .owes(settle('opened', { licenses: sampleLicenses.slice(1) })));
  it('over money that came too late is followed by nobody, and the money not offered twice', () =>
    given(...paidLate, disputeOpened(), disputeSettled('opened'), disputeLost())
      .and(...atBank)
      .owes(settle('lost', { licenses: [{ lineId: lineOne.lineId }, { lineId: lineTwo.lineId }], vendorIds: [] })));
});
