import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Outbox } from '../../infra/mail/port.ts';
import { pageAnswer, timeText } from '../answers.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { noParams, pageQuery, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';

/** `outbox` undefined: another mailer is configured, there is nothing to read. */
export type OutboxDeps = QueryRouteDeps & { readonly outbox: Outbox | undefined };

const mailAnswer = z.object({
  id: z.string(),
  personId: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  at: z.string(),
});

/** The mails that the embedded mailer keeps, for whoever runs the system. */
export const outboxRoute = (app: FastifyInstance, deps: OutboxDeps): void => {
  const { outbox } = deps;
  if (outbox === undefined) return;
  queryRoute(app, deps, {
    url: '/operator/outbox',
    summary:
      'Mails of the embedded mailer, newest first; a page may hold fewer than asked for where persons were erased',
    tag: 'Operators',
    access: { roles: ['operator'] },
    query: pageQuery,
    params: noParams,
    answer: pageAnswer(mailAnswer),
    reads: [],
    run: async ({ query, reply }) => {
      const before = query.cursor === undefined ? undefined : Number(decodeCursor('outbox', query.cursor, 0).id);
      const { mails, next } = await outbox.list(query.limit, before);
      reply.header('cache-control', 'no-store');
      return {
        items: mails.map(({ at, ...mail }) => ({ ...mail, at: timeText(at) })),
        nextCursor: next === undefined ? null : encodeCursor('outbox', { values: [], id: String(next) }),
      };
    },
  });
};
