import { describe, expect, it } from 'vitest';
import { given } from '../given.ts';
import { orderDecider } from './decider.ts';
import type { OrderEvent } from './events.ts';
import {
  disputeLost,
  disputeOpened,
  disputeSettled,
  disputeWon,
  holdsSettled,
  lineOne,
  orderCancelled,
  orderFulfilled,
  orderPaid,
  orderPlaced,
  orderRefunded,
  orderSettled,
  paymentRequested,
  refundRequested,
  sampleLicenses,
  untilPaid,
  untilSettled,
  wholeOf,
} from './samples.ts';

const order = (...history: readonly OrderEvent[]) => given(orderDecider, ...history);
const cancelled = [orderPlaced(), paymentRequested, orderCancelled()];
const compensated = [...untilPaid, refundRequested(undefined, { compensation: true })];

describe('fulfilling', () => {
  const fulfil = { type: 'FulfilOrder', licenses: sampleLicenses } as const;

  it('follows the payment, once', () => {
    order(...untilPaid)
      .when(fulfil)
      .then(orderFulfilled());
    order(...untilPaid, orderFulfilled())
      .when(fulfil)
      .thenNothing();
  });
  it('is told once also after refunds', () =>
    order(...untilSettled, refundRequested(), orderRefunded())
      .when(fulfil)
      .thenNothing());
  it.each<[string, readonly OrderEvent[]]>([
    ['not paid', [orderPlaced(), paymentRequested]],
    ['cancelled', cancelled],
    ['cancelled, paid late', [...cancelled, orderPaid()]],
    ['found not deliverable', compensated],
    ['refunded', [...compensated, orderRefunded()]],
    ['lost in a dispute', [...untilPaid, disputeOpened(), disputeLost()]],
  ])('is refused when %s', (_why, history) =>
    order(...history)
      .when(fulfil)
      .thenRefused('ORDER_STATE'),
  );
  it.each([
    ['one is missing', sampleLicenses.slice(1)],
    ['one line has two', [...sampleLicenses.slice(1), ...sampleLicenses.slice(1)]],
    ['one is too many', [...sampleLicenses, ...sampleLicenses]],
  ])('needs a licence for every line: %s', (_what, licenses) =>
    order(...untilPaid)
      .when({ type: 'FulfilOrder', licenses })
      .thenRefused('INVALID_INPUT'),
  );
  it('of an order that is partly given back leaves it partly refunded', () => {
    const history = [...untilPaid, refundRequested([wholeOf(lineOne)]), orderRefunded([wholeOf(lineOne)])];
    expect(
      order(...history)
        .when(fulfil)
        .state().status,
    ).toBe('partiallyRefunded');
  });
});

describe('settling holds', () => {
  const confirm = { type: 'SettleHolds', outcome: 'confirmed' } as const;
  const release = { type: 'SettleHolds', outcome: 'released' } as const;

  it('confirms them with the delivery, once', () => {
    order(...untilPaid, orderFulfilled())
      .when(confirm)
      .then(holdsSettled('confirmed'));
    order(...untilPaid, orderFulfilled(), holdsSettled('confirmed'))
      .when(confirm)
      .thenNothing();
  });
  it.each<[string, readonly OrderEvent[]]>([
    ['cancelled', cancelled],
    ['not deliverable', compensated],
    ['refunded before the delivery', [...compensated, orderRefunded()]],
  ])('releases them when the order is %s', (_why, history) =>
    order(...history)
      .when(release)
      .then(holdsSettled('released')),
  );
  it('is refused while it is not decided, and against what was decided', () => {
    order(...untilPaid)
      .when(confirm)
      .thenRefused('ORDER_STATE');
    order(...untilPaid)
      .when(release)
      .thenRefused('ORDER_STATE');
    order(...cancelled)
      .when(confirm)
      .thenRefused('ORDER_STATE');
    order(...untilPaid, orderFulfilled())
      .when(release)
      .thenRefused('ORDER_STATE');
  });
});

describe('settling the order', () => {
  it('follows the delivery, once', () => {
    order(...untilPaid, orderFulfilled())
      .when({ type: 'SettleOrder' })
      .then(orderSettled);
    order(...untilSettled)
      .when({ type: 'SettleOrder' })
      .thenNothing();
  });
  it('is refused without a delivery', () =>
    order(...untilPaid)
      .when({ type: 'SettleOrder' })
      .thenRefused('ORDER_STATE'));
});

describe('a dispute', () => {
  const open = { type: 'OpenDispute', disputeId: 'dp_1', amount: 1800, reason: 'fraudulent' } as const;
  const win = { type: 'WinDispute', disputeId: 'dp_1' } as const;
  const lose = { type: 'LoseDispute', disputeId: 'dp_1' } as const;
  const disputed = [...untilSettled, disputeOpened()];

  it('is opened once over money that came in', () => {
    order(...untilSettled)
      .when(open)
      .then(disputeOpened());
    order(...disputed)
      .when(open)
      .thenNothing();
    order(orderPlaced(), paymentRequested).when(open).thenRefused('ORDER_STATE');
  });
  it('stands beside the state', () => expect(order(...disputed).state().status).toBe('fulfilled'));
  it('is won once', () => {
    const won = order(...disputed).when(win);
    won.then(disputeWon());
    expect(won.state().status).toBe('fulfilled');
    order(...disputed, disputeWon())
      .when(win)
      .thenNothing();
  });
  it.each<[string, readonly OrderEvent[]]>([
    ['paid', untilPaid],
    ['fulfilled', untilSettled],
    ['partiallyRefunded', [...untilSettled, refundRequested([wholeOf(lineOne)]), orderRefunded([wholeOf(lineOne)])]],
  ])('that is lost refunds a %s order', (_status, history) => {
    const lost = order(...history, disputeOpened()).when(lose);
    lost.then(disputeLost());
    expect(lost.state()).toMatchObject({ status: 'refunded', reason: 'dispute_lost' });
  });
  it('that is lost leaves a cancelled order cancelled', () =>
    expect(
      order(...cancelled, orderPaid(), disputeOpened())
        .when(lose)
        .state().status,
    ).toBe('cancelled'));
  it('keeps its first end', () => {
    order(...disputed, disputeWon())
      .when(lose)
      .thenNothing();
    order(...disputed, disputeLost())
      .when(win)
      .thenNothing();
  });
  it.each([win, lose, { type: 'SettleDispute', disputeId: 'dp_1', stage: 'opened' } as const])(
    'has to be known for $type',
    (command) =>
      order(...untilSettled)
        .when(command)
        .thenRefused('NOT_FOUND'),
  );

  it('is settled stage by stage, each once', () => {
    const settle = (stage: 'opened' | 'won' | 'lost') => ({ type: 'SettleDispute', disputeId: 'dp_1', stage }) as const;
    order(...disputed)
      .when(settle('opened'))
      .then(disputeSettled('opened'));
    order(...disputed, disputeSettled('opened'))
      .when(settle('opened'))
      .thenNothing();
    order(...disputed, disputeSettled('opened'))
      .when(settle('won'))
      .thenRefused('ORDER_STATE');
    order(...disputed, disputeLost())
      .when(settle('lost'))
      .thenRefused('ORDER_STATE');
    order(...disputed, disputeSettled('opened'), disputeLost())
      .when(settle('lost'))
      .then(disputeSettled('lost'));
    order(...disputed, disputeSettled('opened'), disputeLost())
      .when(settle('won'))
      .thenRefused('ORDER_STATE');
  });
});
