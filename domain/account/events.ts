import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { text, timestamp, uuid } from '../event/fields.ts';
import { apiKeyScope } from './api-key.ts';

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
  /** Whoever reads the mails of the address said so. `emailHash` names the address. */
  AccountEmailVerified: event(1, z.object({ accountId: uuid, emailHash: z.string() })),
  AccountRenamed: event(1, z.object({ accountId: uuid, displayName: z.string() }), {
    personal: { subject: 'accountId', fields: ['displayName'] },
  }),
  /** Unverified until its own AccountEmailVerified. `previousHash` names the address that is to become free. */
  AccountEmailChanged: event(
    1,
    z.object({ accountId: uuid, email: z.string(), emailHash: z.string(), previousHash: z.string() }),
    { personal: { subject: 'accountId', fields: ['email'] } },
  ),
  /** The secret itself is no part of any event. */
  ApiKeyCreated: event(
    1,
    z.object({
      accountId: uuid,
      keyId: uuid,
      name: text(80),
      scopes: z.array(apiKeyScope),
      createdAt: timestamp,
      expiresAt: timestamp,
    }),
    { personal: { subject: 'accountId', fields: ['name'] } },
  ),
  ApiKeyRevoked: event(1, z.object({ accountId: uuid, keyId: uuid })),
  /** For good: from here on nobody signs in, and everything personal is taken away. */
  AccountErased: event(1, z.object({ accountId: uuid })),
  /** Nothing of the person is left anywhere. */
  AccountErasureCompleted: event(1, z.object({ accountId: uuid })),
};
export type AccountEvent = EventOf<typeof accountEvents>;
