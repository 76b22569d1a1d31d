import type { FastifyInstance } from 'fastify';
import { domainError } from '../../domain/errors.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { Documents } from '../../infra/documents/port.ts';
import type { Identity } from '../../infra/http/port.ts';
import type { OrderDocument } from '../../projections/orders/document.ts';
import { orders } from '../../projections/orders/orders.ts';
import { vendors } from '../../projections/vendors/vendors.ts';
import { pageAnswer } from '../answers.ts';
import {
  idParams,
  noParams,
  noQuery,
  pageQuery,
  type QueryRouteDeps,
  queryRoute,
  withRevision,
} from '../http/query-route.ts';
import { type ReadModels, readModels } from '../read-models.ts';
import { accountOf, isAdmin, vendorOf } from '../who-owns.ts';
import { orderAnswer, orderState, type SeenOrder } from './order-answer.ts';
import { orderAnswers, orderReads } from './order-answers.ts';
import { cutToVendor } from './vendor-cut.ts';

export type OrderDeps = QueryRouteDeps & { readonly documents: Documents; readonly clock: Clock };

/** The order cut to its reader; undefined for whom it is none of their business. */
const seenBy = async (
  models: ReadModels,
  order: OrderDocument,
  identity: Identity | undefined,
): Promise<SeenOrder | undefined> => {
  if (order.customerId === accountOf(identity) || isAdmin(identity)) return order;
  const vendor = await vendorOf(models, identity);
  const sells = vendor !== undefined && order.lines.some((line) => line.vendorId === vendor.id);
  return sells ? cutToVendor(order, vendor.id) : undefined;
};

/** One's own purchases, and any order for those it concerns. */
export const orderRoutes = (app: FastifyInstance, deps: OrderDeps): void => {
  const models = readModels(deps.documents);

  const answersOf = orderAnswers(models, deps.clock);

  queryRoute(app, deps, {
    url: '/orders',
    summary: 'Own purchases, newest first',
    tag: 'Orders',
    access: 'signedIn',
    query: pageQuery.extend({ state: orderState.optional() }),
    params: noParams,
    answer: pageAnswer(orderAnswer),
    reads: orderReads,
    run: async ({ query: { state, limit, cursor }, identity }) => {
      const { items, nextCursor } = await models.page(orders, {
        where: { customerId: accountOf(identity), ...(state === undefined ? {} : { state }) },
        order: [{ field: 'createdAt', direction: 'desc' }],
        ...{ limit, cursor },
      });
      return { items: await answersOf(items, items), nextCursor };
    },
  });

  queryRoute(app, deps, {
    url: '/orders/:id',
    summary: 'An order: all of it for its buyer and administrators, its own lines for a vendor',
    tag: 'Orders',
    access: 'signedIn',
    query: noQuery,
    params: idParams,
    sends: ['ETag'],
    answer: orderAnswer,
    reads: [...orderReads, vendors.name],
    run: async ({ params, identity, reply }) => {
      const order = await models.get(orders, params.id);
      if (order === undefined) throw domainError('NOT_FOUND');
      const seen = await seenBy(models, order, identity);
      if (seen === undefined) throw domainError('NOT_FOUND');
      const [answer] = await answersOf([seen], [order]);
      if (answer === undefined) throw new Error(`order ${params.id} got lost on the way`);
      withRevision(reply, seen.revision);
      return answer;
    },
  });
};
