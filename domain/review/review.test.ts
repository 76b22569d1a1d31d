import { describe, expect, it } from 'vitest';
import { given } from '../given.ts';
import type { ReviewEvent } from './events.ts';
import { reviewDecider } from './review.ts';

const id = (n: number): string => `0190a1b2-0000-7000-8000-${String(n).padStart(12, '0')}`;
const [licenseId, otherLicense] = [id(5), id(6)];
const facts = { reviewId: id(1), productId: id(2), vendorId: id(3), authorId: id(4), licenseId, stars: 4 };
const { licenseId: _, stars: __, ...ofReview } = facts;

const published: ReviewEvent = { type: 'ReviewPublished', data: { ...facts, body: 'Good.', detail: 1 } };
const excluded: ReviewEvent = { type: 'ReviewExcluded', data: { ...facts, reason: 'license_revoked' } };
const restored: ReviewEvent = { type: 'ReviewRestored', data: { ...facts, reason: 'license_active' } };
const replied: ReviewEvent = { type: 'ReviewReplied', data: { ...ofReview, body: 'Thanks.' } };
const edited = (stars: number, previousStars: number, now = licenseId, previousLicenseId = licenseId): ReviewEvent => ({
  type: 'ReviewEdited',
  data: { ...facts, detail: 0, licenseId: now, stars, previousStars, previousLicenseId },
});

const review = (...history: ReviewEvent[]) => given(reviewDecider, ...history);
const write = (more: object = {}) => ({ type: 'WriteReview', ...facts, ...more }) as const;
const follow = (standing: boolean, of = licenseId) =>
  ({
    type: 'FollowLicense',
    licenseId: of,
    standing,
    reason: standing ? 'license_active' : 'license_revoked',
  }) as const;

describe('writing', () => {
  it('publishes', () =>
    review()
      .when(write({ body: 'Good.' }))
      .then(published));
  it('again edits, and says the stars before', () =>
    review(published)
      .when(write({ stars: 2 }))
      .then(edited(2, 4)));
  it('again on another licence says so', () =>
    review(published)
      .when(write({ licenseId: otherLicense }))
      .then(edited(4, 4, otherLicense)));
  it('after an exclusion restores it on the new licence, then edits', () =>
    review(published, excluded)
      .when(write({ stars: 1, licenseId: otherLicense }))
      .then(
        { type: 'ReviewRestored', data: { ...facts, licenseId: otherLicense, reason: 'written_anew' } },
        edited(1, 4, otherLicense),
      ));
  it.each([
    ['no whole star', { stars: 3.5 }],
    ['0 stars', { stars: 0 }],
    ['6 stars', { stars: 6 }],
    ['a title of 121 characters', { title: 'x'.repeat(121) }],
    ['a body of 4001 characters', { body: 'x'.repeat(4001) }],
  ])('%s is refused', (_name, more) => review().when(write(more)).thenRefused('INVALID_INPUT'));
  it('as long as may be is not', () =>
    expect(
      review()
        .when(write({ title: 'x'.repeat(120), body: 'x'.repeat(4000) }))
        .events(),
    ).toHaveLength(1));
});

describe('following the licence', () => {
  it('is excluded when it falls', () => review(published).when(follow(false)).then(excluded));
  it('counts again when it is restored', () => review(published, excluded).when(follow(true)).then(restored));
  it('is nothing when it follows already', () => {
    review(published).when(follow(true)).thenNothing();
    review(published, excluded).when(follow(false)).thenNothing();
  });
  it('is nothing for a licence that is not behind it (any more)', () => {
    review(published).when(follow(false, otherLicense)).thenNothing();
    review(published, edited(4, 4, otherLicense))
      .when(follow(false))
      .thenNothing();
  });
  it('is nothing without a review', () => review().when(follow(false)).thenNothing());
  it('is excluded with the stars given last', () =>
    review(published, edited(2, 4))
      .when(follow(false))
      .then({ type: 'ReviewExcluded', data: { ...facts, stars: 2, reason: 'license_revoked' } }));
});

describe('a reply', () => {
  const reply = (body: string) => ({ type: 'ReplyToReview', body }) as const;
  it('is recorded', () => review(published).when(reply('Thanks.')).then(replied));
  it('again takes its place', () => expect(review(published, replied).when(reply('Better.')).events()).toHaveLength(1));
  it('to no review is refused', () => review().when(reply('Thanks.')).thenRefused('NOT_FOUND'));
  it.each(['', 'x'.repeat(4001)])('of a wrong length is refused', (body) =>
    review(published).when(reply(body)).thenRefused('INVALID_INPUT'),
  );
});

it('an impossible event changes nothing, and no words are kept', () => {
  expect(review(excluded, replied).state()).toEqual({ status: 'none' });
  expect(review(published, published).state()).toEqual({ status: 'counted', replied: false, ...facts });
});
