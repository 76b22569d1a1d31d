import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { ERASED } from '../../domain/event/definition.ts';
import { sampleId as id, licenseId } from '../../domain/order/samples.ts';
import { desk } from '../desk/desk.ts';
import { documentsOf, happenedAt, inStream } from '../given.ts';
import { notifications } from '../notifications/notifications.ts';
import { people } from '../people/people.ts';
import { catalogue } from '../products/catalogue.ts';
import { search } from '../products/search.ts';
import { reviews } from './reviews.ts';

const [one, two] = [licenseId(1), licenseId(2)];
const productId = id(21);
const facts = { reviewId: id(61), productId, vendorId: id(31), authorId: id(3), licenseId: one, stars: 4 };
const published: DomainEvent = { type: 'ReviewPublished', data: { ...facts, title: 'Good', body: 'Works.' } };
const edited = (stars: number, now = one): DomainEvent => ({
  type: 'ReviewEdited',
  data: { ...facts, licenseId: now, stars, body: 'x'.repeat(500), previousStars: 4, previousLicenseId: one },
});
const excluded: DomainEvent = { type: 'ReviewExcluded', data: { ...facts, reason: 'license_revoked' } };
const restored: DomainEvent = { type: 'ReviewRestored', data: { ...facts, reason: 'license_active' } };
const replied: DomainEvent = {
  type: 'ReviewReplied',
  data: { ...{ reviewId: id(61), productId, vendorId: id(31), authorId: id(3) }, body: 'Thanks.' },
};
const review = (...events: DomainEvent[]) => inStream(`review-${id(61)}`, ...events);
const license = (type: 'LicenseSuspended' | 'LicenseRestored' | 'LicenseRevoked', of = one) =>
  inStream(`license-${of}`, { type, data: { licenseId: of, reason: 'dispute' } });

describe('reviews', () => {
  it('are listed while they count, without a word of their authors', async () => {
    const reviewAfter = async (...events: DomainEvent[]) => (await documentsOf(reviews, review(...events))).get(id(61));
    expect(await reviewAfter(published)).toMatchObject({
      stars: 4,
      counted: true,
      detail: 1,
      answered: false,
      editedAt: null,
    });
    expect(await reviewAfter(published, edited(2))).toMatchObject({ stars: 2, detail: 3, editedAt: happenedAt(1) });
    expect(await reviewAfter(published, excluded)).toMatchObject({ counted: false });
    expect(await reviewAfter(published, excluded, restored, replied)).toMatchObject({ counted: true, answered: true });
    expect(JSON.stringify(await reviewAfter(published, replied))).not.toMatch(/Works|Thanks|Good/);
  });

  it('say as much as before when their words were erased: a rebuilt model equals the live one', async () => {
    const erased: DomainEvent = { type: 'ReviewPublished', data: { ...facts, body: ERASED, detail: 2 } };
    expect((await documentsOf(reviews, review(erased))).get(id(61))).toMatchObject({ detail: 2 });
  });

  it('lie with their words in the document of their author', async () => {
    const registered: DomainEvent = {
      type: 'AccountRegistered',
      data: { accountId: id(3), email: 'c@example.test', emailHash: 'h', displayName: 'Cleo' },
    };
    const person = inStream(`account-${id(3)}`, registered);
    const words = async (...events: DomainEvent[]) =>
      (await documentsOf(people, person, review(...events))).get(id(3))?.reviews;
    expect(await words(published, replied)).toEqual({ [id(61)]: { title: 'Good', body: 'Works.', reply: 'Thanks.' } });
    expect(await words(published, replied, edited(2))).toEqual({
      [id(61)]: { title: null, body: 'x'.repeat(500), reply: 'Thanks.' },
    });
  });

  it('make the stars of cards and the rating of search', async () => {
    const listing = { title: 'Sorter', summary: '', description: '', category: 'Mail' };
    const tiers = [{ id: 'standard', name: 'Standard', price: 100, activationLimit: 3 }];
    const drafted: DomainEvent = {
      type: 'ProductDrafted',
      data: {
        productId,
        vendorId: id(31),
        slug: 's',
        ...listing,
        kind: 'other',
        integrations: [],
        tags: [],
        currency: 'USD',
        tiers,
        stock: null,
      },
    };
    const reviewAfter = async (...events: DomainEvent[]) => {
      const story = [inStream(`product-${productId}`, drafted), review(...events)];
      const [card, entry] = [await documentsOf(catalogue, ...story), await documentsOf(search, ...story)];
      return [card.get(productId)?.stars, entry.get(productId)?.rating];
    };
    expect(await reviewAfter(published)).toEqual([[0, 0, 0, 1, 0], 4]);
    expect(await reviewAfter(published, edited(1))).toEqual([[1, 0, 0, 0, 0], 1]);
    expect(await reviewAfter(published, excluded)).toEqual([[0, 0, 0, 0, 0], 0]);
    expect(await reviewAfter(published, excluded, restored)).toEqual([[0, 0, 0, 1, 0], 4]);
  });
});

describe('the desk', () => {
  const owedAfter = async (...story: Parameters<typeof documentsOf>[1][]) => {
    const documents = await documentsOf(desk, ...story);
    return [...documents.values()]
      .filter(({ dueAt, process }) => dueAt !== null && process === 'review')
      .map(({ key }) => key);
  };
  it('owes what a review and its licence differ in, whichever came first', async () => {
    expect(await owedAfter(review(published))).toEqual([]);
    expect(await owedAfter(review(published), license('LicenseRevoked'))).toEqual([one]);
    expect(await owedAfter(license('LicenseRevoked'), review(published))).toEqual([one]);
    expect(await owedAfter(review(published), license('LicenseSuspended'), license('LicenseRestored'))).toEqual([]);
    expect(await owedAfter(license('LicenseSuspended'), review(published, excluded))).toEqual([]);
    expect(
      await owedAfter(license('LicenseSuspended'), review(published, excluded), license('LicenseRestored')),
    ).toEqual([one]);
  });
  it('asks the licence that is behind the review now', async () => {
    expect(await owedAfter(review(published, edited(4, two)), license('LicenseRevoked'))).toEqual([]);
    expect(await owedAfter(review(published, edited(4, two)), license('LicenseRevoked', two))).toEqual([two]);
  });

  const raised = (mail: boolean): DomainEvent => ({
    type: 'NotificationRaised',
    data: { ...told, kind: 'licenseRevoked', cause: `license-${one}@0`, mail, facts: { licenseId: one } },
  });
  const told = { notificationId: id(71), accountId: id(3) };
  const settled: DomainEvent = { type: 'NotificationMailSettled', data: { ...told, outcome: 'sent' } };
  const of = (...events: DomainEvent[]) => inStream(`notification-${id(71)}`, ...events);
  it('owes the news until it is told, then the mail until it is sent', async () => {
    const owed = async (...events: DomainEvent[]) =>
      [...(await documentsOf(desk, license('LicenseRevoked'), of(...events))).keys()].filter(
        (key) => !key.startsWith('review:'),
      );
    expect(await owed()).toEqual([`notify:license-${one}@0`]);
    expect(await owed(raised(false))).toEqual([]);
    expect(await owed(raised(true))).toEqual([`mail:${id(71)}`]);
    expect(await owed(raised(true), settled)).toEqual([]);
  });
  it('has notifications unread until they are read', async () => {
    const read: DomainEvent = { type: 'NotificationRead', data: told };
    const reviewAfter = async (...events: DomainEvent[]) =>
      (await documentsOf(notifications, of(...events))).get(id(71));
    expect(await reviewAfter(raised(true), settled)).toMatchObject({
      kind: 'licenseRevoked',
      at: happenedAt(0),
      read: false,
    });
    expect(await reviewAfter(raised(true), read)).toMatchObject({ read: true, revision: '1' });
  });
});
