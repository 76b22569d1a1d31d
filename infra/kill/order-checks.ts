import { owed } from '../../domain/checkout/owed.ts';
import { couponUses } from '../../domain/coupon/state.ts';
import { valuesIn } from '../../domain/keyed.ts';
import type { OrderEvent } from '../../domain/order/events.ts';
import { nothingLeft } from '../../domain/order/refund.ts';
import { isDisputed, isLost, type PlacedOrder, refundedLines } from '../../domain/order/state.ts';
import { paymentDecider } from '../../domain/payment/decider.ts';
import { Broken, holds, same } from './expecting.ts';
import { eventOf, type Provider, sum, type World } from './world.ts';

/** What the provider took for the order and gave back, in minor units. A second charge of one order is none of its. */
export const moneyAt = ({ charges, refunds, disputes }: Provider, orderId: string) => {
  const state = charges.get(orderId)?.[0]?.state;
  const captured = state?.type === 'captured' ? state.amount.amount : 0;
  const refunded = sum(
    (refunds.get(orderId) ?? []).map(({ state: { type }, amount }) => (type === 'succeeded' ? amount.amount : 0)),
  );
  const lost = (disputes.get(orderId) ?? []).some(({ status }) => status === 'lost');
  return { captured, back: lost ? captured : refunded };
};

/** What has to be true of the licences of an order that ended so. */
const licenseStates = (order: PlacedOrder): ReadonlyMap<string, string> => {
  const ended = order.status === 'cancelled' || order.status === 'refunded';
  const back = new Set(ended ? order.lines.map(({ lineId }) => lineId) : refundedLines(order));
  const standing = isDisputed(order) ? 'suspended' : 'active';
  return new Map(order.lines.map(({ lineId }) => [lineId, back.has(lineId) ? 'revoked' : standing]));
};

const checkOrder = (id: string, order: PlacedOrder, licenses: World['licenseOf'], payment: unknown): void => {
  const about = `order ${id} ${order.status}`;
  const own = licenses.get(id) ?? [];
  const expected = licenseStates(order);
  same(own.length, new Set(own.map(({ lineId }) => lineId)).size, `${about}: one licence a line`);
  for (const { lineId, status } of own) same(status, expected.get(lineId), `${about}: licence of line ${lineId}`);
  if (order.status === 'fulfilled' || order.status === 'partiallyRefunded')
    same(own.map(({ lineId }) => lineId).sort(), order.lines.map(({ lineId }) => lineId).sort(), `${about}: licences`);
  holds(own.length === 0 || payment !== 'none', `${about}: a licence without a payment`);
};

/**
 * What operators recorded as given back, which did not go through the provider. Nobody can know of a dispute that comes later: when it
 * is lost, what was paid before it opened is lost twice, and does not count.
 */
const givenBackElsewhere = ({ streams }: World, orderId: string, order: PlacedOrder): number => {
  const events = (streams.get(`order-${orderId}`) ?? []).map((event) => eventOf<OrderEvent>(event));
  const opened = events.findIndex(({ type }) => type === 'OrderDisputeOpened');
  const from = isLost(order) ? opened : 0;
  return sum(
    events
      .slice(from)
      .map((event) => (event.type === 'OrderRefunded' && event.data.note !== undefined ? event.data.amount : 0)),
  );
};

/** Every order came to one end, and the provider and its licences agree with it. */
const checkEnds = (world: World, provider: Provider): void => {
  const { orders, payments, licenseOf } = world;
  for (const [id, charges] of provider.charges) {
    same(charges.length, 1, `charges of order ${id}`);
    holds(orders.has(id), `charge ${id} has no order`);
  }
  for (const [id, order] of orders) {
    const { captured, back: throughProvider } = moneyAt(provider, id);
    const back = throughProvider + givenBackElsewhere(world, id, order);
    const payment = payments.get(id) ?? paymentDecider.initial;
    const about = `order ${id} ${order.status}`;
    const owes = owed(order, payment, '9999').filter(({ type }) => type !== 'awaitOperator');
    same(owes, [], `${about} owes`);
    const refunded = sum(order.refunds.map(({ state, amount }) => (state === 'succeeded' ? amount : 0)));
    switch (order.status) {
      case 'fulfilled':
      case 'partiallyRefunded':
        same({ captured, back }, { captured: order.total, back: refunded }, about);
        break;
      case 'refunded':
        same({ captured, back }, { captured: order.total, back: order.total }, about);
        break;
      case 'cancelled':
        // while a dispute holds the money it is neither kept nor given back
        if (!isDisputed(order)) same(captured - back, 0, `${about}: money kept`);
        break;
      case 'paid':
        // asked back before it was delivered, and disputed before the money went back: the bank's word is waited for
        holds(isDisputed(order) && nothingLeft(order), `${about} has not ended`);
        same({ captured, back }, { captured: order.total, back: refunded }, about);
        break;
      default:
        throw new Broken(`${about} has not ended`);
    }
    checkOrder(id, order, licenseOf, payment.status);
  }
};

/** How many machines a licence ever had at once. Counted by events: which machine it is stands in them sealed. */
const mostMachines = (streams: World['streams'], licenseId: string): number => {
  let machines = 0;
  let most = 0;
  for (const { type } of streams.get(`license-${licenseId}`) ?? []) {
    if (type === 'LicenseActivated') machines += 1;
    if (type === 'LicenseDeactivated') machines -= 1;
    most = Math.max(most, machines);
  }
  return most;
};

/** Scarce things were given to those who paid, and to no more of them than there were. */
const checkLimits = ({ streams, orders, licenses, coupons, stocks }: World): void => {
  const paid = [...orders.values()].filter(({ licenses: issued }) => issued !== undefined);
  const byCoupon = Map.groupBy(paid, ({ couponCode }) => couponCode);
  for (const [code, coupon] of coupons) {
    same(couponUses(coupon), { held: 0, confirmed: byCoupon.get(code)?.length ?? 0 }, `coupon ${code}`);
    const limit = coupon.status === 'none' ? undefined : coupon.terms.maxRedemptions;
    holds(couponUses(coupon).confirmed <= (limit ?? Infinity), `coupon ${code}: more uses than ${limit}`);
  }
  const sold = Map.groupBy(
    paid.flatMap(({ lines }) => lines),
    ({ productId }) => productId,
  );
  for (const [productId, stock] of stocks) {
    if (stock.status === 'none') continue;
    const kept = [...valuesIn(stock.holds)].filter(({ state }) => state !== 'released');
    const quantities = (sold.get(productId) ?? []).map(({ quantity }) => quantity);
    const states = kept.map(({ state }) => state);
    same(
      states,
      quantities.map(() => 'confirmed'),
      `stock ${productId}`,
    );
    same(sum(kept.map(({ quantity }) => quantity)), sum(quantities), `stock ${productId}`);
    holds(stock.sold <= stock.quantity, `stock ${productId}: ${stock.sold} sold of ${stock.quantity}`);
  }
  for (const [id, license] of licenses)
    if (license.status !== 'none')
      holds(mostMachines(streams, id) <= license.activationLimit, `licence ${id}: more machines than its limit`);
};

/** @throws Broken when an order did not come to its one end, or scarce things were given out twice */
export const checkOrders = (world: World, provider: Provider): void => {
  checkEnds(world, provider);
  checkLimits(world);
};
