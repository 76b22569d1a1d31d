import type { Decider } from '../decider.ts';
import { domainError } from '../errors.ts';
import { valueAt, valuesIn } from '../keyed.ts';
import { unreachable } from '../unreachable.ts';
import type { CouponCommand } from './commands.ts';
import { createCoupon } from './create-coupon.ts';
import type { CouponEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { type CouponState, noCoupon } from './state.ts';

type Reserve = Extract<CouponCommand, { type: 'ReserveCoupon' }>;

/** An order that was released may reserve anew: a checkout that failed on something else is decided again. */
const reserve = (command: Reserve, state: CouponState): CouponEvent[] => {
  const { code, orderId, customerId, now, until } = command;
  if (state.status === 'none') throw domainError('COUPON_NOT_ACTIVE', 'There is no such coupon');
  const { terms, uses } = state;
  const use = valueAt(uses, orderId);
  if (use !== undefined && use.state !== 'released') return [];
  if (state.status === 'closed') throw domainError('COUPON_NOT_ACTIVE', 'The coupon is closed');
  if (terms.startsAt !== undefined && now < terms.startsAt)
    throw domainError('COUPON_NOT_ACTIVE', 'The coupon is not valid yet', { startsAt: terms.startsAt });
  if (terms.endsAt !== undefined && now >= terms.endsAt)
    throw domainError('COUPON_NOT_ACTIVE', 'The coupon is no longer valid', { endsAt: terms.endsAt });
  if (terms.maxRedemptions !== undefined && state.held + state.confirmed >= terms.maxRedemptions)
    throw domainError('COUPON_EXHAUSTED');
  if (terms.perCustomer !== undefined) {
    let own = 0;
    for (const other of valuesIn(uses)) if (other.customerId === customerId && other.state !== 'released') own += 1;
    if (own >= terms.perCustomer)
      throw domainError('COUPON_EXHAUSTED', 'You have used this coupon as often as one customer may', {
        perCustomer: terms.perCustomer,
      });
  }
  return [{ type: 'CouponReserved', data: { code, orderId, customerId, until } }];
};

/**
 * The money of the order was taken: a use that was held is never refused, also when its hold was released before or the
 * coupon closed; then the count may pass the limit, and says so.
 */
const confirm = (code: string, orderId: string, state: CouponState): CouponEvent[] => {
  const use = state.status === 'none' ? undefined : valueAt(state.uses, orderId);
  if (use === undefined) throw domainError('ORDER_STATE', 'The order never reserved this coupon');
  return use.state === 'confirmed' ? [] : [{ type: 'CouponConfirmed', data: { code, orderId } }];
};

/** A confirmed use stays one; what was never held has nothing to give back. */
const release = (code: string, orderId: string, reason: string, state: CouponState): CouponEvent[] => {
  const use = state.status === 'none' ? undefined : valueAt(state.uses, orderId);
  return use?.state === 'held' ? [{ type: 'CouponReleased', data: { code, orderId, reason } }] : [];
};

/** @throws DomainError INVALID_INPUT, COUPON_EXISTS, COUPON_NOT_ACTIVE, COUPON_EXHAUSTED, ORDER_STATE, NOT_FOUND */
export const decide = (command: CouponCommand, state: CouponState): CouponEvent[] => {
  switch (command.type) {
    case 'CreateCoupon':
      return createCoupon(command, state);
    case 'ReserveCoupon':
      return reserve(command, state);
    case 'ConfirmCoupon':
      return confirm(command.code, command.orderId, state);
    case 'ReleaseCoupon':
      return release(command.code, command.orderId, command.reason, state);
    case 'CloseCoupon':
      if (state.status === 'none') throw domainError('NOT_FOUND');
      return state.status === 'closed' ? [] : [{ type: 'CouponClosed', data: { code: command.code } }];
    default:
      return unreachable(command);
  }
};

/** Streams `coupon-<CODE>`. Uses are reserved, then confirmed or released; holds end only by a release, never by time. */
export const couponDecider: Decider<CouponCommand, CouponState, CouponEvent> = {
  category: 'coupon',
  initial: noCoupon,
  decide,
  evolve,
};
