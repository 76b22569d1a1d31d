import { afterEach, describe, expect, it } from 'vitest';
import type { Mail, Mailer } from '../mail/port.ts';
import type { PaymentProvider } from '../payments/port.ts';
import type { Ports } from './ports.ts';
import {
  approvedVendor,
  type Client,
  clientOf,
  orderOf,
  published,
  registered,
  settled,
  signIn,
  signInAdministrator,
  upload,
  withRole,
  workflowFile,
} from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

type Told = Record<string, unknown> & { readonly id: string; readonly kind: string };

let system: TestSystem;
afterEach(() => system.dispose());

/** Every time that somebody asked the mailer; it may refuse, before or after it took the mail. */
const watchedMailer = () => {
  const asked: Mail[] = [];
  const behaviour: { refuses: boolean } = { refuses: false };
  const mail: Mailer = {
    send: async (one) => {
      asked.push(one);
      if (behaviour.refuses) throw new Error('the mailer does not answer');
    },
  };
  return { asked, behaviour, mail };
};

const startWatched = async (env: Record<string, string> = {}) => {
  const mails = watchedMailer();
  let provider: PaymentProvider | undefined;
  const wrap = (ports: Ports): Ports => ({
    ...ports,
    mail: mails.mail,
    payments: (deliver) => {
      const payments = ports.payments(deliver);
      provider = payments.provider;
      return payments;
    },
  });
  system = await startTestSystem({ env, wrap });
  const evidence = async (order: Record<string, unknown>, text: string): Promise<void> => {
    const { id: disputeId } = order.dispute as { id: string };
    await provider?.submitEvidence({ disputeId, text });
  };
  return { mails, evidence };
};

const toldTo = async (by: Client, query = ''): Promise<readonly Told[]> =>
  (await by.ok('GET', `/notifications${query}`)).items as Told[];
const told = (by: Client, kind: string): Promise<Told> =>
  system.until(kind, async () => (await toldTo(by)).find((one) => one.kind === kind));
const mailed = (mails: ReturnType<typeof watchedMailer>, subject: string): Promise<Mail> =>
  system.until(subject, async () => mails.asked.find((mail) => mail.subject === subject));
const disputed = (buyer: Client, id: unknown) =>
  system.until('disputed', async () => {
    const order = await buyer.ok('GET', `/orders/${String(id)}`);
    return order.disputed === true && order;
  });

describe('notifications', () => {
  it('tell buyer and vendor of a sale, once each, until they are read', async () => {
    const { mails } = await startWatched();
    const vendor = await approvedVendor(system, 'alpha');
    const product = await published(system, vendor);
    const buyer = await registered(system, 'buyer');
    const { id: orderId } = await buyer.ok('POST', '/orders', orderOf([product]));
    const fulfilled = await told(buyer, 'orderFulfilled');
    expect(fulfilled).toMatchObject({ orderId, read: false, text: expect.stringContaining('“Invoice sorter”') });
    expect(await told(vendor, 'sale')).toMatchObject({ orderId, amount: { amount: 1799, currency: 'USD' } });
    expect((await toldTo(vendor)).map(({ kind }) => kind)).toEqual(['sale', 'productPublished']);
    expect(await mailed(mails, 'Your order is ready')).toMatchObject({ to: buyer.email, personId: buyer.id });

    const read = (by: Client) => by.call('POST', `/notifications/${fulfilled.id}/read`);
    expect((await read(vendor)).status).toBe(404);
    expect((await read(clientOf(system))).status).toBe(401);
    const first = await read(buyer);
    expect([first.status, (await read(buyer)).body]).toEqual([200, first.body]);
    await system.until('read', async () => (await buyer.ok('GET', '/notifications')).unread === 0);
    expect(await toldTo(buyer, '?unread=true')).toEqual([]);
    expect(await toldTo(buyer)).toMatchObject([{ kind: 'orderFulfilled', read: true }]);
    expect((await buyer.call('GET', '/notifications?unread=maybe')).status).toBe(400);
  });

  it('tell why an order was cancelled and a product rejected, also by mail', async () => {
    const { mails } = await startWatched();
    const vendor = await approvedVendor(system, 'alpha');
    const product = await published(system, vendor);
    const buyer = await registered(system, 'buyer');
    await buyer.ok('POST', '/orders', orderOf([product], 'pm_card_chargeDeclined'));
    expect(await told(buyer, 'orderCancelled')).toMatchObject({ reason: 'declined' });
    expect((await mailed(mails, 'Your order was cancelled')).text).toContain('the payment was declined');
    const listing = { title: 'Spam machine', description: 'Sends.', kind: 'n8n-workflow', category: 'Mail', tags: [] };
    const price = { amount: 100, currency: 'USD' };
    const { id } = await vendor.ok('POST', '/products', { ...listing, price });
    const { payload, headers } = upload(workflowFile('spam'));
    const authorization = `Bearer ${vendor.token}`;
    const url = `/api/v1/products/${String(id)}/versions`;
    await system.app.inject({ method: 'POST', url, payload, headers: { ...headers, authorization } });
    await vendor.ok('POST', `/products/${String(id)}/submit`);
    const admin = await signInAdministrator(system);
    await admin.ok('POST', `/products/${String(id)}/reject`, { reason: 'No spam.' });
    expect(await told(vendor, 'productRejected')).toMatchObject({ productId: id, reason: 'No spam.' });
    expect((await mailed(mails, 'Your product was rejected')).text).toBe('“Spam machine” was rejected: No spam.');
    expect(await toldTo(admin)).toEqual([]);
  });

  it('tell the vendor of a payout that came back, also by mail', async () => {
    const { mails } = await startWatched({ SETTLEMENT_DELAY_S: '0' });
    const vendor = await approvedVendor(system, 'alpha');
    const product = await published(system, vendor);
    await vendor.ok('PUT', `/vendors/${vendor.vendorId}/payout-account`, { token: 'ba_failed' });
    const buyer = await registered(system, 'buyer');
    await buyer.ok('POST', '/orders', orderOf([product]));
    await system.until('money', async () => {
      const { items } = await vendor.ok('GET', `/vendors/${vendor.vendorId}/balance`);
      return Array.isArray(items) && items[0]?.available > 0;
    });
    const amount = { amount: 1000, currency: 'USD' };
    const { id: payoutId } = await vendor.ok('POST', `/vendors/${vendor.vendorId}/payouts`, { amount });
    expect(await told(vendor, 'payoutFailed')).toMatchObject({ payoutId, amount });
    expect((await mailed(mails, 'Your payout failed')).text).toContain('10.00 USD');
  });

  it('send a mail again until the mailer has taken it, under one id, over a restart', async () => {
    const { mails } = await startWatched();
    const product = await published(system, await approvedVendor(system, 'alpha'));
    const buyer = await registered(system, 'buyer');
    mails.behaviour.refuses = true;
    await buyer.ok('POST', '/orders', orderOf([product]));
    const mail = await mailed(mails, 'Your order is ready');
    await system.clock.advance(10_000);
    system = await system.restart();
    mails.behaviour.refuses = false;
    const before = mails.asked.length;
    await system.until('sent', async () => mails.asked.length > before);
    await system.clock.advance(60_000);
    expect(mails.asked.slice(before)).toEqual([mail]);
    const tries = mails.asked.filter(({ subject }) => subject === mail.subject);
    expect(tries.length).toBeGreaterThan(1);
    expect(new Set(tries.map(({ id }) => id))).toEqual(new Set([mail.id]));
  });

  it('send nothing while read models are built anew', async () => {
    const { mails } = await startWatched();
    const product = await published(system, await approvedVendor(system, 'alpha'));
    const buyer = await registered(system, 'buyer');
    await buyer.ok('POST', '/orders', orderOf([product]));
    await mailed(mails, 'Your order is ready');
    await system.clock.advance(10_000);
    const operator = await withRole(system, 'operator', 'operator');
    const [before, shown] = [mails.asked.length, await toldTo(buyer)];
    for (const name of ['desk', 'notifications', 'orders']) {
      const { generation } = await operator.ok('GET', `/operator/projections/${name}`);
      await operator.ok('POST', `/operator/projections/${name}/rebuild`, { reason: 'test' });
      await system.until('rebuilt', async () => {
        const now = await operator.ok('GET', `/operator/projections/${name}`);
        return now.generation !== generation && now.state === 'live';
      });
    }
    await system.clock.advance(60_000);
    expect(mails.asked.length).toBe(before);
    expect(await toldTo(buyer)).toEqual(shown);
  });
});

describe('one correlated chain', () => {
  it('a full refund revokes the licence, excludes the review and tells both', async () => {
    const { mails } = await startWatched();
    const vendor = await approvedVendor(system, 'alpha');
    const product = await published(system, vendor);
    const buyer = await registered(system, 'buyer');
    const { id } = await buyer.ok('POST', '/orders', orderOf([product]));
    await settled(system, buyer, id, ['fulfilled']);
    await buyer.ok('POST', `/products/${product.id}/reviews`, { stars: 5, body: 'Good.' });
    const admin = await signInAdministrator(system);
    await admin.ok('POST', `/orders/${String(id)}/refunds`, { reason: 'asked for' });
    await Promise.all([told(buyer, 'orderRefunded'), told(buyer, 'licenseRevoked'), told(vendor, 'saleRefunded')]);
    expect((await mailed(mails, 'Your order was refunded')).text).toContain('19.99 USD');
    expect(await told(vendor, 'reviewReceived')).toMatchObject({ productId: product.id });
    await system.until('excluded', async () => {
      const { count } = await clientOf(system).ok('GET', `/products/${product.id}/reviews`);
      return count === 0;
    });
    expect(await clientOf(system).ok('GET', `/products/${product.id}`)).toMatchObject({ rating: { count: 0 } });

    await withRole(system, 'auditor', 'auditor');
    const auditor = await signIn(system, 'auditor@example.test');
    const typesOf = async (query: string) => {
      const { items } = await auditor.ok('GET', `/audit/events?limit=100&${query}`);
      return items as { type: string; metadata: { correlationId: string } }[];
    };
    const [refund] = await typesOf('type=OrderRefundRequested');
    const chain = await typesOf(`correlationId=${refund?.metadata.correlationId}`);
    expect(chain.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        'OrderRefunded',
        'RefundRecorded',
        'LicenseRevoked',
        'ReviewExcluded',
        'NotificationRaised',
      ]),
    );
  });

  it.each([
    { evidence: 'winning_evidence', end: 'saleDisputeWon', license: 'licenseRestored', count: 1 },
    { evidence: 'losing_evidence', end: 'saleDisputeLost', license: 'licenseRevoked', count: 0 },
  ])('a dispute excludes the review with the licence; after $evidence both follow', async (then) => {
    const { mails, evidence } = await startWatched();
    const vendor = await approvedVendor(system, 'alpha');
    const product = await published(system, vendor);
    const buyer = await registered(system, 'buyer');
    const admin = await signInAdministrator(system);
    const reviewed = (count: number) =>
      system.until(`${count} reviews`, async () => {
        const list = await clientOf(system).ok('GET', `/products/${product.id}/reviews`);
        return list.count === count && (list.items as unknown[]).length === count;
      });
    // The dispute is heard of late: meanwhile the order is fulfilled and reviewed.
    await admin.ok('POST', '/simulator/webhooks', { delayMs: 300_000, copies: 2, shuffle: true });
    const { id } = await buyer.ok('POST', '/orders', orderOf([product], 'pm_card_createDispute'));
    await settled(system, buyer, id, ['fulfilled']);
    expect((await buyer.call('POST', `/products/${product.id}/reviews`, { stars: 2 })).status).toBe(201);
    await reviewed(1);
    const order = await disputed(buyer, id);
    await Promise.all([told(buyer, 'orderDisputed'), told(buyer, 'licenseSuspended'), told(vendor, 'saleDisputed')]);
    await mailed(mails, 'A sale is disputed');
    await reviewed(0);
    expect((await buyer.call('POST', `/products/${product.id}/reviews`, { stars: 1 })).body.code).toBe('LICENSE_STATE');
    await evidence(order, then.evidence);
    await Promise.all([told(buyer, then.license), told(vendor, then.end)]);
    await reviewed(then.count);
    await system.clock.advance(120_000);
    await reviewed(then.count);
  });
});
