import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { currencyCode, text, uuid } from '../event/fields.ts';

const decision = z.object({ vendorId: uuid, reason: z.string().optional() });

/** Streams `vendor-<vendorId>`. The display name is a business name: a fact, not personal data. */
export const vendorEvents = {
  VendorRegistered: event(
    1,
    z.object({
      vendorId: uuid,
      ownerId: uuid,
      slug: z.string(),
      displayName: text(120),
      country: z.string().length(2),
      defaultCurrency: currencyCode,
    }),
  ),
  VendorApproved: event(1, decision),
  VendorSuspended: event(1, decision),
  VendorReinstated: event(1, decision),
  /** `account` is the payment provider's token. */
  VendorPayoutAccountSet: event(1, z.object({ vendorId: uuid, account: z.string() })),
  /** Only what changed. The slug stays: links to the vendor's page hold. */
  VendorRevised: event(
    1,
    z.object({
      vendorId: uuid,
      changes: z
        .object({ displayName: text(120), country: z.string().length(2), defaultCurrency: currencyCode })
        .partial(),
    }),
  ),
};
export type VendorEvent = EventOf<typeof vendorEvents>;
