import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { notificationKind } from '../../domain/notification/events.ts';
import { wordingOf } from '../../domain/notification/wording.ts';
import type { Documents } from '../../infra/documents/port.ts';
import { type NotificationDocument, notifications } from '../../projections/notifications/notifications.ts';
import { moneyAnswer, pageAnswer } from '../answers.ts';
import { noParams, pageQuery, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';
import { readModels } from '../read-models.ts';
import { accountOf } from '../who-owns.ts';

export type NotificationDeps = QueryRouteDeps & { readonly documents: Documents };

const notificationAnswer = z.object({
  id: z.string(),
  kind: notificationKind,
  /** One sentence. */
  text: z.string(),
  at: z.string(),
  read: z.boolean(),
  orderId: z.string().optional(),
  licenseId: z.string().optional(),
  productId: z.string().optional(),
  reviewId: z.string().optional(),
  payoutId: z.string().optional(),
  vendorId: z.string().optional(),
  reason: z.string().optional(),
  amount: moneyAnswer.optional(),
});

const answerOf = ({ id, kind, facts, at, read }: NotificationDocument): z.infer<typeof notificationAnswer> => {
  const { amount, currency, title: _, stars: __, ...about } = facts;
  return {
    ...{ id, kind, text: wordingOf(kind, facts), at, read },
    ...about,
    ...(amount === undefined || currency === undefined ? {} : { amount: { amount, currency } }),
  };
};

/** What the caller was told. */
export const notificationRoutes = (app: FastifyInstance, deps: NotificationDeps): void => {
  const models = readModels(deps.documents);

  queryRoute(app, deps, {
    url: '/notifications',
    summary: 'Own notifications, newest first; `unread=true`: those not read yet',
    tag: 'Notifications',
    access: 'signedIn',
    query: pageQuery.extend({ unread: z.enum(['true', 'false']).optional() }),
    params: noParams,
    /** `unread`: how many there are, on all pages. */
    answer: pageAnswer(notificationAnswer).extend({ unread: z.number().int() }),
    reads: [notifications.name],
    run: async ({ query: { unread, limit, cursor }, identity }) => {
      const accountId = accountOf(identity);
      const { items, nextCursor } = await models.page(notifications, {
        where: { accountId, ...(unread === 'true' ? { read: false } : {}) },
        order: [{ field: 'at', direction: 'desc' }],
        ...{ limit, cursor },
      });
      const left = await deps.documents.count(notifications.name, { accountId, read: false });
      return { items: items.map(answerOf), nextCursor, unread: left };
    },
  });
};
