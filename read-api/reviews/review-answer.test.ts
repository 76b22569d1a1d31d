import { describe, expect, it } from 'vitest';
import { ERASED } from '../../domain/event/definition.ts';
import type { PersonDocument } from '../../projections/people/people.ts';
import type { ReviewDocument } from '../../projections/reviews/reviews.ts';
import { authorName, ratingOf, reviewOf } from './review-answer.ts';

it.each([
  ['Ada Lovelace', 'Ada L.'],
  ['  ada   king  lovelace ', 'ada L.'],
  ['Ada', 'Ada'],
  ['Åsa Öberg', 'Åsa Ö.'],
  ['Ada 𝒳enon', 'Ada 𝒳.'],
  [ERASED, ERASED],
  [undefined, ERASED],
])('%s is shown as %s', (name, shown) => expect(authorName(name)).toBe(shown));

describe('a review of an erased author', () => {
  const review: ReviewDocument = {
    ...{ id: 'r', productId: 'p', vendorId: 'v', authorId: 'a', stars: 3, counted: true, detail: 1 },
    ...{ createdAt: 'then', editedAt: null, answered: true, repliedAt: 'later', revision: '1' },
  };
  const person: PersonDocument = {
    ...{ id: 'a', email: ERASED, displayName: ERASED, roles: [], vendorId: null, registeredAt: 'once', revision: '0' },
    machines: {},
    reviews: { r: { title: ERASED, body: ERASED, reply: ERASED } },
  };
  it.each([undefined, person])('keeps its stars and says nothing else', (author) =>
    expect(reviewOf(review, author)).toEqual({ id: 'r', stars: 3, author: ERASED, createdAt: 'then' }),
  );
});

it('the rating is the histogram, its mean to hundredths and the count', () => {
  expect(ratingOf([1, 0, 0, 0, 2])).toEqual({ histogram: { 1: 1, 2: 0, 3: 0, 4: 0, 5: 2 }, average: 3.67, count: 3 });
  expect(ratingOf([0, 0, 0, 0, 0])).toMatchObject({ average: 0, count: 0 });
});
