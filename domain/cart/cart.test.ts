import { describe, expect, it } from 'vitest';
import { given } from '../given.ts';
import { cartDecider, MOST_LINES } from './cart.ts';
import type { CartEvent, CartItem } from './events.ts';

const accountId = 'a1';
const item = (productId: string, quantity = 1, tierId = 'standard'): CartItem => ({ productId, tierId, quantity });
const put = (...args: Parameters<typeof item>): CartEvent => ({
  type: 'CartItemSet',
  data: { accountId, ...item(...args) },
});
const removed = (productId: string): CartEvent => ({ type: 'CartItemRemoved', data: { accountId, productId } });
const taken = (...items: CartItem[]): CartEvent => ({
  type: 'CartOrderTaken',
  data: { accountId, orderId: 'o1', items },
});
const set = (...args: Parameters<typeof item>) => ({ type: 'SetCartItem', accountId, ...item(...args) }) as const;
const remove = (productId: string) => ({ type: 'RemoveCartItem', accountId, productId }) as const;
const take = (...items: CartItem[]) => ({ type: 'TakeOrder', accountId, orderId: 'o1', items }) as const;
const cart = (...history: readonly CartEvent[]) => given(cartDecider, ...history);
const many = Array.from({ length: MOST_LINES }, (_, index) => put(`p${index}`));

describe('putting a product into the cart', () => {
  it('makes its line', () => cart().when(set('p1', 2)).then(put('p1', 2)));
  it('again changes it: quantity and tier', () => {
    cart(put('p1'))
      .when(set('p1', 3, 'team'))
      .then(put('p1', 3, 'team'));
    expect(cart(put('p1'), put('p1', 3, 'team')).state()).toEqual({ status: 'open', items: [item('p1', 3, 'team')] });
  });
  it('as it is changes nothing', () => cart(put('p1', 2)).when(set('p1', 2)).thenNothing());
  it('needs a positive whole quantity', () => {
    for (const quantity of [0, -1, 1.5, Number.NaN]) cart().when(set('p1', quantity)).thenRefused('INVALID_INPUT');
  });
  it('is refused for line 51, and not for a line that is there', () => {
    cart(...many)
      .when(set('another'))
      .thenRefused('CART_FULL');
    cart(...many)
      .when(set('p7', 2))
      .then(put('p7', 2));
    cart(...many, removed('p7'))
      .when(set('another'))
      .then(put('another'));
  });
});

describe('taking a product off', () => {
  it('removes its line, once', () => {
    cart(put('p1')).when(remove('p1')).then(removed('p1'));
    cart(put('p1'), removed('p1')).when(remove('p1')).thenNothing();
  });
  it('needs a cart', () => cart().when(remove('p1')).thenRefused('NOT_FOUND'));
});

describe('a fulfilled order', () => {
  const left = (history: readonly CartEvent[], ...items: CartItem[]) => {
    const state = cart(...history)
      .when(take(...items))
      .state();
    return state.status === 'none' ? [] : state.items;
  };
  it('is recorded, also where nothing of it is in the cart', () =>
    cart()
      .when(take(item('p1')))
      .then(taken(item('p1'))));
  it('takes the lines bought off', () =>
    expect(left([put('p1'), put('p2', 2)], item('p1'), item('p2', 2))).toEqual([]));
  it('leaves what it did not buy: other products, other tiers, further units', () =>
    expect(left([put('p1'), put('p2', 3), put('p3')], item('p2'), item('p3', 1, 'team'))).toEqual([
      item('p1'),
      item('p2', 2),
      item('p3'),
    ]));
  it('takes off at most what is there', () => expect(left([put('p1')], item('p1', 5), item('p1'))).toEqual([]));
});
