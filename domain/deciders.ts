import { accountDecider } from './account/account.ts';
import { cartDecider } from './cart/cart.ts';
import type { Category, DomainEvent } from './catalogue.ts';
import { couponDecider } from './coupon/decide.ts';
import { deadLetterDecider } from './dead-letter/dead-letter.ts';
import { type Decider, fold } from './decider.ts';
import { licenseDecider } from './license/license.ts';
import { notificationDecider } from './notification/notification.ts';
import { orderDecider } from './order/decider.ts';
import { paymentDecider } from './payment/decider.ts';
import { productDecider } from './product/decider.ts';
import { projectionControlDecider } from './projection-control/projection-control.ts';
import { reservationDecider } from './reservation/reservation.ts';
import { reviewDecider } from './review/review.ts';
import { stockDecider } from './stock/decide.ts';
import { unsealDecider } from './unseal/unseal.ts';
import { vendorDecider } from './vendor/vendor.ts';
import { vendorAccountDecider } from './vendor-account/decide.ts';
import { vendorPayoutDecider } from './vendor-payout/decide.ts';

/** The category of a decider and the state after `events` of it: the codec lets only the category's own events into its streams. */
const folding = <C, S, E extends DomainEvent>(decider: Decider<C, S, E>) => ({
  category: decider.category,
  stateAfter: (events: readonly DomainEvent[]): unknown => fold(decider, events as readonly E[]),
});
/** The decider of every category. */
export const deciders: Readonly<Record<Category, ReturnType<typeof folding>>> = {
  account: folding(accountDecider),
  email: folding(reservationDecider('email')),
  vendorSlug: folding(reservationDecider('vendorSlug')),
  productSlug: folding(reservationDecider('productSlug')),
  vendor: folding(vendorDecider),
  product: folding(productDecider),
  coupon: folding(couponDecider),
  stock: folding(stockDecider),
  order: folding(orderDecider),
  payment: folding(paymentDecider),
  license: folding(licenseDecider),
  vendorAccount: folding(vendorAccountDecider),
  vendorPayout: folding(vendorPayoutDecider),
  projection: folding(projectionControlDecider),
  deadLetter: folding(deadLetterDecider),
  cart: folding(cartDecider),
  unseal: folding(unsealDecider),
  review: folding(reviewDecider),
  notification: folding(notificationDecider),
};
