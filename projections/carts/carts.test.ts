import { expect, it } from 'vitest';
import type { CartEvent } from '../../domain/cart/events.ts';
import { sampleId as id } from '../../domain/order/samples.ts';
import { documentsOf, happenedAt, inStream } from '../given.ts';
import { carts } from './carts.ts';

const accountId = id(3);
const set = (n: number, quantity: number): CartEvent => ({
  type: 'CartItemSet',
  data: { accountId, productId: id(n), tierId: 'standard', quantity },
});
const item = (n: number, quantity: number) => ({ productId: id(n), tierId: 'standard', quantity });

it('carts hold one line a product, without prices, less what fulfilled orders bought', async () => {
  const removed: CartEvent = { type: 'CartItemRemoved', data: { accountId, productId: id(23) } };
  const taken: CartEvent = { type: 'CartOrderTaken', data: { accountId, orderId: id(1), items: [item(21, 1)] } };
  const story = [set(21, 1), set(22, 2), set(23, 1), set(21, 3), removed, taken];
  const documents = await documentsOf(carts, inStream(`cart-${accountId}`, ...story));
  expect(documents.get(accountId)).toEqual({
    ...{ accountId, items: [item(21, 2), item(22, 2)], updatedAt: happenedAt(5), revision: '5' },
  });
});

it('a cart that never was is empty after an order', async () => {
  const taken: CartEvent = { type: 'CartOrderTaken', data: { accountId, orderId: id(1), items: [item(21, 1)] } };
  const documents = await documentsOf(carts, inStream(`cart-${accountId}`, taken));
  expect(documents.get(accountId)).toMatchObject({ items: [], revision: '0' });
});
