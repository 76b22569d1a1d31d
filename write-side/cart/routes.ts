import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { cartDecider } from '../../domain/cart/cart.ts';
import { type CommandRouteDeps, commandRoute, mainStream, noBody } from '../http/command-route.ts';
import { signedIn } from '../http/signed-in.ts';
import { chosenTier, onSale } from '../orders/basket.ts';

const itemParams = z.object({ productId: z.uuid().transform((id) => id.toLowerCase()) });
const itemBody = z.strictObject({
  /** Absent: the cheapest tier. */
  tierId: z.string().min(1).max(64).optional(),
  /** 0 removes the line. */
  quantity: z.number().int().min(0).max(1_000),
});

/** One's own cart. */
export const cartRoutes = (app: FastifyInstance, deps: CommandRouteDeps): void => {
  const { handling } = deps;
  const own = { tag: 'Cart', access: 'signedIn', status: 200, params: itemParams } as const;

  commandRoute(app, deps, {
    ...own,
    method: 'PUT',
    url: '/cart/items/:productId',
    summary: 'Put a product into the cart, or change its line; quantity 0 removes it',
    body: itemBody,
    refuses: ['NOT_ON_SALE', 'CART_FULL'],
    main: ({ identity }) => mainStream(cartDecider, signedIn(identity).accountId),
    run: async ({ params: { productId }, body: { tierId, quantity }, identity, context, ifRevision }) => {
      const { accountId } = signedIn(identity);
      if (quantity === 0) {
        const remove = { type: 'RemoveCartItem', accountId, productId } as const;
        return handling.handle(cartDecider, accountId, remove, context, { ifRevision });
      }
      const tier = chosenTier(await onSale(handling, productId, 'productId'), tierId, 'tierId');
      const set = { type: 'SetCartItem', accountId, productId, tierId: tier.id, quantity } as const;
      return handling.handle(cartDecider, accountId, set, context, { ifRevision });
    },
  });

  commandRoute(app, deps, {
    ...own,
    method: 'DELETE',
    url: '/cart/items/:productId',
    summary: 'Take a product off the cart',
    body: noBody,
    main: ({ identity }) => mainStream(cartDecider, signedIn(identity).accountId),
    run: ({ params: { productId }, identity, context, ifRevision }) => {
      const { accountId } = signedIn(identity);
      const remove = { type: 'RemoveCartItem', accountId, productId } as const;
      return handling.handle(cartDecider, accountId, remove, context, { ifRevision });
    },
  });
};
