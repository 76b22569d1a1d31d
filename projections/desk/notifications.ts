import { newsTypes } from '../../domain/notification/news.ts';
import type { Projection } from '../definition.ts';
import { also } from './also.ts';
import { type DeskDocument, gone, idOf, soon, waiting } from './document.ts';

/** Who has to be told of an event, and sent a mail. */
export const withNotifications = (desk: Projection<DeskDocument>): Projection<DeskDocument> =>
  newsTypes
    .reduce<Projection<DeskDocument>>(
      (all, type) =>
        also(
          all,
          'notify',
          type,
          ({ stream, revision }) => [`${stream}@${revision}`],
          (_, event) => waiting('notify', `${event.stream}@${event.revision}`, 'notify', soon(event), event),
        ),
      desk,
    )
    .on(
      'NotificationRaised',
      ({ data }) => [idOf('notify', data.cause), ...(data.mail ? [idOf('mail', data.notificationId)] : [])],
      (_, event, id) =>
        id.startsWith('mail:') ? waiting('mail', event.data.notificationId, 'mail', soon(event), event) : undefined,
    )
    .on('NotificationMailSettled', ({ data }) => idOf('mail', data.notificationId), gone);
