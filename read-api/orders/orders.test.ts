import { describe, expect, it } from 'vitest';
import * as sample from '../../domain/order/samples.ts';
import { day, id, licensed, market, publish } from '../world.test.ts';

describe('orders and licences', () => {
  const sold = async () => {
    const all = await market();
    await licensed(all.world);
    await all.record(`order-${sample.orderId}`, ...sample.untilSettled);
    return all;
  };

  it('give the buyer and an administrator the whole order', async () => {
    const { get } = await sold();
    const { json, headers } = await get(`/orders/${sample.orderId}`, 'buyer');
    const eur = (amount: number) => ({ amount, currency: 'EUR' });
    expect(json).toMatchObject({
      ...{
        state: 'fulfilled',
        disputed: false,
        subtotal: eur(1500),
        tax: eur(300),
        total: eur(1800),
        refunded: eur(0),
        refunds: [],
      },
      payment: { state: 'captured', method: 'pm_card_visa' },
      licenses: [{ id: sample.licenseId(1), productId: id(21), state: 'active' }, { state: 'active' }],
    });
    expect(json.lines[0]).toMatchObject({ id: id(11), unitPrice: eur(1000), total: eur(1200), vendorId: id(31) });
    expect(json.timeline.map(({ step }: { step: string }) => step)).toEqual([
      'placed',
      'paymentRequested',
      'paid',
      'fulfilled',
      'settled',
    ]);
    for (const absent of ['coupon', 'dispute', 'reason']) expect(json).not.toHaveProperty(absent);
    expect(headers.etag).toBe('"4"');
    expect((await get(`/orders/${sample.orderId}`, 'admin')).json).toEqual(json);
    expect((await get('/orders?state=fulfilled', 'buyer')).json).toEqual({ items: [json], nextCursor: null });
    expect((await get('/orders?state=cancelled', 'buyer')).json.items).toEqual([]);
    expect((await get('/orders', 'ada')).json.items).toEqual([]);
  });

  it('give a vendor its own lines and nothing of the buyer, and others nothing', async () => {
    const { get, record } = await sold();
    await record(`order-${sample.orderId}`, sample.refundRequested(), sample.orderRefunded());
    const { json } = await get(`/orders/${sample.orderId}`, 'bob');
    expect(json.lines.map(({ vendorId }: { vendorId: string }) => vendorId)).toEqual([id(32)]);
    expect([json.subtotal.amount, json.tax.amount, json.total.amount, json.refunded.amount]).toEqual([
      500, 100, 600, 600,
    ]);
    expect(json.refunds[0].amount.amount).toBe(600);
    expect(json.licenses.map((license: { id: string }) => license.id)).toEqual([sample.licenseId(2)]);
    expect(json.payment).toEqual({ state: 'refunded' });
    expect(JSON.stringify(json)).not.toContain(sample.customerId);
    expect((await get(`/orders/${sample.orderId}`, 'stranger')).status).toBe(404);
    expect((await get(`/orders/${sample.orderId}`)).status).toBe(401);
  });

  it('tell a vendor nothing of what another one was asked, gave back or refused', async () => {
    const { get, record } = await sold();
    const [orderId, requestId, ofAda] = [sample.orderId, id(80), [sample.wholeOf(sample.lineOne)]];
    const lineIds = ofAda.map(({ lineId }) => lineId);
    await record(
      `order-${orderId}`,
      {
        type: 'OrderRefundRequestedByBuyer',
        data: { orderId, requestId, customerId: sample.customerId, reason: 'It does not work.', lineIds },
      },
      {
        type: 'OrderRefundRequestRefused',
        data: { orderId, requestId, reason: 'It was used.', refusedBy: sample.sampleId(51), lineIds },
      },
      sample.refundRequested(ofAda),
      sample.orderRefunded(ofAda),
    );
    const stepsFor = async (who: 'buyer' | 'admin' | 'ada' | 'bob'): Promise<readonly string[]> =>
      (await get(`/orders/${orderId}`, who)).json.timeline.map(({ step }: { step: string }) => step);
    const shared = ['placed', 'paymentRequested', 'paid', 'fulfilled', 'settled'];
    const own = ['refundRequestedByBuyer', 'refundRequestRefused', 'refundRequested', 'refunded'];
    for (const who of ['buyer', 'admin', 'ada'] as const) expect(await stepsFor(who)).toEqual([...shared, ...own]);
    expect(await stepsFor('bob')).toEqual(shared);
  });

  it('give a licence to its owner alone, with its state now', async () => {
    const { get, clock, world, first } = await sold();
    await publish(world, first);
    const { json } = await get(`/licenses/${sample.licenseId(1)}`, 'buyer');
    expect(json).toMatchObject({
      key: `KEY-${sample.licenseId(1)}`,
      state: 'active',
      latestVersion: '1.0.0',
      activationLimit: 3,
    });
    expect(json.activations).toEqual([1, 2].map((n) => ({ machine: `machine-${n}`, at: '2026-01-01T00:00:00.000Z' })));
    expect((await get('/licenses', 'buyer')).json.items).toHaveLength(2);
    expect((await get(`/licenses/${sample.licenseId(1)}`, 'ada')).status).toBe(404);
    await clock.advance(40 * day);
    expect((await get(`/licenses/${sample.licenseId(1)}`, 'buyer')).json.state).toBe('expired');
  });

  it('validate a key for anyone, sixty times a minute', async () => {
    const { app, record } = await sold();
    const ask = async (body: object) => app.inject({ method: 'POST', url: '/licenses/validate', payload: body });
    const key = `KEY-${sample.licenseId(1)}`;
    const valid = (await ask({ key, productId: id(21), machine: 'machine-2' })).json();
    expect(valid).toMatchObject({ valid: true, code: 'VALID', license: { id: sample.licenseId(1), state: 'active' } });
    expect((await ask({ key, productId: id(21), machine: 'machine-3' })).json().code).toBe('NOT_ACTIVATED');
    expect((await ask({ key, productId: id(22) })).json()).not.toHaveProperty('license');
    expect((await ask({ key: 'nonsense', productId: id(22) })).json()).toMatchObject({
      valid: false,
      code: 'NOT_FOUND',
    });
    expect((await ask({ key, productId: id(21), more: 1 })).statusCode).toBe(400);
    await record(`license-${sample.licenseId(1)}`, {
      type: 'LicenseRevoked',
      data: { licenseId: sample.licenseId(1), reason: 'refund' },
    });
    expect((await ask({ key, productId: id(21) })).json()).toMatchObject({ valid: false, code: 'REVOKED' });
    for (let n = 6; n < 60; n += 1) await ask({ key, productId: id(21) });
    expect((await ask({ key, productId: id(21) })).statusCode).toBe(429);
  });
});
