import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import type { AuditIndex } from '../../infra/audit/port.ts';
import type { Clock } from '../../infra/clock/port.ts';
import { definitions } from '../../projections/definitions.ts';
import { auditProjection } from '../../projections/engine/source.ts';
import { timeQuery, timeText } from '../answers.ts';
import { type QueryRouteDeps, queryRoute } from '../http/query-route.ts';
import type { LogReader } from '../state-from-log.ts';
import { documentAsOf } from './document-as-of.ts';
import { logAsOf } from './log-as-of.ts';

export type DocumentAsOfDeps = QueryRouteDeps & LogReader & { readonly audit: AuditIndex; readonly clock: Clock };

const definitionNamed = new Map(definitions.map((definition) => [definition.name, definition]));

/** Documents of read models as they were. */
export const documentAsOfRoute = (app: FastifyInstance, deps: DocumentAsOfDeps): void => {
  queryRoute(app, deps, {
    url: '/audit/read-models/:projection/:documentId',
    summary: 'A document of a read model as it was at a moment, by replay of the log, personal fields sealed',
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
    run: async ({ params: { projection, documentId }, query: { asOf } }) => {
      const definition = definitionNamed.get(projection);
      if (definition === undefined) throw domainError('NOT_FOUND');
      const before = asOf === undefined ? ((await deps.head()) ?? -1n) + 1n : await logAsOf(deps.audit, asOf);
      const found = await documentAsOf(deps, definition, documentId, before);
      if (found === undefined) throw domainError('NOT_FOUND');
      const { document, position, events } = found;
      const at = asOf === undefined ? null : timeText(asOf);
      return { projection, documentId, asOf: at, position: position.toString(), events, document };
    },
  });
};
