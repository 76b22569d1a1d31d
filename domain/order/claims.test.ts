import { describe, expect, it } from 'vitest';
import { owed } from '../checkout/owed.ts';
import { given } from '../given.ts';
import { orderDecider } from './decider.ts';
import type { OrderEvent } from './events.ts';
import {
  customerId,
  disputeLost,
  disputeOpened,
  disputeSettled,
  disputeWon,
  lineOne,
  orderCancelled,
  orderId,
  orderPaid,
  orderPlaced,
  orderRefunded,
  paymentRequested,
  refundId,
  refundRequested,
  sampleId,
  untilPaid,
  untilSettled,
  wholeOf,
} from './samples.ts';

const order = (...history: readonly OrderEvent[]) => given(orderDecider, ...history);
const requestId = sampleId(80);
const evidenceId = sampleId(81);
const vendorOwner = sampleId(51);
const reason = 'It does not work.';

const ask = { type: 'AskForRefund', requestId, reason } as const;
const asked: OrderEvent = { type: 'OrderRefundRequestedByBuyer', data: { orderId, requestId, customerId, reason } };
const refuse = { type: 'RefuseRefundRequest', requestId, reason: 'used', refusedBy: vendorOwner } as const;
const refused: OrderEvent = {
  type: 'OrderRefundRequestRefused',
  data: { orderId, requestId, reason: 'used', refusedBy: vendorOwner },
};
const answered: OrderEvent = { type: 'OrderRefundRequestAnswered', data: { orderId, requestId, refundId } };
const refund = {
  type: 'RequestRefund',
  refundId,
  request: {},
  reason: 'requested_by_customer',
  requestedBy: customerId,
  compensation: false,
} as const;

describe('asking for the money back', () => {
  it('is a request of the buyer', () =>
    order(...untilSettled)
      .when(ask)
      .then(asked));
  it('is possible before the delivery and after a part came back', () => {
    order(...untilPaid)
      .when(ask)
      .then(asked);
    order(...untilSettled, refundRequested([wholeOf(lineOne)]), orderRefunded([wholeOf(lineOne)]))
      .when(ask)
      .then(asked);
  });
  it('under the same id is one request; another one waits for the answer', () => {
    order(...untilSettled, asked)
      .when(ask)
      .thenNothing();
    order(...untilSettled, asked)
      .when({ ...ask, requestId: sampleId(82) })
      .thenRefused('REFUND_REQUEST_STATE');
    order(...untilSettled, asked, refused)
      .when({ ...ask, requestId: sampleId(82) })
      .then({ type: 'OrderRefundRequestedByBuyer', data: { orderId, requestId: sampleId(82), customerId, reason } });
  });
  it('needs a paid order that stands and has something left, without an open dispute', () => {
    order().when(ask).thenRefused('NOT_FOUND');
    order(orderPlaced(), paymentRequested).when(ask).thenRefused('ORDER_STATE');
    order(orderPlaced(), paymentRequested, orderCancelled(), orderPaid()).when(ask).thenRefused('ORDER_STATE');
    order(...untilSettled, disputeOpened())
      .when(ask)
      .thenRefused('ORDER_DISPUTED');
    order(...untilSettled, disputeOpened(), disputeLost())
      .when(ask)
      .thenRefused('REFUND_EXCEEDS');
    order(...untilSettled, refundRequested())
      .when(ask)
      .thenRefused('REFUND_EXCEEDS');
  });
});

describe('the answer', () => {
  it('is a refund, recorded with it', () =>
    order(...untilSettled, asked)
      .when(refund)
      .then(refundRequested(), answered));
  it('is not the compensation of what can’t be delivered', () =>
    order(...untilPaid, asked)
      .when({ ...refund, requestedBy: 'system', compensation: true })
      .then(refundRequested(undefined, { compensation: true })));
  it('is a refusal, once', () => {
    order(...untilSettled, asked)
      .when(refuse)
      .then(refused);
    order(...untilSettled, asked, refused)
      .when(refuse)
      .thenNothing();
    order(...untilSettled)
      .when(refuse)
      .thenRefused('NOT_FOUND');
  });
  it('of a refund is not taken back by a refusal, and a refusal not by a refund', () => {
    order(...untilSettled, asked, refundRequested(), answered)
      .when(refuse)
      .thenRefused('REFUND_REQUEST_STATE');
    order(...untilSettled, asked, refused)
      .when(refund)
      .then(refundRequested());
    expect(order(...untilSettled, asked, refused, answered).state()).toMatchObject({
      refundRequests: [{ requestId, state: 'refused' }],
    });
  });
});

const text = 'It was downloaded twice.';
const submit = { type: 'SubmitEvidence', evidenceId, submittedBy: vendorOwner, text } as const;
const submitted = (disputeId = 'dp_1', id = evidenceId): OrderEvent => ({
  type: 'OrderDisputeEvidenceSubmitted',
  data: { orderId, disputeId, evidenceId: id, submittedBy: vendorOwner, text },
});
const sent: OrderEvent = { type: 'OrderDisputeEvidenceSent', data: { orderId, disputeId: 'dp_1', evidenceId } };
const recordSent = { type: 'RecordEvidenceSent', disputeId: 'dp_1', evidenceId } as const;
const recordRefused = { type: 'RecordEvidenceRefused', disputeId: 'dp_1', evidenceId, reason: 'unknown' } as const;
const disputed = [...untilSettled, disputeOpened()];

describe('evidence', () => {
  it('is about the dispute that is open, of several the one opened last', () => {
    order(...disputed)
      .when(submit)
      .then(submitted());
    order(...disputed, disputeOpened('dp_2'))
      .when(submit)
      .then(submitted('dp_2'));
    order(...disputed, disputeOpened('dp_2'), disputeWon('dp_2'))
      .when(submit)
      .then(submitted());
  });
  it('needs an open dispute', () => {
    for (const history of [untilSettled, [...disputed, disputeWon()], [...disputed, disputeLost()]])
      order(...history)
        .when(submit)
        .thenRefused('ORDER_STATE');
    order().when(submit).thenRefused('NOT_FOUND');
  });
  it('under the same id is one piece, and 20 are enough', () => {
    order(...disputed, submitted())
      .when(submit)
      .thenNothing();
    const twenty = Array.from({ length: 20 }, (_, n) => submitted('dp_1', sampleId(100 + n)));
    order(...disputed, ...twenty)
      .when(submit)
      .thenRefused('ORDER_STATE');
  });
  it('is recorded as sent, or as refused by the provider, once', () => {
    order(...disputed, submitted())
      .when(recordSent)
      .then(sent);
    order(...disputed, submitted(), sent)
      .when(recordSent)
      .thenNothing();
    order(...disputed, submitted())
      .when(recordRefused)
      .then({
        type: 'OrderDisputeEvidenceRefused',
        data: { orderId, disputeId: 'dp_1', evidenceId, reason: 'unknown' },
      });
    order(...disputed, submitted(), sent)
      .when(recordRefused)
      .thenNothing();
    order(...disputed)
      .when(recordSent)
      .thenRefused('NOT_FOUND');
  });
  it('is owed to the provider until it is sent or the dispute is decided', () => {
    const settled = [...disputed, disputeSettled('opened')];
    const owes = (...history: readonly OrderEvent[]) =>
      owed(order(...history).state(), { status: 'none' }, '2026-01-01T01:00:00.000Z');
    expect(owes(...settled, submitted())).toEqual([{ type: 'submitEvidence', disputeId: 'dp_1', evidenceId }]);
    expect(owes(...settled, submitted(), sent)).toEqual([]);
    expect(owes(...settled, submitted(), disputeWon(), disputeSettled('won'))).toEqual([]);
  });
  it('and reasons are no part of the state: that is kept in read models', () =>
    expect(JSON.stringify(order(...disputed, asked, submitted()).state())).not.toMatch(/downloaded|does not work/));
});
