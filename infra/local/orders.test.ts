import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  approvedVendor,
  type Client,
  type OnSale,
  orderOf,
  type Person,
  published,
  registered,
  settled,
  signInAdministrator,
  type VendorPerson,
} from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
let admin: Client;
let vendor: VendorPerson;
let buyer: Person;
let sorter: OnSale;

beforeEach(async () => {
  system = await startTestSystem({ env: { PAYMENT_TIMEOUT_S: '60' } });
  admin = await signInAdministrator(system);
  vendor = await approvedVendor(system, 'alpha');
  sorter = await published(system, vendor);
  buyer = await registered(system, 'buyer');
});
afterEach(() => system.dispose());

const usd = (amount: number) => ({ amount, currency: 'USD' });
type Answer = Record<string, unknown>;
const place = async (method: string): Promise<string> =>
  String((await buyer.ok('POST', '/orders', orderOf([sorter], method))).id);
const orderWhen = (id: string, what: string, isSo: (order: Answer) => boolean): Promise<Answer> =>
  system.until(what, async () => {
    // The read model may not have it yet.
    const { status, body } = await buyer.call('GET', `/orders/${id}`);
    return status === 200 && isSo(body) && body;
  });
const code = async (as: Client, method: 'POST' | 'PATCH', path: string, body?: unknown) => {
  const reply = await as.call(method, path, body);
  return reply.status < 300 ? reply.status : reply.body.code;
};

describe('cancelling', () => {
  it('is for its buyer before the capture, and releases; after it 409 ORDER_PAID, never a hidden refund', async () => {
    const waiting = await place('pm_card_authenticationRequired');
    await settled(system, buyer, waiting, ['awaitingConfirmation']);
    for (const who of [vendor, admin]) expect(await code(who, 'POST', `/orders/${waiting}/cancel`)).toBe('NOT_FOUND');
    expect(await code(buyer, 'POST', `/orders/${waiting}/cancel`)).toBe(200);
    expect(await code(buyer, 'POST', `/orders/${waiting}/cancel`, {})).toBe(200);
    const order = await settled(system, buyer, waiting, ['cancelled']);
    expect(order).toMatchObject({ reason: 'cancelled_by_buyer', payment: { state: 'abandoned' }, licenses: [] });
    expect(await code(buyer, 'POST', `/orders/${waiting}/confirm`)).toBe('ORDER_STATE');

    const paid = await place('pm_card_visa');
    await settled(system, buyer, paid, ['fulfilled']);
    expect(await code(buyer, 'POST', `/orders/${paid}/cancel`)).toBe('ORDER_PAID');
    expect(await buyer.ok('GET', `/orders/${paid}`)).toMatchObject({ state: 'fulfilled', refunds: [] });
  });

  it('while the charge happened unheard: stays cancelled, the payment is refunded', async () => {
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    await system.dispose();
    system = await startTestSystem({
      wrap: (ports) => ({
        ...ports,
        payments: (deliver) => {
          const real = ports.payments(deliver);
          const charge: typeof real.provider.charge = async (request) => {
            const state = await real.provider.charge(request);
            await gate;
            return state;
          };
          return { ...real, provider: { ...real.provider, charge } };
        },
      }),
    });
    vendor = await approvedVendor(system, 'alpha');
    sorter = await published(system, vendor);
    buyer = await registered(system, 'buyer');
    await (await signInAdministrator(system)).ok('POST', '/simulator/webhooks', { delayMs: 2_000 });
    const id = await place('pm_card_visa');
    expect(await code(buyer, 'POST', `/orders/${id}/cancel`)).toBe(200);
    open();
    const order = await orderWhen(id, 'refunded', ({ refunded }) => JSON.stringify(refunded).includes('1999'));
    expect(order).toMatchObject({ state: 'cancelled', payment: { state: 'refunded' }, licenses: [] });
    const { items } = await vendor.ok('GET', `/vendors/${vendor.vendorId}/balance`);
    expect(items).toEqual([]);
  });
});

describe('3-D Secure', () => {
  it('is confirmed by the buyer, who then owns what was bought', async () => {
    const id = await place('pm_card_authenticationRequired');
    const waiting = await settled(system, buyer, id, ['awaitingConfirmation']);
    expect(waiting).toMatchObject({ payment: { state: 'requiresAction', clientAction: { type: 'threeDSecure' } } });
    expect(await code(vendor, 'POST', `/orders/${id}/confirm`, {})).toBe('NOT_FOUND');
    expect(await code(buyer, 'POST', `/orders/${id}/confirm`, {})).toBe(202);
    expect(await settled(system, buyer, id, ['fulfilled'])).toMatchObject({ payment: { state: 'captured' } });
    expect(await code(buyer, 'POST', `/orders/${id}/confirm`)).toBe(202);
  });

  it('not confirmed in time: the payment is given up, the order cancelled', async () => {
    const id = await place('pm_card_authenticationRequired');
    await settled(system, buyer, id, ['awaitingConfirmation']);
    await system.clock.advance(61_000);
    const order = await settled(system, buyer, id, ['cancelled']);
    expect(order).toMatchObject({ reason: 'payment_timeout', payment: { state: 'abandoned' } });
    expect(await code(buyer, 'POST', `/orders/${id}/confirm`)).toBe('ORDER_STATE');
    expect(await code(buyer, 'POST', `/orders/${id}/cancel`)).toBe(200);
  });
});

describe('a declined payment', () => {
  it.each([
    ['pm_card_chargeDeclined', 'card_declined'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
  ])('%s cancels the order and says why', async (method, why) => {
    const order = await settled(system, buyer, await place(method), ['cancelled']);
    expect(order).toMatchObject({ reason: 'declined', payment: { state: 'declined', method } });
    expect(JSON.stringify(order.timeline)).toContain(why);
  });
});

describe('a refund that the provider refuses', () => {
  it('shows as failed with its reason; order, licence and money stay as they were', async () => {
    const id = await place('pm_card_refundFail');
    await settled(system, buyer, id, ['fulfilled']);
    const refund = await vendor.ok('POST', `/orders/${id}/refunds`, { reason: 'sorry' });
    const order = await orderWhen(id, 'failed', ({ refunds }) => JSON.stringify(refunds).includes('"failed"'));
    expect(order).toMatchObject({
      ...{ state: 'fulfilled', refunded: usd(0), payment: { state: 'captured' }, licenses: [{ state: 'active' }] },
      refunds: [{ id: refund.id, state: 'failed', amount: usd(1999), failure: 'expired_or_canceled_card' }],
    });
    const { items } = await vendor.ok('GET', `/vendors/${vendor.vendorId}/balance`);
    expect(items).toMatchObject([{ pending: 1799 }]);
    expect(await code(vendor, 'POST', `/orders/${id}/refunds`, { reason: 'once more' })).toBe(202);
  });
});
