import { licenseDecider } from '../../domain/license/license.ts';
import { reviewDecider } from '../../domain/review/review.ts';
import { becauseOf } from '../handling/context.ts';
import type { Handling } from '../handling/handling.ts';
import type { Reactor } from '../reacting/reactor.ts';
import { reviewIdOf } from './routes.ts';

/**
 * A review counts while the licence behind it stands: excluded when that is suspended or revoked, restored with it. Also
 * driven by what was just written: the licence may have fallen between the check and the review. Key: the licence's id.
 */
export const reviewReactor = (handling: Handling): Reactor => ({
  process: 'review',
  concerns: (event) => {
    switch (event.type) {
      case 'LicenseSuspended':
      case 'LicenseRestored':
      case 'LicenseRevoked':
      case 'ReviewPublished':
      case 'ReviewEdited':
        return [event.data.licenseId];
      default:
        return []; // any other event is no concern of reviews
    }
  },
  drive: async (licenseId) => {
    const { state: license, last } = await handling.load(licenseDecider, licenseId);
    if (license.status === 'none' || last === undefined) return;
    const reviewId = reviewIdOf(license.productId, license.ownerId);
    const review = await handling.load(reviewDecider, reviewId);
    if (!review.exists) return;
    const standing = license.status === 'active';
    const command = { type: 'FollowLicense', licenseId, standing, reason: `license_${license.status}` } as const;
    // The review's revision is part of the step: written anew, it follows the same state of the licence once more.
    await handling.handle(reviewDecider, reviewId, command, becauseOf(last, `review:${review.revision}`));
  },
});
