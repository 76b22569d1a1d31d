import { nothingKeyed, valueAt, withValue } from '../keyed.ts';
import { unreachable } from '../unreachable.ts';
import type { CouponEvent } from './events.ts';
import type { CouponState, CouponUse } from './state.ts';

type Known = Exclude<CouponState, { status: 'none' }>;

const counts = (use: CouponUse | undefined, state: CouponUse['state']): number => (use?.state === state ? 1 : 0);

const withUse = (coupon: Known, orderId: string, use: CouponUse): Known => {
  const before = valueAt(coupon.uses, orderId);
  return {
    ...coupon,
    uses: withValue(coupon.uses, orderId, use),
    held: coupon.held - counts(before, 'held') + counts(use, 'held'),
    confirmed: coupon.confirmed - counts(before, 'confirmed') + counts(use, 'confirmed'),
  };
};

/** Total: what can't have happened leaves the state unchanged. */
export const evolve = (state: CouponState, event: CouponEvent): CouponState => {
  if (state.status === 'none')
    return event.type === 'CouponCreated'
      ? { status: 'active', terms: event.data, uses: nothingKeyed, held: 0, confirmed: 0 }
      : state;
  switch (event.type) {
    case 'CouponCreated':
      return state;
    case 'CouponReserved': {
      const { orderId, customerId, until } = event.data;
      const use = valueAt(state.uses, orderId);
      if (use !== undefined && use.state !== 'released') return state;
      return withUse(state, orderId, { state: 'held', customerId, until });
    }
    case 'CouponConfirmed': {
      const use = valueAt(state.uses, event.data.orderId);
      return use === undefined ? state : withUse(state, event.data.orderId, { ...use, state: 'confirmed' });
    }
    case 'CouponReleased': {
      const use = valueAt(state.uses, event.data.orderId);
      return use?.state === 'held' ? withUse(state, event.data.orderId, { ...use, state: 'released' }) : state;
    }
    case 'CouponClosed':
      return { ...state, status: 'closed' };
    default:
      return unreachable(event);
  }
};
