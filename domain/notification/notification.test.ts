import { describe, expect, it } from 'vitest';
import { given } from '../given.ts';
import { type NotificationEvent, notificationKind } from './events.ts';
import { notificationDecider } from './notification.ts';
import { subjectOf, wordingOf } from './wording.ts';

const ids = {
  notificationId: '0190a1b2-0000-7000-8000-000000000001',
  accountId: '0190a1b2-0000-7000-8000-000000000002',
};
const data = { ...ids, kind: 'orderRefunded', cause: 'order-1@7', mail: true, facts: {} } as const;
const raised: NotificationEvent = { type: 'NotificationRaised', data };
const quiet: NotificationEvent = { type: 'NotificationRaised', data: { ...data, mail: false } };
const sent: NotificationEvent = { type: 'NotificationMailSettled', data: { ...ids, outcome: 'sent' } };
const wasRead: NotificationEvent = { type: 'NotificationRead', data: ids };

const notification = (...history: NotificationEvent[]) => given(notificationDecider, ...history);
const settle = { type: 'SettleMail', outcome: 'sent' } as const;
const read = { type: 'ReadNotification' } as const;

describe('a notification', () => {
  it('is raised once for its cause', () => {
    notification()
      .when({ type: 'RaiseNotification', ...data })
      .then(raised);
    notification(raised)
      .when({ type: 'RaiseNotification', ...data })
      .thenNothing();
  });
  it('settles the mail that it owes, once', () => {
    notification(raised).when(settle).then(sent);
    notification(raised, sent).when(settle).thenNothing();
  });
  it('owes no mail where none was asked for', () => notification(quiet).when(settle).thenNothing());
  it('is read once', () => {
    notification(raised).when(read).then(wasRead);
    notification(raised, wasRead).when(read).thenNothing();
  });
  it.each([settle, read])('that is not there refuses $type', (command) =>
    notification().when(command).thenRefused('NOT_FOUND'),
  );
  it('an impossible event changes nothing', () =>
    expect(notification(sent, wasRead).state()).toEqual({ status: 'none' }));
});

describe('what it says', () => {
  it('names amounts in the decimals of their currency', () => {
    const of = (amount: number, currency: string) => wordingOf('sale', { amount, currency });
    expect(of(1999, 'USD')).toBe('You made a sale: your part is 19.99 USD.');
    expect(of(5, 'USD')).toContain(' 0.05 USD');
    expect(of(1999, 'JPY')).toContain(' 1999 JPY');
    expect(of(1999, 'KWD')).toContain(' 1.999 KWD');
    expect(of(-50, 'EUR')).toContain(' -0.50 EUR');
  });
  it('is one sentence and a subject for every kind, whatever is known', () => {
    for (const kind of notificationKind.options) {
      expect(wordingOf(kind, { stars: 4 })).toMatch(/^\S.*[^.\s]\.$/);
      expect(wordingOf(kind, { stars: 4 })).not.toContain('undefined');
      expect(subjectOf(kind)).not.toBe('');
    }
  });
});
