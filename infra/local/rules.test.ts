import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  approvedVendor,
  clientOf,
  orderOf,
  published,
  registered,
  settled,
  signIn,
  signInAdministrator,
  type VendorPerson,
  withRole,
} from './test-client.ts';
import { administrator, startTestSystem, type TestSystem } from './test-system.ts';

// Sentences of the rules that have no test of their own elsewhere; docs/rules.md says where the others are.

let system: TestSystem;
let vendor: VendorPerson;
beforeEach(async () => {
  system = await startTestSystem();
  vendor = await approvedVendor(system, 'alpha');
});
afterEach(() => system.dispose());

const usd = (amount: number) => ({ amount, currency: 'USD' });
const idsIn = (list: unknown): string[] => (Array.isArray(list) ? list.map(({ id }) => String(id)).sort() : []);

it('quantity: one licence a line, its activations times the quantity; who owns a product may buy it again', async () => {
  const { id: productId } = await published(system, vendor);
  const buyer = await registered(system, 'buyer');
  const buys = async (quantity: number) => {
    const items = [{ productId, quantity, expectedPrice: usd(1999) }];
    const { id } = await buyer.ok('POST', '/orders', { items, paymentMethod: 'pm_card_visa' });
    const { licenses } = await settled(system, buyer, id, ['fulfilled']);
    const [licenseId, ...more] = idsIn(licenses);
    expect(more).toEqual([]);
    return buyer.ok('GET', `/licenses/${licenseId}`);
  };
  expect((await buys(2)).activationLimit).toBe(6);
  expect((await buys(1)).activationLimit).toBe(3);
});

it('tiers: `price` is the cheapest, `expectedPrice` is the list price of one unit of the chosen tier', async () => {
  const licenseTiers = [
    { id: 'team', name: 'Team', price: usd(4999), activationLimit: 10, validDays: 365 },
    { id: 'solo', name: 'Solo', price: usd(1500), activationLimit: 1 },
  ];
  const { id: productId } = await published(system, vendor, { price: usd(1500), licenseTiers });
  expect(await clientOf(system).ok('GET', `/products/${productId}`)).toMatchObject({ price: usd(1500) });
  const buyer = await registered(system, 'buyer');
  const order = (tierId: string, amount: number) =>
    buyer.call('POST', '/orders', {
      items: [{ productId, tierId, quantity: 2, expectedPrice: usd(amount) }],
      paymentMethod: 'pm_card_visa',
    });
  expect((await order('team', 9998)).body).toMatchObject({
    code: 'PRICE_CHANGED',
    changes: [{ productId, tierId: 'team', expected: usd(9998), actual: usd(4999) }],
  });
  const { body } = await order('team', 4999);
  const paid = await settled(system, buyer, body.id, ['fulfilled']);
  expect(paid).toMatchObject({ total: usd(9998), lines: [{ tierId: 'team', quantity: 2 }] });
  const license = await buyer.ok('GET', `/licenses/${idsIn(paid.licenses)[0]}`);
  expect(license).toMatchObject({ tierId: 'team', activationLimit: 20, expiresAt: expect.any(String) });
});

it('an absent body and {} are the same where a command takes nothing', async () => {
  const product = await published(system, vendor);
  const headers = { 'idempotency-key': 'once' };
  const absent = await vendor.call('POST', `/products/${product.id}/retire`, undefined, { headers });
  expect(absent.status).toBe(200);
  const empty = await vendor.call('POST', `/products/${product.id}/retire`, {}, { headers });
  expect([empty.status, empty.body]).toEqual([200, absent.body]);
  const known = await vendor.call('POST', `/products/${product.id}/retire`, { why: 'so' });
  expect([known.status, known.body.code]).toEqual([400, 'INVALID_INPUT']);
});

it('filters of search repeat: OR within a facet, AND across facets', async () => {
  const sells = (title: string, category: string, tag: string) =>
    published(system, vendor, { title, category, tags: [tag] }).then(({ id }) => id);
  const mail = await sells('Mail robot', 'Office', 'mail');
  const chat = await sells('Chat robot', 'Support', 'chat');
  const calls = await sells('Call robot', 'Sales', 'mail');
  const found = async (query: string) => idsIn((await clientOf(system).ok('GET', `/search?q=robot&${query}`)).items);
  await system.until('searchable', async () => (await found('')).length === 3);
  expect(await found('category=office&category=support')).toEqual([mail, chat].sort());
  expect(await found('tag=mail')).toEqual([mail, calls].sort());
  expect(await found('category=office&category=support&tag=mail')).toEqual([mail]);
});

it('ready means that an administrator can sign in; it waits for no read model', async () => {
  const buyer = await registered(system, 'buyer');
  await buyer.ok('POST', '/orders', orderOf([await published(system, vendor)]));
  const operator = await withRole(system, 'operator', 'operator');
  for (const name of ['people', 'orders', 'products']) await operator.ok('POST', `/operator/projections/${name}/pause`);
  system = await system.restart();
  expect((await clientOf(system).call('GET', '//health/ready')).status).toBe(200);
  const admin = await signInAdministrator(system);
  expect((await admin.ok('GET', '/me')).email).toBe(administrator.email);
  expect((await signIn(system, buyer.email)).token).toEqual(expect.any(String));
});
