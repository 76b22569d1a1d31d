import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { currencyCode, minorUnits, uuid } from '../event/fields.ts';

const ofPayout = z.object({ payoutId: uuid, vendorId: uuid });
const failed = z.object({ payoutId: uuid, vendorId: uuid, reason: z.string() });

/** Streams `vendorPayout-<payoutId>`. The money was reserved in the vendor's account before. */
export const vendorPayoutEvents = {
  PayoutRequested: event(
    1,
    z.object({
      payoutId: uuid,
      vendorId: uuid,
      amount: minorUnits.positive(),
      currency: currencyCode,
      payoutAccount: z.string(),
    }),
  ),
  /** Recorded before the provider is asked: from here on a payout can't be cancelled. */
  PayoutStarted: event(1, ofPayout),
  PayoutInTransit: event(1, z.object({ payoutId: uuid, vendorId: uuid, providerRef: z.string() })),
  /** The provider was asked, because it had not reported, and says nothing new: still on its way, or still paid. */
  PayoutPolled: event(1, ofPayout),
  PayoutPaid: event(1, ofPayout),
  PayoutFailed: event(1, failed),
  PayoutReturned: event(1, failed),
  PayoutCancelled: event(1, ofPayout),
  /** The vendor's account followed this outcome. */
  PayoutSettled: event(
    1,
    z.object({ payoutId: uuid, vendorId: uuid, outcome: z.enum(['paid', 'failed', 'returned', 'cancelled']) }),
  ),
};
export type VendorPayoutEvent = EventOf<typeof vendorPayoutEvents>;
