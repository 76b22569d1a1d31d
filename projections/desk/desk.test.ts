import { describe, expect, it } from 'vitest';
import type { CartEvent } from '../../domain/cart/events.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import * as sample from '../../domain/order/samples.ts';
import { documentsOf, happenedAt, inStream } from '../given.ts';
import { desk } from './desk.ts';

const { orderId, customerId, sampleId: id } = sample;
const order = (...events: readonly OrderEvent[]) => inStream(`order-${orderId}`, ...events);

describe('the desk', () => {
  it('owes a fulfilled order to its buyer’s cart until it was taken off', async () => {
    const waiting = await documentsOf(desk, order(...sample.untilSettled));
    expect(waiting.get(`cart:${orderId}`)).toMatchObject({
      ...{ process: 'cart', key: orderId, owes: ['takeOrder'], since: happenedAt(3) },
      dueAt: new Date(Date.parse(happenedAt(3)) + 2_000).toISOString(),
    });
    const items = [{ productId: id(21), tierId: 'standard', quantity: 1 }];
    const taken: CartEvent = { type: 'CartOrderTaken', data: { accountId: customerId, orderId, items } };
    const done = await documentsOf(desk, order(...sample.untilSettled), inStream(`cart-${customerId}`, taken));
    expect(done.has(`cart:${orderId}`)).toBe(false);
  });

  it('owes evidence to the provider until it has it, and holds no word of it', async () => {
    const of = { orderId, disputeId: 'dp_1', evidenceId: id(81) };
    const submitted: OrderEvent = {
      type: 'OrderDisputeEvidenceSubmitted',
      data: { ...of, submittedBy: id(51), text: 'It was downloaded twice.' },
    };
    const disputed = [...sample.untilSettled, sample.disputeOpened(), sample.disputeSettled('opened')];
    const waiting = await documentsOf(desk, order(...disputed, submitted));
    expect(waiting.get(`checkout:${orderId}`)?.owes).toContain('submitEvidence');
    expect(JSON.stringify([...waiting])).not.toContain('downloaded');
    const sent: OrderEvent = { type: 'OrderDisputeEvidenceSent', data: of };
    const done = await documentsOf(desk, order(...disputed, submitted, sent));
    expect(done.get(`checkout:${orderId}`)?.owes).not.toContain('submitEvidence');
  });
});
