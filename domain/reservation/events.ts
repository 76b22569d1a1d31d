import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { timestamp, uuid } from '../event/fields.ts';

/**
 * A unique name is a stream: `email-<HMAC of the address>`, `productSlug-<slug>`, `vendorSlug-<slug>`.
 * Held for a holder until `until` (a registration that never came may be taken over), then confirmed for good.
 */
export const reservationEvents = {
  NameHeld: event(1, z.object({ holderId: uuid, until: timestamp })),
  NameConfirmed: event(1, z.object({ holderId: uuid })),
  NameReleased: event(1, z.object({ holderId: uuid })),
};
export type ReservationEvent = EventOf<typeof reservationEvents>;
