import { checkMoney } from './money-checks.ts';
import { checkOrders } from './order-checks.ts';
import { checkPayments } from './payment-checks.ts';
import type { Provider, World } from './world.ts';

/** Everything came to its end once. @throws Broken naming the first thing that did not */
export const expectConsistent = (world: World, provider: Provider): void => {
  checkOrders(world, provider);
  checkPayments(world, provider);
  checkMoney(world, provider);
};
