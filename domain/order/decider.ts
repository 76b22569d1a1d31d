import type { Decider } from '../decider.ts';
import type { OrderCommand } from './commands.ts';
import { decide } from './decide.ts';
import type { OrderEvent } from './events.ts';
import { evolve } from './evolve.ts';
import type { Order } from './state.ts';

/** The rules of streams `order-<orderId>`; what they owe next is in `checkout/owed.ts`. */
export const orderDecider: Decider<OrderCommand, Order, OrderEvent> = {
  category: 'order',
  initial: { status: 'none' },
  decide,
  evolve,
};
