import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { timestamp, uuid } from '../event/fields.ts';

/** Streams `stock-<productId>`: only products with limited stock ever have one. */
export const stockEvents = {
  /** `level` counts the vendor's settings of the stock (1, 2, …); from here `quantity` may be sold. */
  StockLevelSet: event(
    1,
    z.object({ productId: uuid, level: z.number().int(), quantity: z.number().int().nonnegative() }),
  ),
  StockReserved: event(
    1,
    z.object({ productId: uuid, orderId: uuid, quantity: z.number().int().positive(), until: timestamp }),
  ),
  StockConfirmed: event(1, z.object({ productId: uuid, orderId: uuid })),
  StockReleased: event(1, z.object({ productId: uuid, orderId: uuid, reason: z.string() })),
};
export type StockEvent = EventOf<typeof stockEvents>;
