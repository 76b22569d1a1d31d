import type { Decider } from '../decider.ts';
import { domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import type { CartEvent, CartItem } from './events.ts';

export type Cart = { readonly status: 'none' } | { readonly status: 'open'; readonly items: readonly CartItem[] };

export type CartCommand =
  | ({ readonly type: 'SetCartItem'; readonly accountId: string } & Readonly<CartItem>)
  | { readonly type: 'RemoveCartItem'; readonly accountId: string; readonly productId: string }
  /** Sent once for an order, under one command id: the cart itself does not remember orders. */
  | {
      readonly type: 'TakeOrder';
      readonly accountId: string;
      readonly orderId: string;
      readonly items: readonly CartItem[];
    };

/** As many lines as an order may have. */
export const MOST_LINES = 50;

const itemsOf = (cart: Cart): readonly CartItem[] => (cart.status === 'none' ? [] : cart.items);

const set = (command: Extract<CartCommand, { type: 'SetCartItem' }>, cart: Cart): CartEvent[] => {
  const { accountId, productId, tierId, quantity } = command;
  if (!(Number.isSafeInteger(quantity) && quantity > 0))
    throw domainError('INVALID_INPUT', 'quantity must be a positive whole number');
  const items = itemsOf(cart);
  const known = items.find((item) => item.productId === productId);
  if (known?.tierId === tierId && known.quantity === quantity) return [];
  if (known === undefined && items.length >= MOST_LINES)
    throw domainError('CART_FULL', `A cart has at most ${MOST_LINES} lines`);
  return [{ type: 'CartItemSet', data: { accountId, productId, tierId, quantity } }];
};

/** @throws DomainError CART_FULL, INVALID_INPUT, NOT_FOUND (nothing was ever put into the cart) */
const decide = (command: CartCommand, cart: Cart): readonly CartEvent[] => {
  switch (command.type) {
    case 'SetCartItem':
      return set(command, cart);
    case 'RemoveCartItem': {
      const { accountId, productId } = command;
      if (cart.status === 'none') throw domainError('NOT_FOUND');
      const known = cart.items.some((item) => item.productId === productId);
      return known ? [{ type: 'CartItemRemoved', data: { accountId, productId } }] : [];
    }
    case 'TakeOrder': {
      const { accountId, orderId, items } = command;
      return [{ type: 'CartOrderTaken', data: { accountId, orderId, items: [...items] } }];
    }
    default:
      return unreachable(command);
  }
};

/** What is left of a line after an order bought units of the same product and tier. */
const without = (item: CartItem, bought: readonly CartItem[]): readonly CartItem[] => {
  const same = bought.filter(({ productId, tierId }) => productId === item.productId && tierId === item.tierId);
  const quantity = same.reduce((left, each) => left - each.quantity, item.quantity);
  return quantity > 0 ? [{ ...item, quantity }] : [];
};

const evolve = (cart: Cart, event: CartEvent): Cart => {
  const items = itemsOf(cart);
  switch (event.type) {
    case 'CartItemSet': {
      const { productId, tierId, quantity } = event.data;
      const item = { productId, tierId, quantity };
      const at = items.findIndex((known) => known.productId === productId);
      return { status: 'open', items: at < 0 ? [...items, item] : items.with(at, item) };
    }
    case 'CartItemRemoved':
      return { status: 'open', items: items.filter(({ productId }) => productId !== event.data.productId) };
    case 'CartOrderTaken':
      return { status: 'open', items: items.flatMap((item) => without(item, event.data.items)) };
    default:
      return unreachable(event);
  }
};

/** Streams `cart-<accountId>`. */
export const cartDecider: Decider<CartCommand, Cart, CartEvent> = {
  category: 'cart',
  initial: { status: 'none' },
  decide,
  evolve,
};
