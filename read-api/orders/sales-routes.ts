import type { FastifyInstance } from 'fastify';
import { orders } from '../../projections/orders/orders.ts';
import { sales } from '../../projections/sales/sales.ts';
import { vendors } from '../../projections/vendors/vendors.ts';
import { pageAnswer } from '../answers.ts';
import { idParams, pageQuery, queryRoute } from '../http/query-route.ts';
import { type Page, readModels } from '../read-models.ts';
import { ownVendor } from '../who-owns.ts';
import { orderAnswer, orderState } from './order-answer.ts';
import { orderAnswers, orderReads } from './order-answers.ts';
import type { OrderDeps } from './order-routes.ts';
import { cutToVendor } from './vendor-cut.ts';

/** With a filter, one request looks at so many sales at most: then its page is short, and the cursor goes on from there. */
const MOST_PAGES = 100;

/** A vendor's orders, cut to its lines. */
export const salesRoutes = (app: FastifyInstance, deps: OrderDeps): void => {
  const models = readModels(deps.documents);
  const answersOf = orderAnswers(models, deps.clock);

  queryRoute(app, deps, {
    url: '/vendors/:id/orders',
    summary: 'Orders with lines of the vendor, newest first, cut to these lines; with state a page may be short',
    tag: 'Orders',
    access: { roles: ['vendor'] },
    query: pageQuery.extend({ state: orderState.optional() }),
    params: idParams,
    answer: pageAnswer(orderAnswer),
    reads: [...orderReads, sales.name, vendors.name],
    run: async ({ params, query: { state, limit, cursor }, identity }) => {
      const { id: vendorId } = await ownVendor(models, identity, params.id);
      const pageFrom = (from: string | undefined, most: number): Promise<Page<{ readonly orderId: string }>> =>
        models.page(sales, {
          where: { vendorId },
          order: [{ field: 'createdAt', direction: 'desc' }],
          limit: most,
          cursor: from,
        });
      const whole = [];
      let nextCursor: string | null = cursor ?? null;
      for (let page = 0; page < MOST_PAGES && whole.length < limit && (page === 0 || nextCursor !== null); page += 1) {
        const found: Page<{ readonly orderId: string }> = await pageFrom(nextCursor ?? undefined, limit - whole.length);
        const known = await models.getMany(
          orders,
          found.items.map(({ orderId }) => orderId),
        );
        for (const { orderId } of found.items) {
          const order = known.get(orderId);
          if (order !== undefined && (state === undefined || order.state === state)) whole.push(order);
        }
        ({ nextCursor } = found);
      }
      const shown = whole.map((order) => cutToVendor(order, vendorId));
      return { items: await answersOf(shown, whole), nextCursor };
    },
  });
};
