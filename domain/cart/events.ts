import { z } from 'zod';
import { type EventOf, event } from '../event/definition.ts';
import { uuid } from '../event/fields.ts';

const cartItem = z.object({ productId: uuid, tierId: z.string(), quantity: z.number().int().positive() });

/** Streams `cart-<accountId>`: one cart an account, one line a product. Prices are never in it. */
export const cartEvents = {
  /** The line of the product as it is from now on. */
  CartItemSet: event(1, z.object({ accountId: uuid, ...cartItem.shape })),
  CartItemRemoved: event(1, z.object({ accountId: uuid, productId: uuid })),
  /** The order was fulfilled: what it bought is taken off, as far as it is in the cart. */
  CartOrderTaken: event(1, z.object({ accountId: uuid, orderId: uuid, items: z.array(cartItem).min(1) })),
};
export type CartEvent = EventOf<typeof cartEvents>;
export type CartItem = z.infer<typeof cartItem>;
