import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../decider.ts';
import { given } from '../given.ts';
import type { ChargeFact, PaymentCommand } from './commands.ts';
import { paymentDecider } from './decider.ts';
import { type PaymentEvent, paymentEvents } from './events.ts';

const paymentId = '00000000-0000-4000-8000-000000000001';
const orderId = '00000000-0000-4000-8000-000000000002';
const refundId = '00000000-0000-4000-8000-000000000003';
const otherRefund = '00000000-0000-4000-8000-000000000004';
const amount = { amount: 1800, currency: 'EUR' };
const clientAction = { type: 'redirect', url: 'https://bank.example/1', expiresAt: '2026-01-01T00:15:00.000Z' };

const asked = { paymentId, orderId, ...amount, method: 'pm_card_visa' };
const requested: PaymentEvent = { type: 'PaymentRequested', data: asked };
const actionRequired: PaymentEvent = {
  type: 'PaymentActionRequired',
  data: { paymentId, providerRef: 'ch_1', clientAction },
};
const captured: PaymentEvent = { type: 'PaymentCaptured', data: { paymentId, providerRef: 'ch_1', ...amount } };
const declined: PaymentEvent = { type: 'PaymentDeclined', data: { paymentId, reason: 'insufficient_funds' } };
const abandoned: PaymentEvent = { type: 'PaymentAbandoned', data: { paymentId } };
const refundRequested = (part = 1800, id = refundId): PaymentEvent => ({
  type: 'PaymentRefundRequested',
  data: { paymentId, refundId: id, amount: part },
});
const refunded = (part = 1800, id = refundId): PaymentEvent => ({
  type: 'PaymentRefunded',
  data: { paymentId, refundId: id, amount: part, providerRef: 're_1' },
});
const refundFailed: PaymentEvent = {
  type: 'PaymentRefundFailed',
  data: { paymentId, refundId, reason: 'closed_account' },
};
const disputeOpened: PaymentEvent = {
  type: 'PaymentDisputeOpened',
  data: { paymentId, disputeId: 'dp_1', ...amount, reason: 'fraudulent' },
};
const disputeWon: PaymentEvent = { type: 'PaymentDisputeWon', data: { paymentId, disputeId: 'dp_1' } };
const disputeLost: PaymentEvent = { type: 'PaymentDisputeLost', data: { paymentId, disputeId: 'dp_1' } };

const facts = {
  processing: { type: 'processing' },
  requiresAction: { type: 'requiresAction', providerRef: 'ch_1', clientAction },
  captured: { type: 'captured', providerRef: 'ch_1', amount },
  declined: { type: 'declined', reason: 'insufficient_funds' },
  abandoned: { type: 'abandoned' },
} as const satisfies Record<ChargeFact['type'], ChargeFact>;

const payment = (...history: readonly PaymentEvent[]) => given(paymentDecider, ...history);
const charge = (fact: ChargeFact): PaymentCommand => ({ type: 'RecordCharge', fact });
const askBack = (part: number, id = refundId): PaymentCommand => ({
  type: 'RequestRefund',
  refundId: id,
  amount: part,
});
const succeed: PaymentCommand = { type: 'RecordRefund', refundId, fact: { type: 'succeeded', providerRef: 're_1' } };
const fail: PaymentCommand = { type: 'RecordRefund', refundId, fact: { type: 'failed', reason: 'closed_account' } };
const dispute = (status: 'opened' | 'won' | 'lost'): PaymentCommand => ({
  type: 'RecordDispute',
  disputeId: 'dp_1',
  status,
  amount,
  reason: 'fraudulent',
});

describe('a payment', () => {
  it('is requested once', () => {
    payment().when({ type: 'RequestPayment', payment: asked }).then(requested);
    payment(requested, captured).when({ type: 'RequestPayment', payment: asked }).thenNothing();
  });
  it.each([charge(facts.captured), askBack(1), succeed, dispute('opened')])(
    'that nobody asked for is not ours: $type',
    (command) => payment().when(command).thenRefused('NOT_FOUND'),
  );
});

describe('what the provider says of a charge', () => {
  const histories = {
    requested: [requested],
    requiresAction: [requested, actionRequired],
    captured: [requested, captured],
    refunded: [requested, captured, refundRequested(), refunded()],
    declined: [requested, declined],
    abandoned: [requested, abandoned],
  } as const;
  /** What is new in which state; everything else changes nothing. */
  const news: Record<ChargeFact['type'], { readonly in: readonly string[]; readonly event?: PaymentEvent }> = {
    processing: { in: [] },
    requiresAction: { in: ['requested'], event: actionRequired },
    captured: { in: ['requested', 'requiresAction', 'declined', 'abandoned'], event: captured },
    declined: { in: ['requested', 'requiresAction'], event: declined },
    abandoned: { in: ['requested', 'requiresAction'], event: abandoned },
  };
  const cases = Object.entries(histories).flatMap(([state, history]) =>
    Object.values(facts).map((fact) => ({ state, history, fact, says: fact.type })),
  );
  it.each(cases)('$says in state $state', ({ state, history, fact }) => {
    const outcome = payment(...history).when(charge(fact));
    const { event, in: states } = news[fact.type];
    if (event !== undefined && states.includes(state)) outcome.then(event);
    else outcome.thenNothing();
  });
  it.each(Object.entries(histories))('leads to state %s', (state, history) =>
    expect(payment(...history).state().status).toBe(state),
  );
  it('may be another client step', () => {
    const another = { ...clientAction, url: 'https://bank.example/2' };
    const next = payment(requested, actionRequired).when(charge({ ...facts.requiresAction, clientAction: another }));
    expect(next.state()).toMatchObject({ status: 'requiresAction', clientAction: another });
  });
  it('is forgotten where a later state has no place for it', () => {
    expect(payment(requested, actionRequired, captured).state()).not.toHaveProperty('clientAction');
    expect(payment(requested, declined, captured).state()).not.toHaveProperty('reason');
  });
});

describe('refunds', () => {
  it('are asked for once, up to what was captured', () => {
    payment(requested, captured).when(askBack(1800)).then(refundRequested());
    payment(requested, captured, refundRequested()).when(askBack(1800)).thenNothing();
    payment(requested, captured).when(askBack(1801)).thenRefused('REFUND_EXCEEDS');
    payment(requested, captured, refundRequested(1000)).when(askBack(801, otherRefund)).thenRefused('REFUND_EXCEEDS');
    payment(requested, captured, refundRequested(1000), refundFailed)
      .when(askBack(1800, otherRefund))
      .then(refundRequested(1800, otherRefund));
  });
  it.each([0, -1, 1.5])('are of a positive amount, not %d', (part) =>
    payment(requested, captured).when(askBack(part)).thenRefused('INVALID_INPUT'),
  );
  it.each([[requested], [requested, declined], [requested, abandoned]])('need a capture', (...history) =>
    payment(...history)
      .when(askBack(1))
      .thenRefused('ORDER_STATE'),
  );
  it('succeed or fail once; the first answer stays', () => {
    const asked = [requested, captured, refundRequested()];
    payment(...asked)
      .when(succeed)
      .then(refunded());
    payment(...asked)
      .when(fail)
      .then(refundFailed);
    payment(...asked)
      .when({ type: 'RecordRefund', refundId, fact: { type: 'processing' } })
      .thenNothing();
    for (const end of [refunded(), refundFailed]) {
      payment(...asked, end)
        .when(succeed)
        .thenNothing();
      payment(...asked, end)
        .when(fail)
        .thenNothing();
    }
  });
  it('that nobody asked for are not ours', () => payment(requested, captured).when(succeed).thenRefused('NOT_FOUND'));
  it('of the whole make it refunded, of a part do not', () => {
    const half = [requested, captured, refundRequested(900), refunded(900)];
    expect(payment(...half).state().status).toBe('captured');
    expect(payment(...half, refundRequested(900, otherRefund), refunded(900, otherRefund)).state().status).toBe(
      'refunded',
    );
  });
});

describe('disputes', () => {
  it('are recorded once, each stage', () => {
    payment(requested, captured).when(dispute('opened')).then(disputeOpened);
    payment(requested, captured, disputeOpened).when(dispute('opened')).thenNothing();
    payment(requested, captured, disputeOpened).when(dispute('won')).then(disputeWon);
    payment(requested, captured, disputeOpened, disputeLost).when(dispute('lost')).thenNothing();
  });
  it('bring their beginning along when the end comes first', () => {
    payment(requested, captured).when(dispute('lost')).then(disputeOpened, disputeLost);
    payment(requested, captured, disputeOpened, disputeLost).when(dispute('opened')).thenNothing();
  });
  it('keep their first end', () =>
    payment(requested, captured, disputeOpened, disputeWon).when(dispute('lost')).thenNothing());
  it('are remembered before the capture is known', () => {
    payment(requested).when(dispute('opened')).then(disputeOpened);
    expect(payment(requested, disputeOpened, captured).state()).toMatchObject({
      status: 'captured',
      disputes: [{ disputeId: 'dp_1', outcome: 'open' }],
    });
  });
});

describe('facts in any order, any number of times', () => {
  it('end the same: once captured, always captured', () => {
    const said = fc.array(
      fc.constantFrom<PaymentCommand>(
        ...Object.values(facts).map(charge),
        dispute('opened'),
        dispute('won'),
        dispute('lost'),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(said, (commands) => {
        let state = fold(paymentDecider, [requested]);
        let events = 0;
        for (const command of commands) {
          const before = state;
          for (const event of paymentDecider.decide(command, state)) {
            paymentEvents[event.type].schema.parse(event.data);
            state = paymentDecider.evolve(state, event);
            events += 1;
          }
          expect(paymentDecider.decide(command, state)).toEqual([]);
          if (before.status === 'captured') expect(state.status).toBe('captured');
        }
        if (commands.some((c) => c.type === 'RecordCharge' && c.fact.type === 'captured')) {
          expect(state.status).toBe('captured');
        }
        // requiresAction, one end, a capture after it; a dispute opened and closed
        expect(events).toBeLessThanOrEqual(5);
      }),
    );
  });
});
