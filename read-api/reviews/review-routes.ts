import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Documents } from '../../infra/documents/port.ts';
import { people } from '../../projections/people/people.ts';
import { products } from '../../projections/products/products.ts';
import { type ReviewDocument, reviews } from '../../projections/reviews/reviews.ts';
import { vendors } from '../../projections/vendors/vendors.ts';
import { pageAnswer } from '../answers.ts';
import { pageReads, seenProduct } from '../catalogue/audience.ts';
import { idParams, pageQuery, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';
import { readModels } from '../read-models.ts';
import { ownVendor } from '../who-owns.ts';
import { ratingAnswer, ratingOf, reviewAnswer, reviewOf } from './review-answer.ts';

export type ReviewDeps = QueryRouteDeps & { readonly documents: Documents };

const newest = { field: 'createdAt', direction: 'desc' } as const;
/** Who says more helps more; of those the newest. */
const orders = { newest: [newest], helpful: [{ field: 'detail', direction: 'desc' } as const, newest] };

const vendorReview = reviewAnswer.extend({ product: z.object({ id: z.string(), title: z.string() }) });

/** Reviews as anyone reads them on the product page, and as their vendor answers them. What is excluded is not shown. */
export const reviewRoutes = (app: FastifyInstance, deps: ReviewDeps): void => {
  const models = readModels(deps.documents);
  const authorsOf = (shown: readonly ReviewDocument[]) =>
    models.getMany(
      people,
      shown.map(({ authorId }) => authorId),
    );

  queryRoute(app, deps, {
    url: '/products/:id/reviews',
    summary: 'Reviews of a product and the rating they make',
    tag: 'Reviews',
    access: 'anyone',
    query: pageQuery.extend({ sort: z.enum(['newest', 'helpful']).default('newest') }),
    params: idParams,
    answer: pageAnswer(reviewAnswer).extend(ratingAnswer.shape),
    reads: [reviews.name, people.name, ...pageReads],
    run: async ({ params, query: { sort, limit, cursor }, identity }) => {
      const { product } = await seenProduct(models, params.id, identity);
      const { items, nextCursor } = await models.page(reviews, {
        where: { productId: product.id, counted: true },
        order: orders[sort],
        ...{ limit, cursor },
      });
      const authors = await authorsOf(items);
      return {
        items: items.map((review) => reviewOf(review, authors.get(review.authorId))),
        nextCursor,
        ...ratingOf(product.stars),
      };
    },
  });

  queryRoute(app, deps, {
    url: '/vendors/:id/reviews',
    summary: 'Reviews of the vendor’s products, newest first; `unanswered=true`: those without a reply',
    tag: 'Reviews',
    access: { roles: ['vendor'] },
    query: pageQuery.extend({ unanswered: z.enum(['true', 'false']).optional() }),
    params: idParams,
    answer: pageAnswer(vendorReview),
    reads: [reviews.name, people.name, products.name, vendors.name],
    run: async ({ params, query: { unanswered, limit, cursor }, identity }) => {
      const vendor = await ownVendor(models, identity, params.id);
      const { items, nextCursor } = await models.page(reviews, {
        where: { vendorId: vendor.id, counted: true, ...(unanswered === 'true' ? { answered: false } : {}) },
        order: orders.newest,
        ...{ limit, cursor },
      });
      const [authors, reviewed] = await Promise.all([
        authorsOf(items),
        models.getMany(
          products,
          items.map(({ productId }) => productId),
        ),
      ]);
      const answered = items.map((review) => ({
        ...reviewOf(review, authors.get(review.authorId)),
        product: { id: review.productId, title: reviewed.get(review.productId)?.title ?? '' },
      }));
      return { items: answered, nextCursor };
    },
  });
};
