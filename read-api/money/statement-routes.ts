import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { domainError } from '../../domain/errors.ts';
import { month } from '../../domain/vendor-account/events.ts';
import { statementIdOf, statements } from '../../projections/money/statements.ts';
import { vendors } from '../../projections/vendors/vendors.ts';
import { pageAnswer } from '../answers.ts';
import { formatFor } from '../http/negotiate.ts';
import { idParams, noQuery, pageQuery, type QueryRouteDeps, queryRoute, withRevision } from '../http/query-route.ts';
import { pdfOf } from '../paper/paper.ts';
import type { ReadModels } from '../read-models.ts';
import { ownVendor } from '../who-owns.ts';
import { statementAnswer, statementCsv, statementOf, statementPaper } from './statement.ts';

const formats = ['application/json', 'text/csv', 'application/pdf'] as const;

/** Frozen statements, one a closed month: the same bytes on every call, in each format. */
export const statementRoutes = (app: FastifyInstance, deps: QueryRouteDeps & { readonly models: ReadModels }): void => {
  const { models } = deps;
  const own = { tag: 'Money', access: { roles: ['vendor'] }, reads: [statements.name, vendors.name] } as const;

  queryRoute(app, deps, {
    ...own,
    url: '/vendors/:id/statements',
    summary: 'Statements of the closed months, newest first',
    query: pageQuery,
    params: idParams,
    answer: pageAnswer(statementAnswer),
    run: async ({ params, query: { limit, cursor }, identity }) => {
      const { id: vendorId } = await ownVendor(models, identity, params.id);
      const { items, nextCursor } = await models.page(statements, {
        where: { vendorId },
        order: [{ field: 'period', direction: 'desc' }],
        ...{ limit, cursor },
      });
      return { items: items.map(statementOf), nextCursor };
    },
  });

  queryRoute(app, deps, {
    ...own,
    url: '/vendors/:id/statements/:period',
    summary: 'The statement of a month (yyyy-mm): JSON, CSV or PDF',
    query: noQuery,
    params: idParams.extend({ period: month }),
    sends: ['ETag', 'Content-Disposition'],
    answer: statementAnswer,
    formats: formats.slice(1),
    run: async ({ params, identity, raw, reply }) => {
      const format = formatFor(raw, formats);
      const { id: vendorId } = await ownVendor(models, identity, params.id);
      const found = await models.get(statements, statementIdOf(vendorId, params.period));
      if (found === undefined) throw domainError('NOT_FOUND');
      const statement = statementOf(found);
      withRevision(reply, found.revision);
      reply.header('vary', 'accept');
      const file = `attachment; filename="statement-${statement.period}`;
      if (format === 'text/csv') {
        reply.header('content-type', 'text/csv; charset=utf-8; header=present');
        reply.header('content-disposition', `${file}.csv"`);
        return Readable.from([statementCsv(statement)]);
      }
      if (format === 'application/pdf') {
        reply.header('content-type', 'application/pdf').header('content-disposition', `${file}.pdf"`);
        return Readable.from([await pdfOf(statementPaper(statement))]);
      }
      return statement;
    },
  });
};
