import { accountDecider } from '../../domain/account/account.ts';
import { ERASED } from '../../domain/event/definition.ts';
import { notificationDecider, owesMail } from '../../domain/notification/notification.ts';
import { subjectOf, wordingOf } from '../../domain/notification/wording.ts';
import type { Mailer } from '../../infra/mail/port.ts';
import { becauseOf } from '../handling/context.ts';
import type { Handling } from '../handling/handling.ts';
import type { Reactor } from '../reacting/reactor.ts';

type Deps = { readonly handling: Handling; readonly mail: Mailer };

/**
 * Sends the mail that a notification owes, then records that it is settled. A crash between the two sends it again under
 * the same id, which the mailer knows. Read models play no part: building them anew sends nothing. Key: the notification.
 */
export const mailReactor = ({ handling, mail }: Deps): Reactor => ({
  process: 'mail',
  concerns: (event) => (event.type === 'NotificationRaised' && event.data.mail ? [event.data.notificationId] : []),
  drive: async (notificationId) => {
    const { state: notification, last } = await handling.load(notificationDecider, notificationId);
    if (notification.status === 'none' || last === undefined || !owesMail(notification)) return;
    const { accountId, kind, facts } = notification;
    const { state: account } = await handling.load(accountDecider, accountId);
    const to = account.status === 'registered' && account.email !== ERASED ? account.email : undefined;
    if (to !== undefined) {
      const [subject, text] = [subjectOf(kind), wordingOf(kind, facts)];
      await mail.send({ id: notificationId, personId: accountId, to, subject, text });
    }
    const outcome = to === undefined ? 'noReceiver' : 'sent';
    await handling.handle(
      notificationDecider,
      notificationId,
      { type: 'SettleMail', outcome },
      becauseOf(last, 'mail'),
    );
  },
});
