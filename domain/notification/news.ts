import type { DomainEvent } from '../catalogue.ts';
import { unreachable } from '../unreachable.ts';
import type { NotificationFacts, NotificationKind } from './events.ts';

/** Events that somebody is told of. */
export const newsTypes = [
  'OrderFulfilled',
  'OrderCancelled',
  'OrderRefunded',
  'OrderDisputeOpened',
  'OrderDisputeWon',
  'OrderDisputeLost',
  'LicenseSuspended',
  'LicenseRestored',
  'LicenseRevoked',
  'SaleRecorded',
  'RefundRecorded',
  'DisputeReserved',
  'DisputeReleased',
  'DisputeCharged',
  'PayoutPaid',
  'PayoutFailed',
  'PayoutReturned',
  'ProductPublished',
  'ProductRejected',
  'ReviewPublished',
] as const satisfies readonly DomainEvent['type'][];
export type NewsEvent = Extract<DomainEvent, { type: (typeof newsTypes)[number] }>;

/** Whose account is told follows from the stream of this thing: the buyer, the owner of the licence or of the vendor. */
export type Concerned = { readonly by: 'order' | 'license' | 'payout' | 'product' | 'vendor'; readonly id: string };

export type News = {
  readonly kind: NotificationKind;
  readonly to: Concerned;
  readonly facts: NotificationFacts;
  /** Important enough for a mail. */
  readonly mail: boolean;
};

const isNewsType = (type: string): type is NewsEvent['type'] => newsTypes.some((known) => known === type);
export const isNews = <Event extends DomainEvent>(event: Event): event is Event & NewsEvent => isNewsType(event.type);

/** The vendor's own part of a posting's lines, minor units. */
const partOf = (lines: readonly { readonly net: number; readonly commission: number }[]): number =>
  lines.reduce((sum, { net, commission }) => sum + net - commission, 0);

const toBuyer = (
  kind: NotificationKind,
  orderId: string,
  options: { readonly mail?: boolean; readonly facts?: NotificationFacts } = {},
): News => ({
  kind,
  to: { by: 'order', id: orderId },
  facts: { orderId, ...options.facts },
  mail: options.mail ?? false,
});

const toOwner = (kind: NotificationKind, licenseId: string): News => ({
  ...{ kind, to: { by: 'license', id: licenseId }, facts: { licenseId }, mail: false },
});

const toVendor = (kind: NotificationKind, vendorId: string, facts: NotificationFacts, mail = false): News => ({
  kind,
  to: { by: 'vendor', id: vendorId },
  facts: { vendorId, ...facts },
  mail,
});

const ofPayout = (kind: NotificationKind, payoutId: string, reason: string | undefined, mail: boolean): News => ({
  ...{ kind, to: { by: 'payout', id: payoutId }, mail },
  facts: { payoutId, ...(reason === undefined ? {} : { reason }) },
});

/** What an event tells, and to whom. */
export const newsOf = (event: NewsEvent): News => {
  switch (event.type) {
    case 'OrderFulfilled':
      return toBuyer('orderFulfilled', event.data.orderId, { mail: true });
    case 'OrderCancelled':
      return toBuyer('orderCancelled', event.data.orderId, { mail: true, facts: { reason: event.data.reason } });
    case 'OrderRefunded':
      return toBuyer('orderRefunded', event.data.orderId, { mail: true, facts: { amount: event.data.amount } });
    case 'OrderDisputeOpened':
      return toBuyer('orderDisputed', event.data.orderId, { facts: { amount: event.data.amount } });
    case 'OrderDisputeWon':
      return toBuyer('orderDisputeWon', event.data.orderId);
    case 'OrderDisputeLost':
      return toBuyer('orderDisputeLost', event.data.orderId);
    case 'LicenseSuspended':
      return toOwner('licenseSuspended', event.data.licenseId);
    case 'LicenseRestored':
      return toOwner('licenseRestored', event.data.licenseId);
    case 'LicenseRevoked':
      return toOwner('licenseRevoked', event.data.licenseId);
    case 'SaleRecorded':
    case 'RefundRecorded': {
      const { vendorId, orderId, currency, lines } = event.data;
      const kind = event.type === 'SaleRecorded' ? 'sale' : 'saleRefunded';
      return toVendor(kind, vendorId, { orderId, currency, amount: partOf(lines) });
    }
    case 'DisputeReserved':
      return toVendor('saleDisputed', event.data.vendorId, { orderId: event.data.orderId }, true);
    case 'DisputeReleased':
      return toVendor('saleDisputeWon', event.data.vendorId, { orderId: event.data.orderId });
    case 'DisputeCharged':
      return toVendor('saleDisputeLost', event.data.vendorId, { orderId: event.data.orderId });
    case 'PayoutPaid':
      return ofPayout('payoutPaid', event.data.payoutId, undefined, false);
    case 'PayoutFailed':
      return ofPayout('payoutFailed', event.data.payoutId, event.data.reason, true);
    case 'PayoutReturned':
      return ofPayout('payoutReturned', event.data.payoutId, event.data.reason, true);
    case 'ProductPublished':
    case 'ProductRejected': {
      const { productId } = event.data;
      const rejected = event.type === 'ProductRejected';
      const reason = rejected ? { reason: event.data.reasons.join('; ') } : {};
      const kind = rejected ? 'productRejected' : 'productPublished';
      return { kind, to: { by: 'product', id: productId }, facts: { productId, ...reason }, mail: rejected };
    }
    case 'ReviewPublished': {
      const { productId, reviewId, stars } = event.data;
      const facts = { productId, reviewId, stars };
      return { kind: 'reviewReceived', to: { by: 'product', id: productId }, facts, mail: false };
    }
    default:
      return unreachable(event);
  }
};
