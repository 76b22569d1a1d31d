import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { text, timestamp, uuid } from '../event/fields.ts';

const personalMachine = { personal: { subject: 'ownerId', fields: ['machine', 'name'] } };
const withReason = z.object({ licenseId: uuid, reason: z.string() });

/** Streams `license-<licenseId>`. The key itself is never stored, only its hash. */
export const licenseEvents = {
  LicenseIssued: event(
    1,
    z.object({
      licenseId: uuid,
      keyHash: z.string(),
      orderId: uuid,
      lineId: uuid,
      productId: uuid,
      vendorId: uuid,
      ownerId: uuid,
      title: text(120),
      tierId: z.string(),
      activationLimit: z.number().int().positive(),
      expiresAt: timestamp.optional(),
    }),
  ),
  /** Machine and name may identify a person: encrypted under the owner's key. */
  LicenseActivated: event(
    1,
    z.object({ licenseId: uuid, ownerId: uuid, machine: z.string(), name: z.string().optional() }),
    personalMachine,
  ),
  LicenseDeactivated: event(1, z.object({ licenseId: uuid, ownerId: uuid, machine: z.string() }), {
    personal: { subject: 'ownerId', fields: ['machine'] },
  }),
  LicenseSuspended: event(1, withReason),
  LicenseRestored: event(1, withReason),
  LicenseRevoked: event(1, withReason),
};
export type LicenseEvent = EventOf<typeof licenseEvents>;
