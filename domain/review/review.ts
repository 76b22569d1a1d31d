import type { Decider } from '../decider.ts';
import { domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import { detailOf } from './detail.ts';
import type { ReviewEvent } from './events.ts';

export type ReviewFacts = {
  readonly reviewId: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly authorId: string;
  /** The licence that stands behind it. */
  readonly licenseId: string;
  readonly stars: number;
};

/** What was written is not kept: nothing is decided on it, and an erasure need not look for it here. */
export type Review =
  | { readonly status: 'none' }
  | (ReviewFacts & { readonly status: 'counted' | 'excluded'; readonly replied: boolean });

export type ReviewCommand =
  /** The first time a review, then an edit. The licence is active: checked on its stream before. */
  | ({ readonly type: 'WriteReview'; readonly title?: string; readonly body?: string } & ReviewFacts)
  /** Whether the licence stands (is neither suspended nor revoked). Of another licence than its own: nothing. */
  | { readonly type: 'FollowLicense'; readonly licenseId: string; readonly standing: boolean; readonly reason: string }
  | { readonly type: 'ReplyToReview'; readonly body: string };

const checkText = (path: string, text: string | undefined, max: number): void => {
  if (text === undefined || (text.length >= 1 && text.length <= max)) return;
  throw domainError('INVALID_INPUT', undefined, { errors: [{ path, message: `must have 1 to ${max} characters` }] });
};
const checkStars = (stars: number): void => {
  if (Number.isInteger(stars) && stars >= 1 && stars <= 5) return;
  throw domainError('INVALID_INPUT', undefined, { errors: [{ path: 'stars', message: 'must be 1, 2, 3, 4 or 5' }] });
};

const write = (
  { type: _, ...command }: Extract<ReviewCommand, { type: 'WriteReview' }>,
  review: Review,
): readonly ReviewEvent[] => {
  const written = { ...command, detail: detailOf(command.body) };
  checkStars(written.stars);
  checkText('title', written.title, 120);
  checkText('body', written.body, 4000);
  if (review.status === 'none') return [{ type: 'ReviewPublished', data: written }];
  const { stars: previousStars, licenseId: previousLicenseId } = review;
  const edited: ReviewEvent = { type: 'ReviewEdited', data: { ...written, previousStars, previousLicenseId } };
  if (review.status === 'counted') return [edited];
  const { status: _status, replied: _replied, ...facts } = review;
  const data = { ...facts, licenseId: written.licenseId, reason: 'written_anew' };
  return [{ type: 'ReviewRestored', data }, edited];
};

const decide = (command: ReviewCommand, review: Review): readonly ReviewEvent[] => {
  switch (command.type) {
    case 'WriteReview':
      return write(command, review);
    case 'FollowLicense': {
      if (review.status === 'none' || review.licenseId !== command.licenseId) return [];
      if ((review.status === 'counted') === command.standing) return [];
      const { status: _, replied: __, ...facts } = review;
      const type = command.standing ? 'ReviewRestored' : 'ReviewExcluded';
      return [{ type, data: { ...facts, reason: command.reason } }];
    }
    case 'ReplyToReview': {
      if (review.status === 'none') throw domainError('NOT_FOUND');
      checkText('body', command.body, 4000);
      const { reviewId, productId, vendorId, authorId } = review;
      return [{ type: 'ReviewReplied', data: { reviewId, productId, vendorId, authorId, body: command.body } }];
    }
    default:
      return unreachable(command);
  }
};

const factsOf = ({ reviewId, productId, vendorId, authorId, licenseId, stars }: ReviewFacts): ReviewFacts => ({
  ...{ reviewId, productId, vendorId, authorId, licenseId, stars },
});

const evolve = (review: Review, event: ReviewEvent): Review => {
  if (event.type === 'ReviewPublished')
    return review.status === 'none' ? { status: 'counted', replied: false, ...factsOf(event.data) } : review;
  if (review.status === 'none') return review;
  switch (event.type) {
    case 'ReviewEdited':
      return { ...review, ...factsOf(event.data) };
    case 'ReviewExcluded':
      return { ...review, status: 'excluded' };
    case 'ReviewRestored':
      return { ...review, status: 'counted', licenseId: event.data.licenseId };
    case 'ReviewReplied':
      return { ...review, replied: true };
    default:
      return unreachable(event);
  }
};

/**
 * Streams `review-<reviewId>`, one a buyer and product (the id is made of both). A review counts while the licence behind
 * it stands; excluded, it counts again when the licence is restored, or when it is written anew on another one.
 */
export const reviewDecider: Decider<ReviewCommand, Review, ReviewEvent> = {
  category: 'review',
  initial: { status: 'none' },
  decide,
  evolve,
};
