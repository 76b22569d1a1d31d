import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { accountDecider } from '../../domain/account/account.ts';
import { domainError } from '../../domain/errors.ts';
import { ERASED } from '../../domain/event/definition.ts';
import { reviewDecider } from '../../domain/review/review.ts';
import { vendorDecider } from '../../domain/vendor/vendor.ts';
import type { Identity } from '../../infra/http/port.ts';
import type { Handling } from '../handling/handling.ts';
import { idFrom } from '../handling/ids.ts';
import { type CommandRouteDeps, commandRoute, idParams, mainStream } from '../http/command-route.ts';
import { signedIn } from '../http/signed-in.ts';
import { knownProduct } from '../products/own-product.ts';
import { type LicenseFinder, reviewableLicense } from './reviewable-license.ts';

export type ReviewDeps = CommandRouteDeps & LicenseFinder;

const reviewBody = z.strictObject({
  stars: z.number().int().min(1).max(5),
  title: z.string().trim().min(1).max(120).exactOptional(),
  body: z.string().trim().min(1).max(4000).exactOptional(),
});
const replyBody = z.strictObject({ body: z.string().trim().min(1).max(4000) });

/** One review a buyer and product: its id is made of both. */
export const reviewIdOf = (productId: string, authorId: string): string => idFrom(productId, authorId, 'review');

/** @throws DomainError NOT_FOUND: the review of somebody else's product is as absent as none; ACCOUNT_ERASED */
const mayReply = async (handling: Handling, reviewId: string, identity: Identity): Promise<void> => {
  const { state: review } = await handling.load(reviewDecider, reviewId);
  if (review.status === 'none') throw domainError('NOT_FOUND');
  const { state: vendor } = await handling.load(vendorDecider, review.vendorId);
  if (vendor.status === 'none' || vendor.ownerId !== identity.accountId) throw domainError('NOT_FOUND');
  const { state: author } = await handling.load(accountDecider, review.authorId);
  if (author.status !== 'registered' || author.displayName === ERASED)
    throw domainError('ACCOUNT_ERASED', 'Who wrote the review is erased: there is nobody to answer.');
};

/** Reviews by buyers, and the answers of vendors. */
export const reviewRoutes = (app: FastifyInstance, deps: ReviewDeps): void => {
  const { handling } = deps;
  const tag = 'Reviews';

  commandRoute(app, deps, {
    method: 'POST',
    url: '/products/:id/reviews',
    summary: 'Review a product that one bought; again: edit the review',
    tag,
    access: 'signedIn',
    status: 201,
    statusWhenKnown: 200,
    body: reviewBody,
    params: idParams,
    refuses: ['FORBIDDEN', 'LICENSE_STATE', 'READ_MODEL_BEHIND', 'ACCOUNT_ERASED'],
    main: ({ params, identity }) =>
      mainStream(reviewDecider, reviewIdOf(params.id.toLowerCase(), signedIn(identity).accountId)),
    run: async ({ params, identity, body, context, now, ifRevision }) => {
      const productId = params.id.toLowerCase();
      const { accountId: authorId } = signedIn(identity);
      const { vendorId } = await knownProduct(handling, productId);
      const { state: vendor } = await handling.load(vendorDecider, vendorId);
      if (vendor.status !== 'none' && vendor.ownerId === authorId)
        throw domainError('FORBIDDEN', 'Nobody reviews an own product.');
      const { licenseId } = await reviewableLicense(deps, { productId, ownerId: authorId, now });
      const reviewId = reviewIdOf(productId, authorId);
      const command = { type: 'WriteReview', reviewId, productId, vendorId, authorId, licenseId, ...body } as const;
      return handling.handle(reviewDecider, reviewId, command, context, { ifRevision });
    },
  });

  commandRoute(app, deps, {
    method: 'POST',
    url: '/reviews/:id/reply',
    summary: 'Answer a review of an own product; again: edit the answer',
    tag,
    access: { roles: ['vendor'] },
    status: 200,
    body: replyBody,
    params: idParams,
    // Asked here and not in `run`: what was recorded is nobody's who may not do it.
    refuses: ['ACCOUNT_ERASED'],
    main: async ({ params, identity }) => {
      await mayReply(handling, params.id, signedIn(identity));
      return mainStream(reviewDecider, params.id);
    },
    run: ({ params, body, context, ifRevision }) =>
      handling.handle(reviewDecider, params.id, { type: 'ReplyToReview', body: body.body }, context, { ifRevision }),
  });
};
