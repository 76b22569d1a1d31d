import { describe, expect, it } from 'vitest';
import * as sample from '../../domain/order/samples.ts';
import { market } from '../world.test.ts';

const { orderId, customerId } = sample;
const stream = `order-${orderId}`;
const url = `/orders/${orderId}/invoice`;
const erased = Buffer.from('[erased]').toString('hex');
const billing = { country: 'DE', vatId: 'DE1', name: 'Grace Hopper' };

const paidOrder = async () => {
  const all = await market();
  await all.record(stream, sample.orderPlaced(undefined, { billing }), sample.orderPaid());
  /** The glyphs of the PDF, without the kerning between them. */
  const pdf = async () =>
    (await all.get(url, 'buyer', { accept: 'application/pdf' })).text.replaceAll(/> -?[\d.]+ </g, '');
  return { ...all, pdf };
};

describe('an invoice', () => {
  it('has the facts that the order froze', async () => {
    const { get } = await paidOrder();
    const { json, headers } = await get(url, 'buyer');
    const { total, lines } = sample.sampleOrder();
    expect(json).toMatchObject({
      orderId,
      issuedAt: '2026-01-01T00:00:00.000Z',
      buyer: { id: customerId, ...billing },
      total: { amount: total },
    });
    expect(json.lines).toHaveLength(lines.length);
    expect(headers.etag).toBe('"1"');
  });

  it('shows `[erased]` for the name once the person is erased; the facts of the tax stay', async () => {
    const { get, keys, pdf } = await paidOrder();
    const before = (await get(url, 'buyer')).json;
    expect(await pdf()).not.toContain(erased);
    await keys.erase(customerId);
    expect((await get(url, 'buyer')).json).toEqual({ ...before, buyer: { ...before.buyer, name: '[erased]' } });
    expect(await pdf()).toContain(erased);
  });

  it('names its sellers as they were called when the order was placed', async () => {
    const { get } = await paidOrder();
    const { lines } = (await get(url, 'buyer')).json;
    expect(lines.map(({ vendor }: { vendor: { displayName: string } }) => vendor.displayName)).toContain('Ada');
  });

  it('is nobody’s but the buyer’s', async () => {
    const { get } = await paidOrder();
    for (const who of ['ada', 'admin', 'stranger'] as const) expect((await get(url, who)).status).toBe(404);
    expect((await get(url)).status).toBe(401);
  });
});
