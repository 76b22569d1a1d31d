import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type DisputeDocument, disputes, vendorDisputes } from '../../projections/disputes/disputes.ts';
import type { OrderDocument } from '../../projections/orders/document.ts';
import { orders } from '../../projections/orders/orders.ts';
import { people } from '../../projections/people/people.ts';
import { vendors } from '../../projections/vendors/vendors.ts';
import { moneyAnswer, pageAnswer } from '../answers.ts';
import { noParams, pageQuery, queryRoute } from '../http/query-route.ts';
import { type Page, type ReadModels, readModels } from '../read-models.ts';
import { isAdmin, vendorOf } from '../who-owns.ts';
import type { OrderDeps } from './order-routes.ts';
import { cutToVendor } from './vendor-cut.ts';

const disputeAnswer = z.object({
  id: z.string(),
  orderId: z.string(),
  state: z.enum(['open', 'won', 'lost']),
  /** For a vendor: what was left of its lines. */
  amount: moneyAnswer,
  reason: z.string(),
  openedAt: z.string(),
  closedAt: z.string().optional(),
  evidence: z.array(
    z.object({
      id: z.string(),
      at: z.string(),
      state: z.enum(['recorded', 'sent', 'refused']),
      text: z.string().optional(),
    }),
  ),
});
type DisputeAnswer = z.infer<typeof disputeAnswer>;

/** What was written against the disputes, by evidence id; an erased author's words are gone. */
const textsOf = async (models: ReadModels, shown: readonly DisputeDocument[]): Promise<ReadonlyMap<string, string>> => {
  const authors = shown.flatMap(({ evidence }) => evidence.map(({ by }) => by));
  const persons = await models.getMany(people, authors);
  return new Map([...persons.values()].flatMap(({ evidence }) => Object.entries(evidence ?? {})));
};

const answerOf = (
  dispute: DisputeDocument,
  order: OrderDocument,
  amount: number,
  texts: ReadonlyMap<string, string>,
): DisputeAnswer => ({
  id: dispute.id,
  orderId: dispute.orderId,
  state: dispute.state,
  amount: { amount, currency: order.currency },
  reason: dispute.reason,
  openedAt: dispute.openedAt,
  ...(dispute.closedAt === null ? {} : { closedAt: dispute.closedAt }),
  evidence: dispute.evidence.map(({ id, at, state }) => {
    const text = texts.get(id);
    return { id, at, state, ...(text === undefined ? {} : { text }) };
  }),
});

/** All disputes for an administrator, for a vendor those that hold its money. */
export const disputeRoutes = (app: FastifyInstance, deps: OrderDeps): void => {
  const models = readModels(deps.documents);
  const order = [{ field: 'openedAt', direction: 'desc' }] as const;

  queryRoute(app, deps, {
    url: '/disputes',
    summary: 'Disputes, newest first: a vendor sees those about its lines',
    tag: 'Orders',
    access: { roles: ['vendor', 'admin'] },
    query: pageQuery,
    params: noParams,
    answer: pageAnswer(disputeAnswer),
    reads: [disputes.name, vendorDisputes.name, orders.name, people.name, vendors.name],
    run: async ({ query: { limit, cursor }, identity }) => {
      const vendor = isAdmin(identity) ? undefined : await vendorOf(models, identity);
      if (vendor === undefined && !isAdmin(identity)) return { items: [], nextCursor: null };
      const found: Page<{ readonly id: string }> | undefined =
        vendor === undefined ? await models.page(disputes, { where: {}, order, limit, cursor }) : undefined;
      const own =
        vendor === undefined
          ? undefined
          : await models.page(vendorDisputes, { where: { vendorId: vendor.id }, order, limit, cursor });
      const ids = (found?.items ?? []).map(({ id }) => id).concat((own?.items ?? []).map(({ disputeId }) => disputeId));
      const known = await models.getMany(disputes, ids);
      const shown = ids.flatMap((id) => known.get(id) ?? []);
      const [about, texts] = await Promise.all([
        models.getMany(
          orders,
          shown.map(({ orderId }) => orderId),
        ),
        textsOf(models, shown),
      ]);
      const items = shown.flatMap((dispute) => {
        const whole = about.get(dispute.orderId);
        if (whole === undefined) return [];
        const cut = vendor === undefined ? undefined : cutToVendor(whole, vendor.id).dispute;
        return [answerOf(dispute, whole, cut?.amount ?? dispute.amount, texts)];
      });
      return { items, nextCursor: (found ?? own)?.nextCursor ?? null };
    },
  });
};
