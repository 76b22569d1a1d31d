import { type Cart, cartDecider } from '../../domain/cart/cart.ts';
import type { CartEvent, CartItem } from '../../domain/cart/events.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import { projection } from '../definition.ts';

export type CartDocument = {
  readonly accountId: string;
  readonly items: readonly CartItem[];
  readonly updatedAt: string;
  readonly revision: string;
};

const accountId = (event: Recorded<CartEvent>): string => event.data.accountId;

/** The cart after an event, by the cart's own rules. */
const changed = (cart: CartDocument | undefined, event: Recorded<CartEvent>): CartDocument => {
  const before: Cart = cart === undefined ? cartDecider.initial : { status: 'open', items: cart.items };
  const after = cartDecider.evolve(before, event);
  return {
    accountId: event.data.accountId,
    items: after.status === 'none' ? [] : after.items,
    updatedAt: event.metadata.occurredAt,
    revision: event.revision.toString(),
  };
};

/** What is in each account's cart, without prices: they are joined when queried. */
export const carts = projection<CartDocument>('carts', { version: 1, sink: 'documents' })
  .on('CartItemSet', accountId, changed)
  .on('CartItemRemoved', accountId, changed)
  .on('CartOrderTaken', accountId, changed)
  .on(
    'AccountErased',
    (event) => event.data.accountId,
    () => undefined,
  );
