import type { Keyed } from '../keyed.ts';
import type { CouponEvent } from './events.ts';

/** What its maker said of the coupon; frozen when it is created. */
export type CouponTerms = Extract<CouponEvent, { type: 'CouponCreated' }>['data'];

/** The use of a coupon by one order. Only `held` and `confirmed` ones count against the limits. */
export type CouponUse = {
  readonly state: 'held' | 'confirmed' | 'released';
  readonly customerId: string;
  /** The hold may be given up from here on, if its order never came. */
  readonly until: string;
};

export type CouponState =
  | { readonly status: 'none' }
  | {
      readonly status: 'active' | 'closed';
      readonly terms: CouponTerms;
      /** By order id. */
      readonly uses: Keyed<CouponUse>;
      readonly held: number;
      readonly confirmed: number;
    };

export const noCoupon: CouponState = { status: 'none' };

/** How often the coupon is used: held by running checkouts, confirmed by paid orders. */
export const couponUses = (state: CouponState): { readonly held: number; readonly confirmed: number } =>
  state.status === 'none' ? { held: 0, confirmed: 0 } : { held: state.held, confirmed: state.confirmed };
