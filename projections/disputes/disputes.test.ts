import { describe, expect, it } from 'vitest';
import type { OrderEvent } from '../../domain/order/events.ts';
import * as sample from '../../domain/order/samples.ts';
import { documentsOf, happenedAt, inStream } from '../given.ts';
import { people } from '../people/people.ts';
import { disputes, vendorDisputes } from './disputes.ts';

const { sampleId: id, orderId, disputeOpened, disputeWon, disputeLost } = sample;
const text = 'It was downloaded twice.';
const of = { orderId, disputeId: 'dp_1', evidenceId: id(81) };
const submitted: OrderEvent = { type: 'OrderDisputeEvidenceSubmitted', data: { ...of, submittedBy: id(51), text } };
const sent: OrderEvent = { type: 'OrderDisputeEvidenceSent', data: of };
const refused: OrderEvent = { type: 'OrderDisputeEvidenceRefused', data: { ...of, reason: 'unknown' } };
const disputeAfter = async (...events: readonly OrderEvent[]) =>
  (await documentsOf(disputes, inStream(`order-${orderId}`, disputeOpened(), ...events))).get('dp_1');

describe('disputes', () => {
  it('are open, then won or lost', async () => {
    expect(await disputeAfter()).toEqual({
      ...{ id: 'dp_1', orderId, state: 'open', amount: 1800, reason: 'fraudulent' },
      ...{ openedAt: happenedAt(0), closedAt: null, evidence: [] },
    });
    expect(await disputeAfter(disputeWon())).toMatchObject({ state: 'won', closedAt: happenedAt(1) });
    expect(await disputeAfter(disputeLost())).toMatchObject({ state: 'lost', closedAt: happenedAt(1) });
  });

  it('list the evidence and whether the provider has it, without a word of it', async () => {
    const piece = { id: id(81), by: id(51), at: happenedAt(1) };
    expect(await disputeAfter(submitted)).toMatchObject({ evidence: [{ ...piece, state: 'recorded' }] });
    expect(await disputeAfter(submitted, sent)).toMatchObject({ evidence: [{ ...piece, state: 'sent' }] });
    expect(await disputeAfter(submitted, refused)).toMatchObject({ evidence: [{ ...piece, state: 'refused' }] });
    expect(JSON.stringify(await disputeAfter(submitted, sent))).not.toContain('downloaded');
  });

  it('leave the words to the one document of their author', async () => {
    const registered = {
      type: 'AccountRegistered',
      data: { accountId: id(51), email: 'ada@example.test', emailHash: 'h', displayName: 'Ada' },
    } as const;
    const asked: OrderEvent = {
      type: 'OrderRefundRequestedByBuyer',
      data: { orderId, requestId: id(80), customerId: id(51), reason: 'It does not work.' },
    };
    const documents = await documentsOf(
      people,
      inStream(`account-${id(51)}`, registered),
      inStream(`order-${orderId}`, disputeOpened(), submitted, asked),
    );
    expect(documents.get(id(51))).toMatchObject({
      ...{ evidence: { [id(81)]: text }, refundReasons: { [id(80)]: 'It does not work.' } },
    });
  });
});

it('vendor disputes say whose money a dispute holds', async () => {
  const data = {
    ...{ vendorId: id(31), currency: 'EUR', entries: [], causeId: id(60) },
    ...{ disputeId: 'dp_1', saleId: id(61), orderId },
  };
  const documents = await documentsOf(
    vendorDisputes,
    inStream(`vendorAccount-${id(31)}`, { type: 'DisputeReserved', data }),
  );
  expect([...documents]).toEqual([
    [`dp_1:${id(31)}`, { vendorId: id(31), disputeId: 'dp_1', orderId, openedAt: happenedAt(0) }],
  ]);
});
