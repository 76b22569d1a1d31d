import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import type { AuditIndex, AuditRow } from '../../infra/audit/port.ts';
import { categoryOf } from '../../infra/event-store/port.ts';
import { auditProjection } from '../../projections/engine/source.ts';
import { noQuery, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';
import type { LogReader } from '../state-from-log.ts';
import { storyNode, storyOf } from './correlation-tree.ts';
import { markedState } from './folded-state.ts';
import { type Change, jsonChanges } from './json-changes.ts';
import { sealedMarks } from './personal-marks.ts';
import { readable, readUntil } from './read-stream.ts';

export type AuditStoryDeps = QueryRouteDeps & LogReader & { readonly audit: AuditIndex };

const own = { tag: 'Auditors', access: { roles: ['auditor'] }, reads: [auditProjection] } as const;
const revisionQuery = z
  .string()
  .regex(/^\d{1,18}$/, 'is a revision')
  .transform(BigInt);
const pageSize = 1_000;

const change = z.object({
  /** Dotted, into the folded state. */
  path: z.string(),
  /** Absent where there was, or is, nothing. */
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});

/** Every row of the correlation. */
const rowsOf = async (audit: AuditIndex, correlationId: string): Promise<readonly AuditRow[]> => {
  const rows: AuditRow[] = [];
  for (let after = 0; ; ) {
    const page = await audit.find({ correlationId, after, limit: pageSize });
    rows.push(...page);
    after = page.at(-1)?.n ?? after;
    if (page.length < pageSize) return rows;
  }
};

/** What happened between two revisions, and because of one request. */
export const auditStoryRoutes = (app: FastifyInstance, deps: AuditStoryDeps): void => {
  queryRoute(app, deps, {
    ...own,
    url: '/audit/streams/:stream/diff',
    summary: 'Which fields of the folded state differ between two revisions, personal fields sealed',
    query: z
      .strictObject({
        /** Absent: before the first event; the last one. */
        from: revisionQuery.optional(),
        to: revisionQuery.optional(),
      })
      .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
        path: ['to'],
        message: 'is not before from',
      }),
    params: z.object({ stream: z.string().min(1).max(500) }),
    answer: z.object({
      stream: z.string(),
      /** Null: before the first event. */
      from: z.string().nullable(),
      to: z.string(),
      /** Null where an event up to `to` can't be read. */
      changes: z.array(change).nullable(),
    }),
    run: async ({ params: { stream }, query: { from, to } }) => {
      const decoded = await readUntil(deps, stream, to === undefined ? undefined : { revision: to });
      const last = decoded.at(-1)?.stored.revision;
      if (last === undefined || (to ?? from ?? last) > last || (from ?? last) > last) throw domainError('NOT_FOUND');
      const events = readable(decoded);
      const shown = { stream, from: from === undefined ? null : from.toString(), to: last.toString() };
      if (events === undefined) return { ...shown, changes: null };
      const earlier = events.filter(({ revision }) => from !== undefined && revision <= from);
      const category = categoryOf(stream);
      // Marks tell personal values apart until it is known what changed.
      const found = jsonChanges(markedState(category, earlier), markedState(category, events));
      const changes = found.map(
        ({ path, before, after }): Change => ({
          path: sealedMarks(path),
          ...(before === undefined ? {} : { before: sealedMarks(before) }),
          ...(after === undefined ? {} : { after: sealedMarks(after) }),
        }),
      );
      return { ...shown, changes };
    },
  });

  queryRoute(app, deps, {
    ...own,
    url: '/audit/correlations/:id',
    summary: 'The whole story of one request: its events as a tree, each below the event that caused it',
    query: noQuery,
    params: z.object({ id: z.string().min(1).max(300) }),
    answer: z.object({ correlationId: z.string(), events: z.number().int(), roots: z.array(storyNode) }),
    run: async ({ params: { id } }) => {
      const rows = await rowsOf(deps.audit, id);
      if (rows.length === 0) throw domainError('NOT_FOUND');
      return { correlationId: id, events: rows.length, roots: [...storyOf(rows)] };
    },
  });
};
