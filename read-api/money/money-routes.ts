import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import type { AuditIndex } from '../../infra/audit/port.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { Documents } from '../../infra/documents/port.ts';
import { auditProjection } from '../../projections/engine/source.ts';
import { balances } from '../../projections/money/balances.ts';
import { ledger } from '../../projections/money/ledger.ts';
import { type PayoutDocument, payouts } from '../../projections/money/payouts.ts';
import { vendors } from '../../projections/vendors/vendors.ts';
import { moneyAnswer, pageAnswer, timeQuery, timeText } from '../answers.ts';
import { idParams, noQuery, pageQuery, type QueryRouteDeps, queryRoute, withRevision } from '../http/query-route.ts';
import { readModels } from '../read-models.ts';
import { ownVendor } from '../who-owns.ts';
import { balanceAnswer, balanceAsOf, balanceNow } from './balance.ts';
import { ledgerRoute } from './ledger-route.ts';
import { seriesRoute } from './series-route.ts';
import { statementRoutes } from './statement-routes.ts';

export type MoneyDeps = QueryRouteDeps & {
  readonly documents: Documents;
  readonly audit: AuditIndex;
  readonly clock: Clock;
};

const payoutAnswer = z.object({
  id: z.string(),
  amount: moneyAnswer,
  state: z.enum(['requested', 'inTransit', 'paid', 'failed', 'returned', 'cancelled']),
  payoutAccount: z.string(),
  attempts: z.array(z.object({ at: z.string() })),
  reasons: z.array(z.object({ at: z.string(), reason: z.string() })),
  requestedAt: z.string(),
});

const payoutOf = (payout: PayoutDocument): z.infer<typeof payoutAnswer> => ({
  id: payout.id,
  amount: { amount: payout.amount, currency: payout.currency },
  state: payout.state,
  payoutAccount: payout.payoutAccount,
  attempts: [...payout.attempts],
  reasons: [...payout.reasons],
  requestedAt: payout.requestedAt,
});

/** A vendor's money, for the vendor alone. */
export const moneyRoutes = (app: FastifyInstance, deps: MoneyDeps): void => {
  const models = readModels(deps.documents);
  const own = { tag: 'Money', access: { roles: ['vendor'] }, params: idParams } as const;

  queryRoute(app, deps, {
    ...own,
    url: '/vendors/:id/balance',
    summary: 'The balance in each currency, minor units; as it was with asOf',
    query: z.strictObject({ asOf: timeQuery.optional() }),
    sends: ['ETag'],
    answer: balanceAnswer,
    reads: [balances.name, ledger.name, vendors.name, auditProjection],
    run: async ({ params, query: { asOf }, identity, reply }) => {
      const { id } = await ownVendor(models, identity, params.id);
      if (asOf !== undefined) return balanceAsOf(models, deps.audit, id, asOf);
      const balance = await models.get(balances, id);
      if (balance !== undefined) withRevision(reply, balance.revision);
      const position = (await deps.documents.position(balances.name)) ?? 0n;
      return balanceNow(balance, { asOf: timeText(deps.clock.now()), position: position.toString() });
    },
  });

  ledgerRoute(app, { ...deps, models });
  seriesRoute(app, { ...deps, models });
  statementRoutes(app, { ...deps, models });

  queryRoute(app, deps, {
    ...own,
    url: '/vendors/:id/payouts',
    summary: 'Payouts, newest first',
    query: pageQuery,
    answer: pageAnswer(payoutAnswer),
    reads: [payouts.name, vendors.name],
    run: async ({ params, query: { limit, cursor }, identity }) => {
      const { id: vendorId } = await ownVendor(models, identity, params.id);
      const { items, nextCursor } = await models.page(payouts, {
        where: { vendorId },
        order: [{ field: 'requestedAt', direction: 'desc' }],
        ...{ limit, cursor },
      });
      return { items: items.map(payoutOf), nextCursor };
    },
  });

  queryRoute(app, deps, {
    ...own,
    url: '/vendors/:id/payouts/:payoutId',
    summary: 'A payout: state, attempts, reasons',
    query: noQuery,
    params: idParams.extend({ payoutId: z.uuid() }),
    sends: ['ETag'],
    answer: payoutAnswer,
    reads: [payouts.name, vendors.name],
    run: async ({ params, identity, reply }) => {
      const { id: vendorId } = await ownVendor(models, identity, params.id);
      const payout = await models.get(payouts, params.payoutId);
      if (payout === undefined || payout.vendorId !== vendorId) throw domainError('NOT_FOUND');
      withRevision(reply, payout.revision);
      return payoutOf(payout);
    },
  });

  queryRoute(app, deps, {
    ...own,
    url: '/vendors/:id/payout-account',
    summary: 'Where payouts go: the provider’s token; null: none was set',
    query: noQuery,
    sends: ['ETag'],
    answer: z.object({ account: z.string().nullable() }),
    reads: [vendors.name],
    run: async ({ params, identity, reply }) => {
      const vendor = await ownVendor(models, identity, params.id);
      withRevision(reply, vendor.revision);
      return { account: vendor.payoutAccount };
    },
  });
};
