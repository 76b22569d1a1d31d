import { z } from 'zod';
import { ERASED } from '../../domain/event/definition.ts';
import type { PersonDocument } from '../../projections/people/people.ts';
import type { ReviewDocument } from '../../projections/reviews/reviews.ts';
import { averageOf, countOf, type Stars } from '../../projections/reviews/stars.ts';

export const reviewAnswer = z.object({
  id: z.string(),
  stars: z.number().int(),
  title: z.string().optional(),
  body: z.string().optional(),
  /** First name and initial, or `[erased]`. */
  author: z.string(),
  createdAt: z.string(),
  editedAt: z.string().optional(),
  reply: z.object({ body: z.string(), at: z.string() }).optional(),
});

const stars = z.object({
  1: z.number().int(),
  2: z.number().int(),
  3: z.number().int(),
  4: z.number().int(),
  5: z.number().int(),
});
export const ratingAnswer = z.object({ histogram: stars, average: z.number(), count: z.number().int() });

/** `Ada L.` of `Ada Lovelace`; one name alone stands as it is; `[erased]` for nobody (any more). */
export const authorName = (displayName: string | undefined): string => {
  if (displayName === undefined || displayName === ERASED) return ERASED;
  const names = displayName.trim().split(/\s+/);
  const [first = ERASED] = names;
  const [initial] = names.length > 1 ? (names.at(-1) ?? '') : '';
  return initial === undefined ? first : `${first} ${initial.toUpperCase()}.`;
};

/** A review with its author's words; those of an erased author are gone, the stars stay. */
export const reviewOf = (review: ReviewDocument, author: PersonDocument | undefined): z.infer<typeof reviewAnswer> => {
  const shown = author?.displayName === ERASED ? undefined : author;
  const words = shown?.reviews[review.id];
  const { title = null, body = null, reply = null } = words ?? {};
  return {
    ...{ id: review.id, stars: review.stars, author: authorName(shown?.displayName), createdAt: review.createdAt },
    ...(title === null ? {} : { title }),
    ...(body === null ? {} : { body }),
    ...(review.editedAt === null ? {} : { editedAt: review.editedAt }),
    ...(reply === null || review.repliedAt === null ? {} : { reply: { body: reply, at: review.repliedAt } }),
  };
};

/** The rating that the stars of all reviews make. */
export const ratingOf = (given: Stars): z.infer<typeof ratingAnswer> => {
  const [one = 0, two = 0, three = 0, four = 0, five = 0] = given;
  return {
    histogram: { 1: one, 2: two, 3: three, 4: four, 5: five },
    average: averageOf(given),
    count: countOf(given),
  };
};
