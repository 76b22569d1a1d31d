import { cartDecider } from '../../domain/cart/cart.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { isPlaced } from '../../domain/order/state.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import { becauseOf } from '../handling/context.ts';
import type { Handling } from '../handling/handling.ts';
import type { Reactor } from '../reacting/reactor.ts';
import { recentEvents } from '../reacting/recent-events.ts';

type Deps = { readonly handling: Handling; readonly store: EventStore; readonly codec: EventCodec };

/**
 * Takes what a fulfilled order bought off its buyer's cart. The command's id is made from `OrderFulfilled`, so the same
 * order takes its lines once, also from a cart that was filled again meanwhile. Key: the order's id.
 */
export const cartReactor = ({ handling, store, codec }: Deps): Reactor => {
  const recent = recentEvents();
  /** The order's `OrderFulfilled`. */
  const fulfilment = async (orderId: string) => {
    const known = recent.take(orderId);
    if (known !== undefined) return known;
    for await (const batch of store.readStream(`${orderDecider.category}-${orderId}`))
      for (const decoded of await codec.decode(batch))
        if (decoded.ok && decoded.event.type === 'OrderFulfilled') return decoded.event;
    return undefined;
  };

  return {
    process: 'cart',
    concerns: (event) => {
      if (event.type !== 'OrderFulfilled') return [];
      recent.remember(event.data.orderId, event);
      return [event.data.orderId];
    },
    drive: async (orderId) => {
      const { state } = await handling.load(orderDecider, orderId);
      if (!isPlaced(state)) return;
      const { customerId: accountId, lines } = state;
      const items = lines.map(({ productId, tierId, quantity }) => ({ productId, tierId, quantity }));
      const fulfilled = await fulfilment(orderId);
      if (fulfilled === undefined) return;
      const take = { type: 'TakeOrder', accountId, orderId, items } as const;
      await handling.handle(cartDecider, accountId, take, becauseOf(fulfilled, 'cart'));
    },
  };
};
