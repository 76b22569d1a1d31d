import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import type { AuditIndex, AuditQuery } from '../../infra/audit/port.ts';
import { auditProjection } from '../../projections/engine/source.ts';
import { pageAnswer, timeQuery } from '../answers.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { formatFor } from '../http/negotiate.ts';
import { noParams, pageQuery, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';
import type { LogReader } from '../state-from-log.ts';
import { auditEvent } from './audit-event.ts';
import { exportOf } from './export-events.ts';
import { eventsOf } from './read-events.ts';

export type AuditDeps = QueryRouteDeps & LogReader & { readonly audit: AuditIndex };

const list = 'auditEvents';
const name = z.string().min(1).max(500).optional();
const filters = pageQuery.extend({
  stream: name,
  category: name,
  type: name,
  actorId: name,
  correlationId: name,
  /** Recorded at or after; before. */
  from: timeQuery.optional(),
  to: timeQuery.optional(),
  /** Inclusive. */
  minPosition: z
    .string()
    .regex(/^\d{1,18}$/, 'is a position')
    .transform(BigInt)
    .optional(),
});

const questionOf = (query: z.infer<typeof filters>): Omit<AuditQuery, 'limit'> => {
  const { stream, category, type, actorId, correlationId, from, to, minPosition, cursor } = query;
  return {
    ...(stream === undefined ? {} : { stream }),
    ...(category === undefined ? {} : { category }),
    ...(type === undefined ? {} : { type }),
    ...(actorId === undefined ? {} : { actorId }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(minPosition === undefined ? {} : { minPosition }),
    ...(cursor === undefined ? {} : { after: numberIn(cursor) }),
  };
};

/** The number of the last event of the page before. @throws DomainError INVALID_CURSOR */
const numberIn = (cursor: string): number => {
  const [n] = decodeCursor(list, cursor, 1).values;
  if (typeof n !== 'number' || !Number.isSafeInteger(n)) throw domainError('INVALID_CURSOR');
  return n;
};

/** The log as auditors read it: found by the audit index, its data from the event store. */
export const auditRoutes = (app: FastifyInstance, deps: AuditDeps): void => {
  const { audit } = deps;

  queryRoute(app, deps, {
    url: '/audit/events',
    summary: 'Events in log order, personal fields sealed: pages of JSON, or all of them as NDJSON',
    tag: 'Auditors',
    access: { roles: ['auditor'] },
    query: filters,
    params: noParams,
    answer: pageAnswer(auditEvent),
    formats: ['application/x-ndjson'],
    reads: [auditProjection],
    run: async ({ query, raw, reply }) => {
      const format = formatFor(raw, ['application/json', 'application/x-ndjson']);
      const question = questionOf(query);
      reply.header('vary', 'accept');
      if (format === 'application/x-ndjson') {
        reply.header('content-type', format);
        return exportOf(deps, question);
      }
      const rows = await audit.find({ ...question, limit: query.limit + 1 });
      const shown = rows.slice(0, query.limit);
      const last = shown.at(-1);
      return {
        items: await eventsOf(deps, shown),
        nextCursor:
          last === undefined || rows.length <= query.limit
            ? null
            : encodeCursor(list, { values: [last.n], id: last.id }),
      };
    },
  });
};
