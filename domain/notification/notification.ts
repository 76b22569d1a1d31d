import type { Decider } from '../decider.ts';
import { domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import type { NotificationEvent, NotificationFacts, NotificationKind } from './events.ts';

export type RaisedNotification = {
  readonly notificationId: string;
  readonly accountId: string;
  readonly kind: NotificationKind;
  readonly cause: string;
  readonly mail: boolean;
  readonly facts: NotificationFacts;
};
export type Notification =
  | { readonly status: 'none' }
  | (RaisedNotification & { readonly status: 'raised'; readonly mailSettled: boolean; readonly read: boolean });

export type NotificationCommand =
  | ({ readonly type: 'RaiseNotification' } & RaisedNotification)
  | { readonly type: 'SettleMail'; readonly outcome: 'sent' | 'noReceiver' }
  | { readonly type: 'ReadNotification' };

/** A mail is still to be sent. */
export const owesMail = (notification: Notification): boolean =>
  notification.status === 'raised' && notification.mail && !notification.mailSettled;

const decide = (command: NotificationCommand, notification: Notification): readonly NotificationEvent[] => {
  if (command.type === 'RaiseNotification') {
    const { type: _, ...data } = command;
    return notification.status === 'none' ? [{ type: 'NotificationRaised', data }] : [];
  }
  if (notification.status === 'none') throw domainError('NOT_FOUND');
  const { notificationId, accountId } = notification;
  switch (command.type) {
    case 'SettleMail': {
      const data = { notificationId, accountId, outcome: command.outcome };
      return owesMail(notification) ? [{ type: 'NotificationMailSettled', data }] : [];
    }
    case 'ReadNotification':
      return notification.read ? [] : [{ type: 'NotificationRead', data: { notificationId, accountId } }];
    default:
      return unreachable(command);
  }
};

const evolve = (notification: Notification, event: NotificationEvent): Notification => {
  if (event.type === 'NotificationRaised')
    return notification.status === 'none'
      ? { status: 'raised', ...event.data, mailSettled: false, read: false }
      : notification;
  if (notification.status === 'none') return notification;
  switch (event.type) {
    case 'NotificationMailSettled':
      return { ...notification, mailSettled: true };
    case 'NotificationRead':
      return { ...notification, read: true };
    default:
      return unreachable(event);
  }
};

/** Streams `notification-<notificationId>`; the id is made of the event it tells of, so that nothing is told twice. */
export const notificationDecider: Decider<NotificationCommand, Notification, NotificationEvent> = {
  category: 'notification',
  initial: { status: 'none' },
  decide,
  evolve,
};
