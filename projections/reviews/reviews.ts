import type { Recorded } from '../../domain/event/recorded.ts';
import { detailOf } from '../../domain/review/detail.ts';
import { projection } from '../definition.ts';

/** A review without its words: those are the author's, see people. */
export type ReviewDocument = {
  readonly id: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly authorId: string;
  readonly stars: number;
  /** False while it is excluded: it is not shown then. */
  readonly counted: boolean;
  /** How much is said: 0 nothing, 1 a few words, 2 some sentences, 3 a whole report. */
  readonly detail: number;
  readonly createdAt: string;
  readonly editedAt: string | null;
  readonly answered: boolean;
  readonly repliedAt: string | null;
  readonly revision: string;
};

type OfReview = Recorded<{ readonly type: string; readonly data: { readonly reviewId: string } }>;
const reviewId = (event: OfReview): string => event.data.reviewId;
const standing =
  (counted: boolean) =>
  (review: ReviewDocument | undefined, event: OfReview): ReviewDocument | undefined =>
    review && { ...review, counted, revision: event.revision.toString() };

/** Reviews by product and by vendor. */
export const reviews = projection<ReviewDocument>('reviews', {
  version: 2,
  sink: 'documents',
  indexes: [
    ['productId', 'counted', 'createdAt'],
    ['productId', 'counted', 'detail', 'createdAt'],
    ['vendorId', 'counted', 'createdAt'],
  ],
})
  .on('ReviewPublished', reviewId, (_, { data, metadata, revision }) => ({
    id: data.reviewId,
    productId: data.productId,
    vendorId: data.vendorId,
    authorId: data.authorId,
    stars: data.stars,
    counted: true,
    detail: data.detail ?? detailOf(data.body),
    createdAt: metadata.occurredAt,
    editedAt: null,
    answered: false,
    repliedAt: null,
    revision: revision.toString(),
  }))
  .on(
    'ReviewEdited',
    reviewId,
    (review, { data, metadata, revision }) =>
      review && {
        ...review,
        ...{ stars: data.stars, detail: data.detail ?? detailOf(data.body), editedAt: metadata.occurredAt },
        revision: revision.toString(),
      },
  )
  .on('ReviewExcluded', reviewId, standing(false))
  .on('ReviewRestored', reviewId, standing(true))
  .on(
    'ReviewReplied',
    reviewId,
    (review, { metadata, revision }) =>
      review && { ...review, answered: true, repliedAt: metadata.occurredAt, revision: revision.toString() },
  );
