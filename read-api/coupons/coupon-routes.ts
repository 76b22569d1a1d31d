import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Documents } from '../../infra/documents/port.ts';
import { type CouponDocument, coupons } from '../../projections/coupons/coupons.ts';
import { moneyAnswer, pageAnswer } from '../answers.ts';
import { noParams, pageQuery, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';
import { readModels } from '../read-models.ts';
import { accountOf } from '../who-owns.ts';

const couponAnswer = z.object({
  code: z.string(),
  state: z.enum(['active', 'closed']),
  percentOff: z.number().int().optional(),
  amountOff: moneyAnswer.optional(),
  maxRedemptions: z.number().int().optional(),
  perCustomer: z.number().int().optional(),
  productIds: z.array(z.string()).optional(),
  startsAt: z.string().optional(),
  endsAt: z.string().optional(),
  /** `held` by orders under way, `confirmed` by paid ones. */
  uses: z.object({ held: z.number().int(), confirmed: z.number().int() }),
  createdAt: z.string(),
});

const couponOf = (coupon: CouponDocument): z.infer<typeof couponAnswer> => ({
  code: coupon.code,
  state: coupon.state,
  ...(coupon.percentOff === null ? {} : { percentOff: coupon.percentOff }),
  ...(coupon.amountOff === null ? {} : { amountOff: coupon.amountOff }),
  ...(coupon.maxRedemptions === null ? {} : { maxRedemptions: coupon.maxRedemptions }),
  ...(coupon.perCustomer === null ? {} : { perCustomer: coupon.perCustomer }),
  ...(coupon.productIds === null ? {} : { productIds: [...coupon.productIds] }),
  ...(coupon.startsAt === null ? {} : { startsAt: coupon.startsAt }),
  ...(coupon.endsAt === null ? {} : { endsAt: coupon.endsAt }),
  uses: { held: coupon.held, confirmed: coupon.confirmed },
  createdAt: coupon.createdAt,
});

export type CouponDeps = QueryRouteDeps & { readonly documents: Documents };

/** One's own coupons. */
export const couponRoutes = (app: FastifyInstance, deps: CouponDeps): void => {
  const models = readModels(deps.documents);
  queryRoute(app, deps, {
    url: '/coupons',
    summary: 'Own coupons with their uses, newest first',
    tag: 'Coupons',
    access: { roles: ['vendor', 'admin'] },
    query: pageQuery,
    params: noParams,
    answer: pageAnswer(couponAnswer),
    reads: [coupons.name],
    run: async ({ query: { limit, cursor }, identity }) => {
      const { items, nextCursor } = await models.page(coupons, {
        where: { makerId: accountOf(identity) },
        order: [{ field: 'createdAt', direction: 'desc' }],
        ...{ limit, cursor },
      });
      return { items: items.map(couponOf), nextCursor };
    },
  });
};
