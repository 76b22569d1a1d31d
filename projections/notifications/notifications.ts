import type { Recorded } from '../../domain/event/recorded.ts';
import type { NotificationFacts, NotificationKind } from '../../domain/notification/events.ts';
import { projection } from '../definition.ts';

export type NotificationDocument = {
  readonly id: string;
  readonly accountId: string;
  readonly kind: NotificationKind;
  readonly facts: NotificationFacts;
  readonly at: string;
  readonly read: boolean;
  readonly revision: string;
};

type OfNotification = Recorded<{ readonly type: string; readonly data: { readonly notificationId: string } }>;
const notificationId = (event: OfNotification): string => event.data.notificationId;

/** What people were told, by account. */
export const notifications = projection<NotificationDocument>('notifications', {
  version: 1,
  sink: 'documents',
  indexes: [
    ['accountId', 'at'],
    ['accountId', 'read', 'at'],
  ],
})
  .on('NotificationRaised', notificationId, (_, { data, metadata, revision }) => ({
    id: data.notificationId,
    accountId: data.accountId,
    kind: data.kind,
    facts: data.facts,
    at: metadata.occurredAt,
    read: false,
    revision: revision.toString(),
  }))
  .on(
    'NotificationMailSettled',
    notificationId,
    (notification, { revision }) => notification && { ...notification, revision: revision.toString() },
  )
  .on(
    'NotificationRead',
    notificationId,
    (notification, { revision }) => notification && { ...notification, read: true, revision: revision.toString() },
  );
