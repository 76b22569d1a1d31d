import { afterEach, describe, expect, it } from 'vitest';
import { providerOf } from '../kill/world.ts';
import {
  approvedVendor,
  type Client,
  type OnSale,
  published,
  registered,
  settled,
  signIn,
  signInAdministrator,
  type VendorPerson,
} from './test-client.ts';
import { startTestSystem, type TestOptions, type TestSystem } from './test-system.ts';

let system: TestSystem;
afterEach(() => system.dispose());

type Body = Record<string, unknown>;
type Row = Readonly<Record<string, unknown>>;
const env = { SETTLEMENT_DELAY_S: '0' };
const started = async (options: TestOptions = {}): Promise<void> => {
  system = await startTestSystem({ env, ...options });
};

const rowsOf = (value: unknown): readonly Row[] => {
  if (!Array.isArray(value)) throw new Error(`no list: ${JSON.stringify(value)}`);
  return value;
};
const amountOf = (money: unknown): number => {
  if (!(money instanceof Object) || !('amount' in money) || typeof money.amount !== 'number')
    throw new Error(`no money: ${JSON.stringify(money)}`);
  return money.amount;
};
const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

const body = (products: readonly OnSale[], currency: string, more: Body = {}): Body => ({
  items: products.map(({ id, amount }) => ({ productId: id, quantity: 1, expectedPrice: { amount, currency } })),
  paymentMethod: 'pm_card_visa',
  ...more,
});
const bought = async (buyer: Client, products: readonly OnSale[], currency = 'USD', more: Body = {}): Promise<Body> => {
  const { id } = await buyer.ok('POST', '/orders', body(products, currency, more));
  return settled(system, buyer, id, ['fulfilled']);
};
const balanceIs = (vendor: VendorPerson, currency: string, buckets: Readonly<Record<string, number>>): Promise<Row> =>
  system.until(`${currency} ${JSON.stringify(buckets)}`, async () => {
    const { items } = await vendor.ok('GET', `/vendors/${vendor.vendorId}/balance`);
    const own = rowsOf(items).find((each) => each.currency === currency);
    return own && Object.entries(buckets).every(([bucket, amount]) => own[bucket] === amount) && own;
  });
const payOut = async (vendor: VendorPerson, amount: number, currency = 'USD'): Promise<string> =>
  String((await vendor.ok('POST', `/vendors/${vendor.vendorId}/payouts`, { amount: { amount, currency } })).id);
const payoutIs = (vendor: VendorPerson, id: string, state: string): Promise<Row> =>
  system.until(`payout ${state}`, async () => {
    const found = await vendor.call('GET', `/vendors/${vendor.vendorId}/payouts/${id}`);
    return found.status === 200 && found.body.state === state && found.body;
  });
const ledgerOf = async (vendor: VendorPerson): Promise<readonly Row[]> =>
  rowsOf((await vendor.ok('GET', `/vendors/${vendor.vendorId}/ledger?limit=100`)).items);

describe('refunds', () => {
  /** What is asked for, one after the other, of an order of two lines of two vendors. */
  const ways: readonly (readonly [string, (lines: readonly string[]) => readonly Body[]])[] = [
    [
      'by line, part by part, then all that is left',
      ([a, b]) => [{ lines: [{ lineId: b, amount: 333 }] }, { lines: [{ lineId: a, amount: 1 }] }, {}],
    ],
    ['by amount, then by line, then by amount', ([a]) => [{ amount: 1001 }, { lines: [{ lineId: a }] }, {}]],
    ['one line after the other', ([a, b]) => [{ lines: [{ lineId: b }] }, { lines: [{ lineId: a }] }]],
    [
      'cent by cent, then in full',
      () => [{ amount: 1 }, { amount: 1 }, { amount: { amount: 7, currency: 'USD' } }, {}],
    ],
    ['in full at once', () => [{}]],
  ];

  it.each(ways)('%s sum to the cent', async (_, requests) => {
    await started();
    const alpha = await approvedVendor(system, 'alpha');
    const beta = await approvedVendor(system, 'beta');
    const products = [
      await published(system, alpha),
      await published(system, beta, { price: { amount: 1003, currency: 'USD' } }),
    ];
    const buyer = await registered(system, 'buyer');
    const admin = await signInAdministrator(system);
    const order = await bought(buyer, products, 'USD', { billing: { country: 'DE' } });
    const total = amountOf(order.total);
    expect(total).toBe(1999 + 1003 + 570); // 19 % of 3002, half up
    const all = requests(rowsOf(order.lines).map(({ id }) => String(id)));
    for (const [index, request] of all.entries()) {
      await admin.ok('POST', `/orders/${String(order.id)}/refunds`, { ...request, reason: 'asked for' });
      await system.until('refunded', async () => {
        const { refunds } = await buyer.ok('GET', `/orders/${String(order.id)}`);
        return rowsOf(refunds).filter(({ state }) => state === 'succeeded').length === index + 1;
      });
    }
    const refunded = await settled(system, buyer, order.id, ['refunded']);
    expect(amountOf(refunded.refunded)).toBe(total);
    expect(sum(rowsOf(refunded.refunds).map(({ amount }) => amountOf(amount)))).toBe(total);
    expect(sum([...providerOf(system.dir).refunds.values()].flat().map(({ amount }) => amount.amount))).toBe(total);
    for (const vendor of [alpha, beta]) {
      await balanceIs(vendor, 'USD', { pending: 0, available: 0, reserved: 0 });
      const entries = await ledgerOf(vendor);
      for (const account of ['clearing', 'commission', 'pending', 'available'])
        expect([
          account,
          sum(entries.filter((entry) => entry.account === account).map(({ amount }) => amountOf(amount))),
        ]).toEqual([account, 0]);
    }
    const more = await admin.call('POST', `/orders/${String(order.id)}/refunds`, { amount: 1, reason: 'once more' });
    expect([more.status, more.body.code]).toEqual([409, 'REFUND_EXCEEDS']);
  });
});

describe('payouts', () => {
  const shopWith = async (payoutAccount: string): Promise<VendorPerson> => {
    const vendor = await approvedVendor(system, 'alpha');
    await vendor.ok('PUT', `/vendors/${vendor.vendorId}/payout-account`, { token: payoutAccount });
    await bought(await registered(system, 'buyer'), [await published(system, vendor)]);
    await balanceIs(vendor, 'USD', { available: 1799 });
    return vendor;
  };

  it.each([
    ['failed', 'ba_failed', 'account_closed'],
    ['returned', 'ba_returned', 'returned_by_bank'],
  ])('one that %s is available again, with its reason', async (state, account, reason) => {
    await started();
    const vendor = await shopWith(account);
    const id = await payOut(vendor, 500);
    expect(await payoutIs(vendor, id, state)).toMatchObject({ amount: { amount: 500 }, reasons: [{ reason }] });
    await balanceIs(vendor, 'USD', { available: 1799, reserved: 0, paidOut: 0 });
  });

  it('one that works is paid out, once', async () => {
    await started();
    const vendor = await shopWith('ba_ok');
    await payoutIs(vendor, await payOut(vendor, 500), 'paid');
    await balanceIs(vendor, 'USD', { available: 1299, reserved: 0, paidOut: 500 });
    expect(providerOf(system.dir).payouts).toHaveLength(1);
  });

  it('one is cancelled while it is requested, and never asked of the provider', async () => {
    let held = true;
    const wrap: TestOptions['wrap'] = (ports) => ({
      ...ports,
      store: {
        ...ports.store,
        append: async (stream, expected, events) => {
          if (held && events.some(({ type }) => type === 'PayoutStarted')) throw new Error('not yet');
          return ports.store.append(stream, expected, events);
        },
      },
    });
    await started({ wrap });
    const vendor = await shopWith('ba_ok');
    const id = await payOut(vendor, 500);
    await balanceIs(vendor, 'USD', { available: 1299, reserved: 500 });
    await vendor.ok('POST', `/vendors/${vendor.vendorId}/payouts/${id}/cancel`);
    held = false;
    await payoutIs(vendor, id, 'cancelled');
    await balanceIs(vendor, 'USD', { available: 1799, reserved: 0 });
    expect(providerOf(system.dir).payouts).toEqual([]);
    const paid = await payOut(vendor, 1);
    await payoutIs(vendor, paid, 'paid');
    const late = await vendor.call('POST', `/vendors/${vendor.vendorId}/payouts/${paid}/cancel`);
    expect([late.status, late.body.code]).toEqual([409, 'PAYOUT_STATE']);
  });

  const hour = 3_600_000;
  /** Stops, and goes on with the same files at another time. */
  const goOnAt = async (wrap: NonNullable<TestOptions['wrap']>, at: number): Promise<void> => {
    const { dir } = system;
    await system.stop();
    await started({ wrap, dir, startAt: at });
  };

  it('whose return nobody reports are asked for some days after they were paid', async () => {
    const wrap: TestOptions['wrap'] = (ports) => ({
      ...ports,
      payments: (deliver) =>
        ports.payments(async (rawBody, headers) =>
          Buffer.from(rawBody).includes('"returned') ? { status: 200 } : deliver(rawBody, headers),
        ),
    });
    await started({ wrap });
    const vendor = await shopWith('ba_returned');
    const id = await payOut(vendor, 500);
    await payoutIs(vendor, id, 'paid');
    await balanceIs(vendor, 'USD', { available: 1299, reserved: 0, paidOut: 500 });
    await system.until(
      'the bank returned it',
      async () => providerOf(system.dir).payouts[0]?.state.type === 'returned',
    );
    await system.clock.advance(10_000);
    await payoutIs(vendor, id, 'paid');
    await goOnAt(wrap, system.clock.now() + 24 * hour);
    const owner = { ...vendor, ...(await signIn(system, vendor.email)) };
    expect(await payoutIs(owner, id, 'returned')).toMatchObject({ reasons: [{ reason: 'returned_by_bank' }] });
    await balanceIs(owner, 'USD', { available: 1799, reserved: 0, paidOut: 0 });
  });

  it('whose webhook is lost are asked for after an hour, then daily', async () => {
    const asked: number[] = [];
    const wrap: TestOptions['wrap'] = (ports) => ({
      ...ports,
      payments: (deliver) => {
        const { provider, ...more } = ports.payments(async (rawBody, headers) =>
          Buffer.from(rawBody).includes('"payout.') ? { status: 200 } : deliver(rawBody, headers),
        );
        return {
          ...more,
          provider: {
            ...provider,
            findPayout: async (id) => {
              asked.push(ports.clock.now());
              return asked.length === 1 ? { type: 'inTransit', providerRef: 'po_1' } : provider.findPayout(id);
            },
          },
        };
      },
    });
    const startAt = Date.parse('2026-11-21T10:00:00.000Z');
    await started({ wrap, startAt });
    const vendor = await shopWith('ba_ok');
    const id = await payOut(vendor, 500);
    await payoutIs(vendor, id, 'inTransit');
    const inTransitAt = system.clock.now();
    await goOnAt(wrap, inTransitAt + hour - 30_000);
    await system.clock.advance(10_000);
    expect(asked).toEqual([]);
    await system.until('asked', async () => asked.length > 0);
    await system.clock.advance(20_000);
    expect(asked).toHaveLength(1);
    await goOnAt(wrap, (asked[0] ?? 0) + 24 * hour - 10_000);
    await system.clock.advance(5_000);
    expect(asked).toHaveLength(1);
    const owner = { ...vendor, ...(await signIn(system, vendor.email)) };
    await payoutIs(owner, id, 'paid');
    await balanceIs(owner, 'USD', { available: 1299, reserved: 0, paidOut: 500 });
    expect(asked).toHaveLength(2);
  });
});

describe('a balance', () => {
  it('goes negative by a refund of what was paid out; payouts are refused until later sales have repaid it', async () => {
    await started();
    const vendor = await approvedVendor(system, 'alpha');
    const product = await published(system, vendor);
    const buyer = await registered(system, 'buyer');
    const first = await bought(buyer, [product]);
    await balanceIs(vendor, 'USD', { available: 1799 });
    await payoutIs(vendor, await payOut(vendor, 1799), 'paid');
    await vendor.ok('POST', `/orders/${String(first.id)}/refunds`, { reason: 'it did not work' });
    await balanceIs(vendor, 'USD', { available: -1799, paidOut: 1799 });
    const ask = (amount: number) =>
      vendor.call('POST', `/vendors/${vendor.vendorId}/payouts`, { amount: { amount, currency: 'USD' } });
    expect((await ask(1)).body).toMatchObject({ status: 409, code: 'INSUFFICIENT_BALANCE' });
    await bought(buyer, [product]);
    await balanceIs(vendor, 'USD', { available: 0 });
    expect((await ask(1)).body).toMatchObject({ status: 409, code: 'INSUFFICIENT_BALANCE' });
    await bought(buyer, [product]);
    await balanceIs(vendor, 'USD', { available: 1799 });
    await payoutIs(vendor, await payOut(vendor, 1799), 'paid');
    await balanceIs(vendor, 'USD', { available: 0, reserved: 0, paidOut: 3598 });
  });

  it('is kept apart for each currency, and an order has one', async () => {
    await started();
    const vendor = await approvedVendor(system, 'alpha');
    const inDollars = await published(system, vendor);
    const inYen = await published(system, vendor, { title: 'Yen', price: { amount: 505, currency: 'JPY' } });
    const buyer = await registered(system, 'buyer');
    const mixed = await buyer.call('POST', '/orders', {
      items: [
        { productId: inDollars.id, quantity: 1, expectedPrice: { amount: 1999, currency: 'USD' } },
        { productId: inYen.id, quantity: 1, expectedPrice: { amount: 505, currency: 'JPY' } },
      ],
      paymentMethod: 'pm_card_visa',
    });
    expect([mixed.status, mixed.body.code]).toEqual([409, 'MIXED_CURRENCIES']);
    await bought(buyer, [inDollars]);
    const yen = await bought(buyer, [inYen], 'JPY', { billing: { country: 'DE' } });
    // No sen, no cents: 19 % of 505 is 95.95, 10 % of it 50.5, each rounded half up to whole yen.
    expect(yen).toMatchObject({ tax: { amount: 96, currency: 'JPY' }, total: { amount: 601, currency: 'JPY' } });
    await balanceIs(vendor, 'USD', { available: 1799 });
    await balanceIs(vendor, 'JPY', { available: 454 });
    await payoutIs(vendor, await payOut(vendor, 454, 'JPY'), 'paid');
    await balanceIs(vendor, 'JPY', { available: 0, paidOut: 454 });
    await balanceIs(vendor, 'USD', { available: 1799, paidOut: 0 });
    const refused = await vendor.call('POST', `/vendors/${vendor.vendorId}/payouts`, {
      amount: { amount: 1, currency: 'JPY' },
    });
    expect([refused.status, refused.body.code]).toEqual([409, 'INSUFFICIENT_BALANCE']);
  });
});

describe('an order', () => {
  it('of nothing to pay asks no provider and needs no payment method', async () => {
    await started();
    const vendor = await approvedVendor(system, 'alpha');
    const product = await published(system, vendor);
    await vendor.ok('POST', '/coupons', { code: 'GIFT', percentOff: 100 });
    const buyer = await registered(system, 'buyer');
    const { paymentMethod: _, ...free } = body([product], 'USD', { couponCode: 'GIFT' });
    const { id } = await buyer.ok('POST', '/orders', free);
    const order = await settled(system, buyer, id, ['fulfilled']);
    expect(order).toMatchObject({ total: { amount: 0 }, payment: { state: 'captured', method: 'none' } });
    expect(order.licenses).toHaveLength(1);
    expect(providerOf(system.dir).charges.size).toBe(0);
    expect(await buyer.ok('GET', `/orders/${String(id)}/invoice`)).toMatchObject({ total: { amount: 0 } });
  });

  it.each([
    ['Germany', { country: 'DE' }, 380],
    ['Luxembourg', { country: 'LU' }, 340],
    ['a country where none is collected', { country: 'US' }, 0],
    ['no country', undefined, 0],
  ])('is taxed by the country of the bill: %s', async (_, billing, tax) => {
    await started();
    const product = await published(system, await approvedVendor(system, 'alpha'));
    const more = billing === undefined ? {} : { billing };
    expect(await bought(await registered(system, 'buyer'), [product], 'USD', more)).toMatchObject({
      subtotal: { amount: 1999 },
      tax: { amount: tax },
      total: { amount: 1999 + tax },
    });
  });
});

describe('an invoice', () => {
  it('is the buyer’s alone, once the order is paid, and the same bytes on every call', async () => {
    await started();
    const vendor = await approvedVendor(system, 'alpha');
    const product = await published(system, vendor);
    const buyer = await registered(system, 'buyer');
    const billing = { country: 'DE', vatId: 'DE123456789', name: 'Grace Hopper' };
    const order = await bought(buyer, [product], 'USD', { billing });
    const path = `/orders/${String(order.id)}/invoice`;
    const invoice = await buyer.ok('GET', path);
    expect(invoice).toMatchObject({
      orderId: order.id,
      buyer: { id: buyer.id, ...billing },
      lines: [
        {
          title: 'Invoice sorter',
          vendor: { id: vendor.vendorId, displayName: 'alpha', country: 'DE' },
          net: { amount: 1999 },
          taxRateBps: 1900,
          tax: { amount: 380 },
        },
      ],
      taxes: [{ taxRateBps: 1900, net: { amount: 1999 }, tax: { amount: 380 } }],
      total: { amount: 2379, currency: 'USD' },
    });
    const pdf = async (): Promise<Buffer> => {
      const headers = { authorization: `Bearer ${buyer.token}`, accept: 'application/pdf' };
      const reply = await system.app.inject({ method: 'GET', url: `/api/v1${path}`, headers });
      expect([reply.statusCode, reply.headers['content-type']]).toEqual([200, 'application/pdf']);
      return reply.rawPayload;
    };
    const before = await pdf();
    const glyphs = before.toString('latin1').replaceAll(/> -?[\d.]+ </g, ''); // without the kerning between them
    expect(glyphs).toContain(Buffer.from('Grace Hopper').toString('hex'));
    await vendor.ok('POST', `/orders/${String(order.id)}/refunds`, { reason: 'changed nothing of the invoice' });
    await settled(system, buyer, order.id, ['refunded']);
    expect((await pdf()).equals(before)).toBe(true);
    expect(await buyer.ok('GET', path)).toEqual(invoice);
    for (const other of [vendor, await registered(system, 'stranger'), await signInAdministrator(system)])
      expect((await other.call('GET', path)).status).toBe(404);
    const unpaid = await buyer.ok(
      'POST',
      '/orders',
      body([product], 'USD', { paymentMethod: 'pm_card_authenticationRequired' }),
    );
    const early = await buyer.call('GET', `/orders/${String(unpaid.id)}/invoice`);
    expect([early.status, early.body.code]).toEqual([409, 'ORDER_STATE']);
  });
});
