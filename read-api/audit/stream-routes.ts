import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import type { AuditIndex } from '../../infra/audit/port.ts';
import { categoryOf } from '../../infra/event-store/port.ts';
import { auditProjection } from '../../projections/engine/source.ts';
import { pageAnswer, timeQuery, timeText } from '../answers.ts';
import { pageOfAll } from '../cursor.ts';
import { noParams, pageQuery, type QueryRouteDeps, queryRoute, withRevision } from '../http/query-route.ts';
import type { LogReader } from '../state-from-log.ts';
import { auditEvent, auditEventOf } from './audit-event.ts';
import { categories, foldedState } from './folded-state.ts';
import { logAsOf } from './log-as-of.ts';
import { readable, readUntil } from './read-stream.ts';

export type AuditStreamDeps = QueryRouteDeps & LogReader & { readonly audit: AuditIndex };

const own = { tag: 'Auditors', access: { roles: ['auditor'] }, reads: [auditProjection] } as const;
const revisionQuery = z
  .string()
  .regex(/^\d{1,18}$/, 'is a revision')
  .transform(BigInt);
/** Rows looked through for the streams that one id touched. */
const scanned = 1_000;

const streamAnswer = z.object({
  stream: z.string(),
  category: z.string(),
  /** Of the last event shown. */
  revision: z.string(),
  events: z.array(auditEvent),
  /** Folded by the rules of the category; absent where an event can't be read. */
  state: z.unknown().optional(),
});

/** Streams that a name, an id, a slug, a coupon code, a correlation or an actor leads to. */
const streamsFor = async (audit: AuditIndex, q: string): Promise<readonly string[]> => {
  const names = [q, ...categories.map((category) => `${category}-${q}`)];
  const named = await Promise.all(names.map((stream) => audit.find({ stream, limit: 1 })));
  const touched = await Promise.all([
    audit.find({ correlationId: q, limit: scanned }),
    audit.find({ actorId: q, limit: scanned }),
  ]);
  return [...new Set([...named, ...touched].flat().map(({ stream }) => stream))];
};

/** Streams as auditors read them. */
export const auditStreamRoutes = (app: FastifyInstance, deps: AuditStreamDeps): void => {
  const { audit, store } = deps;

  queryRoute(app, deps, {
    ...own,
    url: '/audit/streams',
    summary: 'Streams by name, id, slug, coupon code, correlation or actor',
    query: pageQuery.extend({ q: z.string().min(1).max(300) }),
    params: noParams,
    answer: pageAnswer(
      z.object({ stream: z.string(), category: z.string(), revision: z.string(), lastRecordedAt: z.string() }),
    ),
    run: async ({ query }) => {
      const found = await streamsFor(audit, query.q);
      const { items, nextCursor } = pageOfAll(`streams ${query.q}`, found, (stream) => stream, query);
      const shown = [];
      for (const stream of items)
        for await (const [last] of store.readStream(stream, { backwards: true, limit: 1 })) {
          if (last === undefined) continue;
          const lastRecordedAt = timeText(last.recordedAt);
          shown.push({ stream, category: categoryOf(stream), revision: last.revision.toString(), lastRecordedAt });
        }
      return { items: shown, nextCursor };
    },
  });

  queryRoute(app, deps, {
    ...own,
    url: '/audit/streams/:stream',
    summary: 'The events of a stream and the state folded from them, also as it was',
    query: z
      .strictObject({ asOfRevision: revisionQuery.optional(), asOf: timeQuery.optional() })
      .refine(({ asOfRevision, asOf }) => asOfRevision === undefined || asOf === undefined, {
        path: ['asOf'],
        message: 'goes without asOfRevision',
      }),
    params: z.object({ stream: z.string().min(1).max(500) }),
    sends: ['ETag'],
    answer: streamAnswer,
    run: async ({ params: { stream }, query: { asOf, asOfRevision }, reply }) => {
      const until =
        asOfRevision !== undefined
          ? { revision: asOfRevision }
          : asOf !== undefined
            ? { before: await logAsOf(audit, asOf) }
            : undefined;
      const decoded = await readUntil(deps, stream, until);
      const events = decoded.map(auditEventOf);
      const last = events.at(-1);
      if (last === undefined) throw domainError('NOT_FOUND');
      const category = categoryOf(stream);
      const folded = readable(decoded);
      const state = folded === undefined ? undefined : foldedState(category, folded);
      withRevision(reply, last.revision);
      return { stream, category, revision: last.revision, events, ...(state === undefined ? {} : { state }) };
    },
  });
};
