import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import type { AuditIndex } from '../../infra/audit/port.ts';
import type { DocumentAsOf, DocumentsAsOf } from '../../infra/documents/as-of.port.ts';
import { definitions } from '../../projections/definitions.ts';
import { auditProjection } from '../../projections/engine/source.ts';
import { timeQuery, timeText } from '../answers.ts';
import { type QueryRouteDeps, queryRoute } from '../http/query-route.ts';
import { logAsOf } from './log-as-of.ts';

export type DocumentAsOfDeps = QueryRouteDeps & { readonly audit: AuditIndex; readonly documentsAsOf: DocumentsAsOf };

const names: ReadonlySet<string> = new Set(definitions.map(({ name }) => name));

/** Documents of read models as they were. What is under way ends with its client, and with the service. */
export const documentAsOfRoute = (app: FastifyInstance, deps: DocumentAsOfDeps): void => {
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort(new Error('the service closes')));

  queryRoute(app, deps, {
    url: '/audit/read-models/:projection/:documentId',
    summary: 'A document of a read model as it was at a moment, folded from its events, personal fields sealed',
    tag: 'Auditors',
    access: { roles: ['auditor'] },
    reads: [auditProjection],
    query: z.strictObject({ asOf: timeQuery.optional() }),
    params: z.object({ projection: z.string().min(1).max(64), documentId: z.string().min(1).max(500) }),
    answer: z.object({
      projection: z.string(),
      documentId: z.string(),
      /** Null: now. */
      asOf: z.string().nullable(),
      /** Of the last event that it has seen. */
      position: z.string(),
      /** How many events it has seen. */
      events: z.number().int(),
      document: z.record(z.string(), z.unknown()),
    }),
    run: async ({ params: { projection, documentId }, query: { asOf }, raw, reply }) => {
      if (!names.has(projection)) throw domainError('NOT_FOUND');
      const before = asOf === undefined ? ((await deps.head()) ?? -1n) + 1n : await logAsOf(deps.audit, asOf);
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort(new Error('the client is gone')));
      const signal = AbortSignal.any([closing.signal, gone.signal]);
      let found: DocumentAsOf | undefined;
      try {
        found = await deps.documentsAsOf.find(projection, documentId, before, signal);
      } catch (error) {
        if (!signal.aborted)
          raw.log.error({ err: error, projection, documentId }, 'a document as of a moment was not read');
        throw domainError('UNAVAILABLE');
      }
      if (found === undefined) throw domainError('NOT_FOUND');
      const { document, position, events } = found;
      const at = asOf === undefined ? null : timeText(asOf);
      return { projection, documentId, asOf: at, position: position.toString(), events, document };
    },
  });
};
