import type { DomainEvent, EventNamed } from '../../domain/catalogue.ts';
import { nextDeadline, owed } from '../../domain/checkout/owed.ts';
import type { Recorded } from '../../domain/event/recorded.ts';
import { newsTypes } from '../../domain/notification/news.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { type OrderEvent, orderEvents } from '../../domain/order/events.ts';
import type { Order } from '../../domain/order/state.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import { type PaymentEvent, paymentEvents } from '../../domain/payment/events.ts';
import type { Payment } from '../../domain/payment/state.ts';
import { monthAfter, startOfMonth } from '../../domain/vendor-account/books.ts';
import { vendorPayoutDecider } from '../../domain/vendor-payout/decide.ts';
import { type VendorPayoutEvent, vendorPayoutEvents } from '../../domain/vendor-payout/events.ts';
import { nextPoll, owed as owedByPayout, type VendorPayoutState } from '../../domain/vendor-payout/state.ts';
import { type Ids, type Projection, projection } from '../definition.ts';

/** What is owed at once is the live reactors' work: the desk offers it after so long. A deadline is offered at its time. */
const GRACE_MS = 2_000;

/** One thing that a process may owe something to. `dueAt` null: nothing at present. */
export type DeskDocument = {
  readonly process: string;
  readonly key: string;
  readonly dueAt: string | null;
  /** Names of the steps that are owed. */
  readonly owes: readonly string[];
  /** Since when something is owed. */
  readonly since: string | null;
  readonly order?: Order;
  readonly payment?: Payment;
  readonly payout?: VendorPayoutState;
  /** Versions whose scan is owed. */
  readonly versions?: readonly string[];
  /** Of a licence: whether it stands, and whether the review on it counts; null: there is none. */
  readonly review?: { readonly standing: boolean; readonly counted: boolean | null };
};

type At = { readonly metadata: { readonly occurredAt: string } };

const soon = ({ metadata }: At): string => new Date(Date.parse(metadata.occurredAt) + GRACE_MS).toISOString();
const idOf = (process: string, key: string): string => `${process}:${key}`;
const sinceOf = (before: DeskDocument | undefined, owes: readonly string[], { metadata }: At): string | null =>
  owes.length === 0 ? null : (before?.since ?? metadata.occurredAt);

const isTypeOf = <Type extends string>(table: { readonly [T in Type]: unknown }, type: string): type is Type =>
  Object.hasOwn(table, type);
const typesOf = <Type extends string>(table: { readonly [T in Type]: unknown }): readonly Type[] =>
  Object.keys(table).filter((type): type is Type => isTypeOf(table, type));

/** An order and its payment: what the checkout owes, by the same function that the reactor asks. */
const checkout = (
  before: DeskDocument | undefined,
  key: string,
  order: Order,
  payment: Payment,
  event: At,
): DeskDocument => {
  const owes = owed(order, payment, event.metadata.occurredAt).map((step) => step.type);
  const active = owes.filter((step) => step !== 'awaitOperator');
  const dueAt = active.length > 0 ? soon(event) : (nextDeadline(order) ?? null);
  return { process: 'checkout', key, dueAt, owes, since: sinceOf(before, owes, event), order, payment };
};

const byOrder = (
  before: DeskDocument | undefined,
  event: Recorded<OrderEvent>,
  id: string,
): DeskDocument | undefined => {
  if (id.startsWith('cart:')) return waiting('cart', event.data.orderId, 'takeOrder', soon(event), event);
  if (!id.startsWith('checkout:')) return undefined; // a hold whose order came: its checkout answers for it
  const order = orderDecider.evolve(before?.order ?? orderDecider.initial, event);
  return checkout(before, event.data.orderId, order, before?.payment ?? paymentDecider.initial, event);
};

const byPayment = (before: DeskDocument | undefined, event: Recorded<PaymentEvent>): DeskDocument => {
  const payment = paymentDecider.evolve(before?.payment ?? paymentDecider.initial, event);
  return checkout(before, event.data.paymentId, before?.order ?? orderDecider.initial, payment, event);
};

const byPayout = (
  before: DeskDocument | undefined,
  event: Recorded<VendorPayoutEvent>,
  id: string,
): DeskDocument | undefined => {
  if (!id.startsWith('payout:')) return undefined; // a reservation whose payout came
  const payout = vendorPayoutDecider.evolve(before?.payout ?? vendorPayoutDecider.initial, event);
  const owes = owedByPayout(payout).map((step) => step.step);
  const since = sinceOf(before, owes, event);
  return {
    process: 'payout',
    key: event.data.payoutId,
    dueAt: owes.length > 0 ? soon(event) : (nextPoll(payout, event.metadata.occurredAt) ?? null),
    owes,
    since,
    payout,
  };
};

const orderIds = (event: Recorded<OrderEvent>): readonly string[] => {
  const checkoutId = idOf('checkout', event.data.orderId);
  if (event.type === 'OrderFulfilled') return [checkoutId, idOf('cart', event.data.orderId)];
  if (event.type !== 'OrderPlaced') return [checkoutId];
  const { orderId, couponCode, stockHolds } = event.data;
  return [
    checkoutId,
    ...(couponCode === undefined ? [] : [idOf('couponHold', `${couponCode}:${orderId}`)]),
    ...stockHolds.map((productId) => idOf('stockHold', `${productId}:${orderId}`)),
  ];
};

const payoutIds = (event: Recorded<VendorPayoutEvent>): readonly string[] => {
  const { payoutId, vendorId } = event.data;
  const own = idOf('payout', payoutId);
  return event.type === 'PayoutRequested' ? [own, idOf('payoutRequest', `${vendorId}:${payoutId}`)] : [own];
};

const waiting = (process: string, key: string, owes: string, dueAt: string, { metadata }: At): DeskDocument => ({
  process,
  key,
  dueAt,
  owes: [owes],
  since: metadata.occurredAt,
});
const gone = (): undefined => undefined;

const scans = (
  before: DeskDocument | undefined,
  productId: string,
  versions: readonly string[],
  event: At,
): DeskDocument | undefined =>
  versions.length === 0
    ? undefined
    : {
        process: 'publication',
        key: productId,
        dueAt: soon(event),
        owes: ['scan'],
        since: before?.since ?? event.metadata.occurredAt,
        versions,
      };

const withProcesses = (desk: Projection<DeskDocument>): Projection<DeskDocument> => {
  const orders = typesOf(orderEvents).reduce<Projection<DeskDocument>>(
    (all, type) => all.on(type, (event: Recorded<OrderEvent>) => orderIds(event), byOrder),
    desk,
  );
  const payments = typesOf(paymentEvents).reduce<Projection<DeskDocument>>(
    (all, type) => all.on(type, (event: Recorded<PaymentEvent>) => idOf('checkout', event.data.paymentId), byPayment),
    orders,
  );
  return typesOf(vendorPayoutEvents).reduce<Projection<DeskDocument>>(
    (all, type) => all.on(type, (event: Recorded<VendorPayoutEvent>) => payoutIds(event), byPayout),
    payments,
  );
};

const withHolds = (desk: Projection<DeskDocument>): Projection<DeskDocument> =>
  desk
    .on(
      'CouponReserved',
      ({ data }) => idOf('couponHold', `${data.code}:${data.orderId}`),
      (_, event) =>
        waiting('couponHold', `${event.data.code}:${event.data.orderId}`, 'release', event.data.until, event),
    )
    .on('CouponReleased', ({ data }) => idOf('couponHold', `${data.code}:${data.orderId}`), gone)
    .on(
      'StockReserved',
      ({ data }) => idOf('stockHold', `${data.productId}:${data.orderId}`),
      (_, event) =>
        waiting('stockHold', `${event.data.productId}:${event.data.orderId}`, 'release', event.data.until, event),
    )
    .on('StockReleased', ({ data }) => idOf('stockHold', `${data.productId}:${data.orderId}`), gone)
    .on(
      'PayoutReserved',
      ({ data }) => idOf('payoutRequest', `${data.vendorId}:${data.payoutId}`),
      (_, event) =>
        waiting('payoutRequest', `${event.data.vendorId}:${event.data.payoutId}`, 'request', soon(event), event),
    )
    .on(
      'SaleRecorded',
      ({ data }) => idOf('maturity', `${data.vendorId}:${data.saleId}`),
      (_, event) =>
        waiting('maturity', `${event.data.vendorId}:${event.data.saleId}`, 'mature', event.data.maturesAt, event),
    )
    .on('SaleMatured', ({ data }) => idOf('maturity', `${data.vendorId}:${data.saleId}`), gone)
    .on('CartOrderTaken', ({ data }) => idOf('cart', data.orderId), gone);

const withBooks = (desk: Projection<DeskDocument>): Projection<DeskDocument> =>
  desk
    .on(
      'BooksOpened',
      ({ data }) => idOf('books', data.vendorId),
      (_, event) => {
        const { vendorId, period } = event.data;
        const dueAt = startOfMonth(monthAfter(period));
        return { process: 'books', key: vendorId, dueAt, owes: [], since: null }; // nothing is owed before
      },
    )
    .on(
      'BooksClosed',
      ({ data }) => idOf('books', data.vendorId),
      (_, event) => waiting('books', event.data.vendorId, 'open', soon(event), event),
    );

const withScans = (desk: Projection<DeskDocument>): Projection<DeskDocument> =>
  desk
    .on(
      'VersionUploaded',
      ({ data }) => idOf('publication', data.productId),
      (before, event) => scans(before, event.data.productId, [...(before?.versions ?? []), event.data.version], event),
    )
    .on(
      'VersionScanned',
      ({ data }) => idOf('publication', data.productId),
      (before, event) =>
        scans(
          before,
          event.data.productId,
          (before?.versions ?? []).filter((version) => version !== event.data.version),
          event,
        ),
    )
    .on(
      'VersionYanked',
      ({ data }) => idOf('publication', data.productId),
      (before, event) =>
        scans(
          before,
          event.data.productId,
          (before?.versions ?? []).filter((version) => version !== event.data.version),
          event,
        ),
    );

const withAccounts = (desk: Projection<DeskDocument>): Projection<DeskDocument> =>
  desk
    .on(
      'AccountErased',
      ({ data }) => idOf('erasure', data.accountId),
      (_, event) => waiting('erasure', event.data.accountId, 'erase', soon(event), event),
    )
    .on('AccountErasureCompleted', ({ data }) => idOf('erasure', data.accountId), gone)
    .on(
      'AccountEmailChanged',
      ({ data }) => idOf('emailRelease', `${data.previousHash}:${data.accountId}`),
      (_, { data, metadata }) =>
        waiting('emailRelease', `${data.previousHash}:${data.accountId}`, 'release', soon({ metadata }), { metadata }),
    )
    .on(
      'NameReleased',
      ({ data, stream }) => idOf('emailRelease', `${stream.slice(stream.indexOf('-') + 1)}:${data.holderId}`),
      gone,
    );

/** One more kind of desk documents for events that may concern others already. `own` tells its ids by their process. */
const also = <Type extends DomainEvent['type']>(
  desk: Projection<DeskDocument>,
  process: string,
  type: Type,
  ids: (event: Recorded<EventNamed<Type>>) => readonly string[],
  fold: (before: DeskDocument | undefined, event: Recorded<EventNamed<Type>>, id: string) => DeskDocument | undefined,
): Projection<DeskDocument> => {
  const known = desk.handlers.get(type);
  const listed = (of: Ids): readonly string[] => (typeof of === 'string' ? [of] : of);
  return desk.on(
    type,
    (event) => [
      ...(known === undefined ? [] : listed(known.ids(event))),
      ...ids(event).map((key) => idOf(process, key)),
    ],
    (before, event, id) =>
      known === undefined || id.startsWith(`${process}:`) ? fold(before, event, id) : known.fold(before, event, id),
  );
};

/** Who has to be told of an event, and sent a mail. */
const withNotifications = (desk: Projection<DeskDocument>): Projection<DeskDocument> =>
  newsTypes
    .reduce<Projection<DeskDocument>>(
      (all, type) =>
        also(
          all,
          'notify',
          type,
          ({ stream, revision }) => [`${stream}@${revision}`],
          (_, event) => waiting('notify', `${event.stream}@${event.revision}`, 'notify', soon(event), event),
        ),
      desk,
    )
    .on(
      'NotificationRaised',
      ({ data }) => [idOf('notify', data.cause), ...(data.mail ? [idOf('mail', data.notificationId)] : [])],
      (_, event, id) =>
        id.startsWith('mail:') ? waiting('mail', event.data.notificationId, 'mail', soon(event), event) : undefined,
    )
    .on('NotificationMailSettled', ({ data }) => idOf('mail', data.notificationId), gone);

/** A licence and the review on it: the review has to follow where they differ. */
const review =
  (change: Partial<NonNullable<DeskDocument['review']>>) =>
  (before: DeskDocument | undefined, event: At, id: string): DeskDocument | undefined => {
    const { standing, counted } = { standing: true, counted: null, ...before?.review, ...change };
    if (standing && counted === null) return undefined;
    const differs = counted !== null && counted !== standing;
    const owes = differs ? ['followLicense'] : [];
    return {
      ...{ process: 'review', key: id.slice('review:'.length), dueAt: differs ? soon(event) : null, owes },
      ...{ since: sinceOf(before, owes, event), review: { standing, counted } },
    };
  };

const withReviews = (desk: Projection<DeskDocument>): Projection<DeskDocument> => {
  const ofLicense = ({ data }: { readonly data: { readonly licenseId: string } }): readonly string[] => [
    data.licenseId,
  ];
  const published = also(desk, 'review', 'ReviewPublished', ofLicense, review({ counted: true }));
  const edited = also(
    published,
    'review',
    'ReviewEdited',
    ({ data }) => [...new Set([data.licenseId, data.previousLicenseId])],
    (before, event, id) =>
      review({ counted: id === idOf('review', event.data.licenseId) ? true : null })(before, event, id),
  );
  const excluded = also(edited, 'review', 'ReviewExcluded', ofLicense, review({ counted: false }));
  const restored = also(excluded, 'review', 'ReviewRestored', ofLicense, review({ counted: true }));
  const suspended = also(restored, 'review', 'LicenseSuspended', ofLicense, review({ standing: false }));
  const active = also(suspended, 'review', 'LicenseRestored', ofLicense, review({ standing: true }));
  return also(active, 'review', 'LicenseRevoked', ofLicense, review({ standing: false }));
};

const empty = projection<DeskDocument>('desk', { version: 3, sink: 'documents', indexes: [['dueAt'], ['since']] });

/**
 * The saga desk and the durable schedule in one: everything that is owed, and when it has to be looked at. A restarted
 * worker takes up what is due here.
 */
export const desk = withNotifications(withReviews(withAccounts(withBooks(withScans(withHolds(withProcesses(empty)))))));
