import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { uuid } from '../event/fields.ts';

export const roles = ['customer', 'vendor', 'admin', 'auditor', 'operator'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/** Streams `account-<accountId>`. */
export const accountEvents = {
  AccountRegistered: event(
    1,
    z.object({ accountId: uuid, email: z.string(), emailHash: z.string(), displayName: z.string() }),
    { personal: { subject: 'accountId', fields: ['email', 'displayName'] } },
  ),
  /** `roles` without the implicit customer. `epoch` grows when a right was taken away: older tokens end. */
  AccountRolesChanged: event(1, z.object({ accountId: uuid, roles: z.array(role), epoch: z.number().int() })),
  /** One account has at most one vendor; it brings the role `vendor`. */
  AccountVendorLinked: event(1, z.object({ accountId: uuid, vendorId: uuid })),
};
export type AccountEvent = EventOf<typeof accountEvents>;
