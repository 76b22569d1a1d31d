import { describe, expect, it } from 'vitest';
import { owed } from '../checkout/owed.ts';
import { given } from '../given.ts';
import { stateOfRequest } from './buyers-request.ts';
import { orderDecider } from './decider.ts';
import type { OrderEvent } from './events.ts';
import {
  customerId,
  disputeLost,
  disputeOpened,
  disputeSettled,
  disputeWon,
  lineOne,
  lineTwo,
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
import { isPlaced } from './state.ts';

const order = (...history: readonly OrderEvent[]) => given(orderDecider, ...history);
const requestId = sampleId(80);
const evidenceId = sampleId(81);
const vendorOwner = sampleId(51);
const reason = 'It does not work.';

const ask = { type: 'AskForRefund', requestId, reason } as const;
const both = [lineOne.lineId, lineTwo.lineId];
const askedFor = (lineIds: readonly string[], id = requestId): OrderEvent => ({
  type: 'OrderRefundRequestedByBuyer',
  data: { orderId, requestId: id, customerId, reason, lineIds: [...lineIds] },
});
const asked = askedFor(both);
const refuse = { type: 'RefuseRefundRequest', requestId, reason: 'used', refusedBy: vendorOwner } as const;
const refused: OrderEvent = {
  type: 'OrderRefundRequestRefused',
  data: { orderId, requestId, reason: 'used', refusedBy: vendorOwner, lineIds: both },
};
const answered: OrderEvent = {
  type: 'OrderRefundRequestAnswered',
  data: { orderId, requestId, refundId, lineIds: both },
};
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
      .then(askedFor([lineTwo.lineId]));
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
      .then(askedFor(both, sampleId(82)));
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
      refundRequests: [{ requestId, lines: both.map((lineId) => ({ lineId, state: 'refused' })) }],
    });
  });
});

describe('a request about lines of two vendors', () => {
  const ofOne = { ...refuse, lineIds: [lineOne.lineId] };
  const oneRefused: OrderEvent = {
    type: 'OrderRefundRequestRefused',
    data: { orderId, requestId, reason: 'used', refusedBy: vendorOwner, lineIds: [lineOne.lineId] },
  };
  const stateAfter = (...history: readonly OrderEvent[]) => {
    const state = order(...untilSettled, ...history).state();
    const [request] = isPlaced(state) ? state.refundRequests : [];
    return [request?.lines.map((line) => line.state), stateOfRequest(request?.lines ?? [])];
  };

  it('is refused by each for its own: the other’s stays open', () => {
    order(...untilSettled, asked)
      .when(ofOne)
      .then(oneRefused);
    expect(stateAfter(asked, oneRefused)).toEqual([['refused', 'open'], 'open']);
    order(...untilSettled, asked, oneRefused)
      .when(ofOne)
      .thenNothing();
    order(...untilSettled, askedFor([lineTwo.lineId]))
      .when(ofOne)
      .thenRefused('NOT_FOUND');
  });
  it('is answered by a refund for the lines that it names', () => {
    const part = { ...refund, request: { lines: [{ lineId: lineTwo.lineId }] } };
    const twoAnswered: OrderEvent = {
      type: 'OrderRefundRequestAnswered',
      data: { orderId, requestId, refundId, lineIds: [lineTwo.lineId] },
    };
    order(...untilSettled, asked, oneRefused)
      .when(part)
      .then(refundRequested([wholeOf(lineTwo)]), twoAnswered);
    expect(stateAfter(asked, oneRefused, twoAnswered)).toEqual([['refused', 'refunded'], 'refunded']);
    expect(stateAfter(asked, twoAnswered)).toEqual([['open', 'refunded'], 'open']);
    order(...untilSettled, asked, twoAnswered)
      .when({ ...refuse, lineIds: [lineTwo.lineId] })
      .thenRefused('REFUND_REQUEST_STATE');
    order(...untilSettled, asked, twoAnswered)
      .when(refuse)
      .then(oneRefused);
  });
  it('may be about one line, while the other one is asked for in another request', () => {
    const forTwo = { ...ask, requestId: sampleId(82), lineIds: [lineTwo.lineId] };
    order(...untilSettled)
      .when({ ...ask, lineIds: [lineOne.lineId] })
      .then(askedFor([lineOne.lineId]));
    order(...untilSettled, askedFor([lineOne.lineId]))
      .when(forTwo)
      .then(askedFor([lineTwo.lineId], sampleId(82)));
    order(...untilSettled, askedFor([lineOne.lineId]))
      .when({ ...ask, requestId: sampleId(82) })
      .then(askedFor([lineTwo.lineId], sampleId(82)));
    order(...untilSettled, askedFor([lineTwo.lineId]))
      .when(forTwo)
      .thenRefused('REFUND_REQUEST_STATE');
    order(...untilSettled)
      .when({ ...ask, lineIds: [sampleId(99)] })
      .thenRefused('INVALID_INPUT');
    order(...untilSettled, refundRequested([wholeOf(lineTwo)]))
      .when(forTwo)
      .thenRefused('REFUND_EXCEEDS');
  });
  it('as it was once written, without lines, is about all of them, and its answer too', () => {
    const plain = { orderId, requestId };
    const old: OrderEvent[] = [
      { type: 'OrderRefundRequestedByBuyer', data: { ...plain, customerId, reason } },
      { type: 'OrderRefundRequestRefused', data: { ...plain, reason: 'used', refusedBy: vendorOwner } },
    ];
    expect(stateAfter(...old)).toEqual([['refused', 'refused'], 'refused']);
    expect(
      stateAfter(...old.slice(0, 1), { type: 'OrderRefundRequestAnswered', data: { ...plain, refundId } }),
    ).toEqual([['refunded', 'refunded'], 'refunded']);
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
