import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { domainError } from '../../domain/errors.ts';
import { formatFor } from '../http/negotiate.ts';
import { idParams, noQuery, type QueryRouteDeps, queryRoute, withRevision } from '../http/query-route.ts';
import { pdfOf } from '../paper/paper.ts';
import type { LogReader } from '../state-from-log.ts';
import { accountOf } from '../who-owns.ts';
import { invoiceAnswer, invoiceOf, invoicePaper } from './invoice.ts';
import { invoiceFacts, sellerAt } from './invoice-facts.ts';

export type InvoiceDeps = QueryRouteDeps & LogReader;

/** The invoice of a paid order, from the log alone: frozen with the order, the same bytes on every call. */
export const invoiceRoutes = (app: FastifyInstance, deps: InvoiceDeps): void => {
  queryRoute(app, deps, {
    url: '/orders/:id/invoice',
    summary: 'The invoice of a paid order, for its buyer: JSON or PDF',
    tag: 'Orders',
    access: 'signedIn',
    query: noQuery,
    params: idParams,
    sends: ['ETag', 'Content-Disposition'],
    answer: invoiceAnswer,
    formats: ['application/pdf'],
    refuses: ['ORDER_STATE'],
    reads: [],
    run: async ({ params, identity, raw, reply }) => {
      const format = formatFor(raw, ['application/json', 'application/pdf']);
      const facts = await invoiceFacts(deps, params.id);
      if (facts === undefined || facts.placed.data.customerId !== accountOf(identity)) throw domainError('NOT_FOUND');
      const { placed, paid } = facts;
      if (paid === undefined) throw domainError('ORDER_STATE', 'There is an invoice once the order is paid');
      const ids = [...new Set(placed.data.lines.map(({ vendorId }) => vendorId))];
      const sellers = await Promise.all(ids.map((id) => sellerAt(deps, id, placed.position)));
      const invoice = invoiceOf(placed, paid, new Map(sellers.map((seller) => [seller.id, seller])));
      withRevision(reply, paid.revision.toString());
      reply.header('vary', 'accept');
      if (format === 'application/json') return invoice;
      reply
        .header('content-type', 'application/pdf')
        .header('content-disposition', `attachment; filename="invoice-${invoice.orderId}.pdf"`);
      return Readable.from([await pdfOf(invoicePaper(invoice))]);
    },
  });
};
