import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { text, uuid } from '../event/fields.ts';

const stars = z.number().int().min(1).max(5);
/** `licenseId` is the licence that stands behind the review. */
const facts = { reviewId: uuid, productId: uuid, vendorId: uuid, authorId: uuid, licenseId: uuid, stars };
/** `detail`: how much is said, which stays when the words are erased; a projection that read it off the words would change with them. */
const words = {
  title: text(120).optional(),
  body: text(4000).optional(),
  detail: z.number().int().min(0).max(3).optional(),
};
const byAuthor = { personal: { subject: 'authorId', fields: ['title', 'body'] } };
const standing = z.object({ ...facts, reason: z.string() });

/**
 * Streams `review-<reviewId>`. A review counts from its publication on, until it is excluded, and again once it is
 * restored: whoever sums up stars needs no other event. What was written is encrypted under the author's key.
 */
export const reviewEvents = {
  ReviewPublished: event(1, z.object({ ...facts, ...words }), byAuthor),
  /** Only while the review counts. Another licence of the author may stand behind it from now on. */
  ReviewEdited: event(1, z.object({ ...facts, ...words, previousStars: stars, previousLicenseId: uuid }), byAuthor),
  ReviewExcluded: event(1, standing),
  ReviewRestored: event(1, standing),
  /** The vendor's answer, the last one holds. It speaks to the author by name: it is erased with the author's own words. */
  ReviewReplied: event(
    1,
    z.object({ reviewId: uuid, productId: uuid, vendorId: uuid, authorId: uuid, body: text(4000) }),
    { personal: { subject: 'authorId', fields: ['body'] } },
  ),
};
export type ReviewEvent = EventOf<typeof reviewEvents>;
