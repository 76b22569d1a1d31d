import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../decider.ts';
import { given } from '../given.ts';
import type { PayoutFact, VendorPayoutCommand } from './commands.ts';
import { vendorPayoutDecider } from './decide.ts';
import type { VendorPayoutEvent } from './events.ts';
import { nextPoll, owed, type PayoutOutcome, type PayoutTerms, shownPayoutState } from './state.ts';

const of = { payoutId: 'po1', vendorId: 'v1' };
const terms: PayoutTerms = { ...of, amount: 1799, currency: 'USD', payoutAccount: 'ba_ok' };
const providerRef = 'tr_1';
const reason = 'account closed';

const requested: VendorPayoutEvent = { type: 'PayoutRequested', data: terms };
const started: VendorPayoutEvent = { type: 'PayoutStarted', data: of };
const inTransit: VendorPayoutEvent = { type: 'PayoutInTransit', data: { ...of, providerRef } };
const polled: VendorPayoutEvent = { type: 'PayoutPolled', data: of };
const paid: VendorPayoutEvent = { type: 'PayoutPaid', data: of };
const failed: VendorPayoutEvent = { type: 'PayoutFailed', data: { ...of, reason } };
const returned: VendorPayoutEvent = { type: 'PayoutReturned', data: { ...of, reason } };
const cancelled: VendorPayoutEvent = { type: 'PayoutCancelled', data: of };
const settled = (outcome: PayoutOutcome): VendorPayoutEvent => ({ type: 'PayoutSettled', data: { ...of, outcome } });

const request = (content: Partial<PayoutTerms> = {}): VendorPayoutCommand => ({
  type: 'RequestPayout',
  ...terms,
  ...content,
});
const start: VendorPayoutCommand = { type: 'StartPayout', payoutId: of.payoutId };
const cancel: VendorPayoutCommand = { type: 'CancelPayout', payoutId: of.payoutId };
const settle = (outcome: PayoutOutcome): VendorPayoutCommand => ({
  type: 'SettlePayout',
  payoutId: of.payoutId,
  outcome,
});
const fact = (type: PayoutFact['type']): PayoutFact =>
  type === 'inTransit' || type === 'paid' ? { type, providerRef } : { type, providerRef, reason };
const said = (type: PayoutFact['type']): VendorPayoutCommand => ({
  type: 'RecordPayoutState',
  payoutId: of.payoutId,
  state: fact(type),
});
const payout = (...history: VendorPayoutEvent[]) => given(vendorPayoutDecider, ...history);

describe('requesting a payout', () => {
  it('records it, once', () => {
    payout().when(request()).then(requested);
    payout(requested).when(request()).thenNothing();
    payout(requested, started, paid).when(request()).thenNothing();
  });

  it.each([0, -5, 1.5])('refuses the amount %d', (amount) => {
    payout().when(request({ amount })).thenRefused('INVALID_INPUT');
  });

  it.each<Partial<PayoutTerms>>([{ amount: 1 }, { vendorId: 'v2' }, { currency: 'EUR' }, { payoutAccount: 'ba_x' }])(
    'under the same id with %j is refused',
    (content) => payout(requested).when(request(content)).thenRefused('PAYOUT_STATE'),
  );
});

describe('starting', () => {
  it('is recorded once, before the provider is asked', () => {
    payout(requested).when(start).then(started);
    payout(requested, started).when(start).thenNothing();
    payout(requested, started, inTransit).when(start).thenNothing();
  });

  it('of a cancelled payout is refused', () => {
    payout(requested, cancelled).when(start).thenRefused('PAYOUT_STATE');
  });
});

describe('cancelling', () => {
  it('is possible while requested', () => {
    payout(requested).when(cancel).then(cancelled);
    payout(requested, cancelled).when(cancel).thenNothing();
  });

  it.each([
    ['started', [started]],
    ['in transit', [started, inTransit]],
    ['paid', [started, paid]],
    ['failed', [started, failed]],
    ['returned', [started, returned]],
  ])('is refused once %s', (_, more) => {
    payout(requested, ...more)
      .when(cancel)
      .thenRefused('PAYOUT_STATE');
  });
});

describe('what the provider says', () => {
  it('is recorded', () => {
    payout(requested, started).when(said('inTransit')).then(inTransit);
    payout(requested, started, inTransit).when(said('paid')).then(paid);
    payout(requested, started, inTransit).when(said('failed')).then(failed);
    payout(requested, started, paid).when(said('returned')).then(returned);
  });

  it('may come before the start was seen to be recorded', () => {
    payout(requested).when(said('paid')).then(paid);
  });

  it('is passed over when more is known', () => {
    payout(requested, started, inTransit).when(said('inTransit')).thenNothing();
    payout(requested, started, paid).when(said('inTransit')).thenNothing();
    payout(requested, started, paid).when(said('paid')).thenNothing();
    payout(requested, started, returned).when(said('paid')).thenNothing();
    payout(requested, started, failed).when(said('paid')).thenNothing();
    payout(requested, started, failed).when(said('returned')).thenNothing();
  });

  it('of a payout that it was never asked for is refused', () => {
    payout(requested, cancelled).when(said('paid')).thenRefused('PAYOUT_STATE');
  });
});

describe('asking for what was not reported', () => {
  const poll: VendorPayoutCommand = { type: 'RecordPoll', payoutId: of.payoutId };
  const at = '2026-05-15T12:00:00.000Z';

  it('is noted while the payout is in transit, and once it is paid', () => {
    payout(requested, started, inTransit).when(poll).then(polled);
    payout(requested, started, paid).when(poll).then(polled);
    for (const history of [[requested], [requested, started, returned], [requested, started, failed]])
      payout(...history)
        .when(poll)
        .thenNothing();
  });

  it('is due an hour after it went into transit, then daily, until it ended', () => {
    expect(nextPoll(payout(requested, started).state(), at)).toBeUndefined();
    expect(nextPoll(payout(requested, started, inTransit).state(), at)).toBe('2026-05-15T13:00:00.000Z');
    expect(nextPoll(payout(requested, started, inTransit, polled).state(), at)).toBe('2026-05-16T12:00:00.000Z');
    for (const end of [paid, failed, returned])
      expect(nextPoll(payout(requested, started, inTransit, polled, end).state(), at)).toBeUndefined();
  });

  it('is due 1, 3, 7 and 14 days after the money was paid, because it may come back, and never again', () => {
    const asked = (times: number) => [
      ...[requested, started, inTransit, polled, paid, settled('paid')],
      ...Array.from({ length: times }, () => polled),
    ];
    const days = [0, 1, 2, 3].map((times) => {
      const due = nextPoll(payout(...asked(times)).state(), at);
      return (Date.parse(due ?? '') - Date.parse(at)) / 86_400_000;
    });
    expect(days).toEqual([1, 2, 4, 7]); // each after the one before
    expect(nextPoll(payout(...asked(4)).state(), at)).toBeUndefined();
    expect(nextPoll(payout(...asked(1), returned, settled('returned')).state(), at)).toBeUndefined();
  });
});

describe('settling', () => {
  it.each<[PayoutOutcome, VendorPayoutEvent[]]>([
    ['paid', [requested, started, paid]],
    ['failed', [requested, started, failed]],
    ['returned', [requested, started, paid, settled('paid'), returned]],
    ['cancelled', [requested, cancelled]],
  ])('records that the account followed %s, once', (outcome, history) => {
    payout(...history)
      .when(settle(outcome))
      .then(settled(outcome));
    payout(...history, settled(outcome))
      .when(settle(outcome))
      .thenNothing();
  });

  it('of what another outcome overtook is nothing', () => {
    payout(requested, started, paid, returned).when(settle('paid')).thenNothing();
    payout(requested, started, paid, failed, settled('failed')).when(settle('paid')).thenNothing();
  });

  it.each<[PayoutOutcome, VendorPayoutEvent[]]>([
    ['paid', [requested]],
    ['paid', [requested, started, inTransit]],
    ['paid', [requested, cancelled]],
    ['failed', [requested, started, paid]],
    ['cancelled', [requested, started, failed]],
  ])('as %s is refused when it is not so', (outcome, history) => {
    payout(...history)
      .when(settle(outcome))
      .thenRefused('PAYOUT_STATE');
  });
});

it.each([start, cancel, said('paid'), settle('paid')])('%j needs a payout', (command) => {
  payout().when(command).thenRefused('NOT_FOUND');
});

describe('what is owed, and what readers see', () => {
  it.each<[VendorPayoutEvent[], ReturnType<typeof owed>, ReturnType<typeof shownPayoutState>]>([
    [[], [], undefined],
    [[requested], [{ step: 'start' }], 'requested'],
    [[requested, started], [{ step: 'askProvider' }], 'requested'],
    [[requested, started, inTransit], [], 'inTransit'],
    [[requested, started, paid], [{ step: 'settle', outcome: 'paid' }], 'paid'],
    [[requested, started, paid, settled('paid')], [], 'paid'],
    [[requested, started, paid, returned], [{ step: 'settle', outcome: 'returned' }], 'returned'],
    [[requested, started, paid, settled('paid'), returned], [{ step: 'settle', outcome: 'returned' }], 'returned'],
    [[requested, started, paid, settled('paid'), returned, settled('returned')], [], 'returned'],
    [[requested, started, failed], [{ step: 'settle', outcome: 'failed' }], 'failed'],
    [[requested, cancelled], [{ step: 'settle', outcome: 'cancelled' }], 'cancelled'],
  ])('after %j is %j, shown as %s', (history, steps, shown) => {
    expect(owed(payout(...history).state())).toEqual(steps);
    expect(shownPayoutState(payout(...history).state())).toBe(shown);
  });
});

describe('impossible events', () => {
  it.each([
    ['before the request', [started, paid, settled('paid'), cancelled], []],
    ['a second request', [requested, { ...requested, data: { ...terms, amount: 9 } }], [requested]],
    [
      'a step back',
      [requested, started, returned, paid, inTransit, started, cancelled],
      [requested, started, returned],
    ],
    [
      'a settlement of what is not so',
      [requested, started, settled('paid'), paid, settled('failed')],
      [requested, paid],
    ],
  ])('%s change nothing', (_, history, same) => {
    expect(payout(...history).state()).toEqual(payout(...same).state());
  });
});

describe('facts in any order, any number of times', () => {
  const facts = fc.array(fc.constantFrom<PayoutFact['type']>('inTransit', 'paid', 'failed', 'returned'), {
    maxLength: 12,
  });
  const tell = (types: readonly PayoutFact['type'][], settling: boolean) => {
    const history: VendorPayoutEvent[] = [requested, started];
    const act = (command: VendorPayoutCommand) =>
      history.push(...vendorPayoutDecider.decide(command, fold(vendorPayoutDecider, history)));
    for (const type of types) {
      act(said(type));
      for (const step of owed(fold(vendorPayoutDecider, history)))
        if (settling && step.step === 'settle') act(settle(step.outcome));
    }
    return history;
  };

  it('lead to the same money: back once it failed or came back, else paid', () => {
    fc.assert(
      fc.property(facts, (types) => {
        const state = fold(vendorPayoutDecider, tell(types, false));
        const back = types.find((type) => type === 'failed' || type === 'returned');
        expect(state.status).toBe(back ?? (types.includes('paid') ? 'paid' : (types[0] ?? 'started')));
      }),
    );
  });

  it('each outcome is settled once, the money back last, and nothing stays owed', () => {
    fc.assert(
      fc.property(facts, (types) => {
        const history = tell(types, true);
        const outcomes = history.flatMap((event) => (event.type === 'PayoutSettled' ? [event.data.outcome] : []));
        expect(new Set(outcomes).size).toBe(outcomes.length);
        const last = outcomes.at(-1);
        if (types.includes('failed') || types.includes('returned')) expect(['failed', 'returned']).toContain(last);
        expect(owed(fold(vendorPayoutDecider, history)).filter((step) => step.step === 'settle')).toEqual([]);
      }),
    );
  });
});
