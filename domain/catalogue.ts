import { accountEvents } from './account/events.ts';
import { cartEvents } from './cart/events.ts';
import { couponEvents } from './coupon/events.ts';
import { deadLetterEvents } from './dead-letter/events.ts';
import type { EventOf, EventTable } from './event/definition.ts';
import { licenseEvents } from './license/events.ts';
import { notificationEvents } from './notification/events.ts';
import { orderEvents } from './order/events.ts';
import { paymentEvents } from './payment/events.ts';
import { productEvents } from './product/events.ts';
import { projectionControlEvents } from './projection-control/events.ts';
import { reservationEvents } from './reservation/events.ts';
import { reviewEvents } from './review/events.ts';
import { stockEvents } from './stock/events.ts';
import { unsealEvents } from './unseal/events.ts';
import { vendorEvents } from './vendor/events.ts';
import { vendorAccountEvents } from './vendor-account/events.ts';
import { vendorPayoutEvents } from './vendor-payout/events.ts';

/** Every event there is: category of its stream → type → definition. What is not here is a poison event. */
export const eventCatalogue = {
  account: accountEvents,
  email: reservationEvents,
  vendorSlug: reservationEvents,
  productSlug: reservationEvents,
  vendor: vendorEvents,
  product: productEvents,
  coupon: couponEvents,
  stock: stockEvents,
  order: orderEvents,
  payment: paymentEvents,
  license: licenseEvents,
  vendorAccount: vendorAccountEvents,
  vendorPayout: vendorPayoutEvents,
  projection: projectionControlEvents,
  deadLetter: deadLetterEvents,
  cart: cartEvents,
  unseal: unsealEvents,
  review: reviewEvents,
  notification: notificationEvents,
} as const satisfies Record<string, EventTable>;

export type Category = keyof typeof eventCatalogue;

const personal: ReadonlySet<string> = new Set(
  Object.entries<EventTable>(eventCatalogue).flatMap(([category, events]) =>
    Object.values(events).some((each) => each.personal !== undefined) ? [category] : [],
  ),
);
/** Whether events of the category may hold what is encrypted under a person's key. */
export const isPersonal = (category: string): boolean => personal.has(category);
/** Any event of the system: `{ type, data }`. */
export type DomainEvent = EventOf<(typeof eventCatalogue)[Category]>;
/** The event of one type. */
export type EventNamed<Type extends DomainEvent['type']> = Extract<DomainEvent, { type: Type }>;
