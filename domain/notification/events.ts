import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { currencyCode, minorUnits, uuid } from '../event/fields.ts';

/** To buyers: order and licence; to the owner of a vendor: sale, payout, product and review. */
export const notificationKind = z.enum([
  'orderFulfilled',
  'orderCancelled',
  'orderRefunded',
  'orderDisputed',
  'orderDisputeWon',
  'orderDisputeLost',
  'licenseSuspended',
  'licenseRestored',
  'licenseRevoked',
  'sale',
  'saleRefunded',
  'saleDisputed',
  'saleDisputeWon',
  'saleDisputeLost',
  'payoutPaid',
  'payoutFailed',
  'payoutReturned',
  'productPublished',
  'productRejected',
  'reviewReceived',
]);
export type NotificationKind = z.infer<typeof notificationKind>;

/** What it is about, by id, and the facts its sentence needs. Nothing of it is personal. */
export const notificationFacts = z.object({
  orderId: uuid.optional(),
  licenseId: uuid.optional(),
  productId: uuid.optional(),
  reviewId: uuid.optional(),
  payoutId: uuid.optional(),
  vendorId: uuid.optional(),
  /** A product's. */
  title: z.string().optional(),
  reason: z.string().optional(),
  /** Minor units of `currency`. */
  amount: minorUnits.optional(),
  currency: currencyCode.optional(),
  stars: z.number().int().optional(),
});
export type NotificationFacts = z.infer<typeof notificationFacts>;

const ofNotification = { notificationId: uuid, accountId: uuid };

/** Streams `notification-<notificationId>`. */
export const notificationEvents = {
  /** `cause` is `<stream>@<revision>` of the event it tells of; with `mail` a mail is owed as well. */
  NotificationRaised: event(
    1,
    z.object({
      ...ofNotification,
      kind: notificationKind,
      cause: z.string(),
      mail: z.boolean(),
      facts: notificationFacts,
    }),
  ),
  /** The mailer took it, or there is nobody (any more) to send it to. */
  NotificationMailSettled: event(1, z.object({ ...ofNotification, outcome: z.enum(['sent', 'noReceiver']) })),
  NotificationRead: event(1, z.object(ofNotification)),
};
export type NotificationEvent = EventOf<typeof notificationEvents>;
