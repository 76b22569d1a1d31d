import { couponDecider } from '../../domain/coupon/decide.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { isPlaced } from '../../domain/order/state.ts';
import { stockDecider } from '../../domain/stock/decide.ts';
import { becauseOf } from '../handling/context.ts';
import type { Handling } from '../handling/handling.ts';
import type { Reactor } from '../reacting/reactor.ts';

/**
 * A hold whose time is over and whose order never came is given back. The order's stream is fenced first
 * (`CheckoutExpired`, exact revision), so that an order that is just being placed either came before, and then its own
 * checkout answers for the hold, or can't come any more. Keys `<code or product id>:<order id>`, found on the desk only.
 */
const expired = async (
  handling: Handling,
  orderId: string,
  cause: Parameters<typeof becauseOf>[0],
): Promise<boolean> => {
  const order = await handling.load(orderDecider, orderId);
  if (isPlaced(order.state)) return false;
  const fenced = await handling.handle(
    orderDecider,
    orderId,
    { type: 'ExpireCheckout', orderId },
    becauseOf(cause, `expire:${orderId}`),
  );
  return fenced.state.status === 'expired';
};

const reason = 'checkout_expired';

export const couponHoldReactor = (handling: Handling): Reactor => ({
  process: 'couponHold',
  concerns: () => [],
  drive: async (key) => {
    const [code = '', orderId = ''] = key.split(':');
    const { last } = await handling.load(couponDecider, code);
    if (last === undefined || !(await expired(handling, orderId, last))) return;
    await handling.handle(
      couponDecider,
      code,
      { type: 'ReleaseCoupon', code, orderId, reason },
      becauseOf(last, `release:${orderId}`),
    );
  },
});

export const stockHoldReactor = (handling: Handling): Reactor => ({
  process: 'stockHold',
  concerns: () => [],
  drive: async (key) => {
    const [productId = '', orderId = ''] = key.split(':');
    const { last } = await handling.load(stockDecider, productId);
    if (last === undefined || !(await expired(handling, orderId, last))) return;
    await handling.handle(
      stockDecider,
      productId,
      { type: 'ReleaseStock', productId, orderId, reason },
      becauseOf(last, `release:${orderId}`),
    );
  },
});
