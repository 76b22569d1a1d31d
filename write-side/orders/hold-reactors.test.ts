import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { couponDecider } from '../../domain/coupon/decide.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { customerId, lineOne, orderId, sampleOrder } from '../../domain/order/samples.ts';
import { stockDecider } from '../../domain/stock/decide.ts';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { oneKey } from '../../infra/secrets/one-key.ts';
import { commandHandling, type Handling } from '../handling/handling.ts';
import { idFrom } from '../handling/ids.ts';
import { couponHoldReactor, stockHoldReactor } from './hold-reactors.ts';

const clock = manualClock(Date.parse('2026-11-21T10:00:00.000Z'));
const random = seededRandom(7, clock);
const { productId } = lineOne;
const until = '2026-11-21T10:01:00.000Z';

let store: EventStore;
let handling: Handling;
let commands = 0;
const context = () => {
  commands += 1;
  const commandId = idFrom('command', commands);
  return { commandId, correlationId: commandId, actorId: customerId, actorRole: 'customer' };
};
const held = async () => {
  const { state: coupon } = await handling.load(couponDecider, 'TEN');
  const { state: stock } = await handling.load(stockDecider, productId);
  return {
    coupon: coupon.status === 'none' ? undefined : coupon.held,
    stock: stock.status === 'none' ? undefined : stock.held,
  };
};

beforeEach(async () => {
  store = openSqliteEventStore({ file: ':memory:', clock });
  handling = commandHandling({ store, codec: eventCodec({ keys: oneKey, random }), clock, random });
  const code = 'TEN';
  await handling.handle(
    couponDecider,
    code,
    { type: 'CreateCoupon', code, makerId: idFrom('maker'), percentOff: 10, maxRedemptions: 1 },
    context(),
  );
  await handling.handle(
    couponDecider,
    code,
    { type: 'ReserveCoupon', code, orderId, customerId, now: '2026-11-21T10:00:00.000Z', until },
    context(),
  );
  await handling.handle(
    stockDecider,
    productId,
    { type: 'ReserveStock', productId, orderId, quantity: 1, level: 1, available: 1, until },
    context(),
  );
});
afterEach(() => store.close());

const drivenBoth = async (): Promise<void> => {
  await couponHoldReactor(handling).drive(`TEN:${orderId}`);
  await stockHoldReactor(handling).drive(`${productId}:${orderId}`);
};

describe('a hold whose time is over', () => {
  it('is given back when its order never came, which then can not come any more', async () => {
    await drivenBoth();
    expect(await held()).toEqual({ coupon: 0, stock: 0 });
    const late = handling.handle(orderDecider, orderId, { type: 'PlaceOrder', order: sampleOrder() }, context());
    await expect(late).rejects.toMatchObject({ code: 'CHECKOUT_EXPIRED' });
  });

  it('is left to the order when that came in the last moment', async () => {
    await handling.handle(orderDecider, orderId, { type: 'PlaceOrder', order: sampleOrder() }, context());
    await drivenBoth();
    expect(await held()).toEqual({ coupon: 1, stock: 1 });
  });
});
