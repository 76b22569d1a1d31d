import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type LedgerDocument, ledger } from '../../projections/money/ledger.ts';
import { vendors } from '../../projections/vendors/vendors.ts';
import { moneyAnswer, pageAnswer, timeQuery, timeText } from '../answers.ts';
import { formatFor } from '../http/negotiate.ts';
import { idParams, pageQuery, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';
import type { ReadModels } from '../read-models.ts';
import { ownVendor } from '../who-owns.ts';
import { csvRecord } from './csv.ts';

const entryAnswer = z.object({
  id: z.string(),
  /** The first four are the vendor's; `commission` is the market's, `clearing` the outside. */
  account: z.enum(['pending', 'available', 'reserved', 'paidOut', 'commission', 'clearing']),
  amount: moneyAnswer,
  effect: z.string(),
  eventId: z.string(),
  cause: z.object({
    type: z.enum(['sale', 'refund', 'dispute', 'payout']),
    id: z.string(),
    orderId: z.string().optional(),
  }),
  at: z.string(),
  position: z.string(),
});
type EntryAnswer = z.infer<typeof entryAnswer>;

const entryOf = (entry: LedgerDocument): EntryAnswer => ({
  id: entry.id,
  account: entryAnswer.shape.account.parse(entry.account),
  amount: { amount: entry.amount, currency: entry.currency },
  effect: entry.effect,
  eventId: entry.eventId,
  cause: {
    type: entry.cause.type,
    id: entry.cause.id,
    ...(entry.cause.orderId === null ? {} : { orderId: entry.cause.orderId }),
  },
  at: entry.at,
  position: entry.position,
});

const columns = [
  'position',
  'at',
  'effect',
  'account',
  'amount',
  'currency',
  'causeType',
  'causeId',
  'orderId',
  'eventId',
];

const csvOf = async function* (entries: AsyncIterable<LedgerDocument>): AsyncGenerator<string> {
  yield csvRecord(columns);
  for await (const { position, at, effect, account, amount, currency, cause, eventId } of entries)
    yield csvRecord([
      position,
      at,
      effect,
      account,
      amount,
      currency,
      cause.type,
      cause.id,
      cause.orderId ?? '',
      eventId,
    ]);
};

/** The double-entry ledger of a vendor, newest first: pages of JSON, or all of it as CSV (amounts in minor units). */
export const ledgerRoute = (app: FastifyInstance, deps: QueryRouteDeps & { readonly models: ReadModels }): void => {
  const { models } = deps;
  queryRoute(app, deps, {
    url: '/vendors/:id/ledger',
    summary: 'Ledger entries with cause and position, newest first; all of them as CSV',
    tag: 'Money',
    access: { roles: ['vendor'] },
    query: pageQuery.extend({
      /** Id of the sale, refund, dispute or payout. */
      cause: z.string().min(1).max(200).optional(),
      from: timeQuery.optional(),
      to: timeQuery.optional(),
    }),
    params: idParams,
    sends: ['Content-Disposition'],
    answer: pageAnswer(entryAnswer),
    formats: ['text/csv'],
    reads: [ledger.name, vendors.name],
    run: async ({ params, query: { cause, from, to, limit, cursor }, identity, raw, reply }) => {
      const format = formatFor(raw, ['application/json', 'text/csv']);
      const { id: vendorId } = await ownVendor(models, identity, params.id);
      const between = {
        ...(from === undefined ? {} : { gte: timeText(from) }),
        ...(to === undefined ? {} : { lt: timeText(to) }),
      };
      const entries = {
        where: {
          vendorId,
          ...(cause === undefined ? {} : { 'cause.id': cause }),
          ...(from === undefined && to === undefined ? {} : { at: between }),
        },
        order: [{ field: 'sequence', direction: 'desc' }],
        cursor,
      } as const;
      // Before the first line of CSV is out: a bad cursor can only be refused until then.
      const { items, nextCursor } = await models.page(ledger, { ...entries, limit });
      reply.header('vary', 'accept');
      if (format === 'text/csv') {
        reply
          .header('content-type', 'text/csv; charset=utf-8; header=present')
          .header('content-disposition', 'attachment; filename="ledger.csv"');
        return Readable.from(csvOf(models.each(ledger, entries)));
      }
      return { items: items.map(entryOf), nextCursor };
    },
  });
};
