import { beforeEach, describe, expect, it } from 'vitest';
import { productDecider } from '../../domain/product/decider.ts';
import { reservationDecider } from '../../domain/reservation/reservation.ts';
import { listing, type Market, openMarket, workflow } from './market.test.ts';

let market: Market;
let ada: { accountId: string; vendorId: string; token: string };

beforeEach(async () => {
  market = await openMarket({ approvalRequired: true });
  ada = await market.seller();
});

const post = (body: object, key?: string, as = ada.token) =>
  market.call('POST', '/products', { as, body, ...(key === undefined ? {} : { key }) });
const patch = (id: string, body: object, headers: Record<string, string> = {}) =>
  market.call('PATCH', `/products/${id}`, { as: ada.token, body, headers });
const act = (verb: string, id: string, as = ada.token, body?: object) =>
  market.call('POST', `/products/${id}/${verb}`, { as, ...(body === undefined ? {} : { body }) });

describe('drafting a product', () => {
  it('makes a draft of the caller’s vendor with a slug of its own', async () => {
    const made = await post(listing);
    const { id } = made.json;
    expect(made).toMatchObject({
      status: 201,
      headers: { etag: '"0"' },
      json: { stream: `product-${id}`, revision: '0' },
    });
    expect(await market.product(id)).toMatchObject({
      status: 'draft',
      vendorId: ada.vendorId,
      slug: 'order-report',
      listing: {
        title: 'Order report',
        summary: 'Sends a report of the orders.',
        tags: ['report', 'slack'],
        stock: null,
      },
    });
    expect(await market.typesInLog()).toContain('NameConfirmed');
  });

  it('gives the same title further slugs, also at the same moment', async () => {
    const made = await Promise.all([post(listing), post(listing), post(listing)]);
    const slugs = await Promise.all(made.map(async ({ json }) => (await market.product(json.id)).slug));
    expect(slugs.sort()).toEqual(['order-report', 'order-report-2', 'order-report-3']);
  });

  it('asked twenty times with one key makes one product and one slug', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(listing, 'k1')));
    expect(new Set(answers.map(({ json }) => JSON.stringify(json))).size).toBe(1);
    expect((await market.typesInLog()).filter((type) => type === 'ProductDrafted' || type === 'NameHeld')).toHaveLength(
      2,
    );
    expect((await post({ ...listing, title: 'Another' }, 'k1')).code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('leaves its slug to a product whose maker died before the slug was confirmed', async () => {
    const { handling, clock, context, random } = market;
    const [slug, productId, lostId] = ['order-report', random.uuid(), random.uuid()];
    const hold = async (name: string, holderId: string) => {
      const times = { now: new Date(clock.now()).toISOString(), until: new Date(clock.now() + 60_000).toISOString() };
      await handling.handle(
        reservationDecider('productSlug'),
        name,
        { type: 'HoldName', holderId, ...times },
        context(),
      );
    };
    await hold(slug, productId);
    await hold(`${slug}-2`, lostId);
    const orphan = {
      type: 'DraftProduct',
      productId,
      vendorId: ada.vendorId,
      slug,
      listing: { ...listing, kind: 'other' },
    } as const;
    await handling.handle(productDecider, productId, orphan, context());
    await clock.advance(60_001);
    const made = await post(listing);
    expect((await market.product(made.json.id)).slug).toBe('order-report-2');
    const { state } = await handling.load(reservationDecider('productSlug'), slug);
    expect(state).toEqual({ status: 'confirmed', holderId: productId });
  });

  it('keeps tiers, stock and integrations', async () => {
    const tiers = [
      { id: 'solo', name: 'Solo', price: { amount: 500, currency: 'EUR' }, activationLimit: 1, validDays: 30 },
      { id: 'team', name: 'Team', price: { amount: 2500, currency: 'EUR' }, activationLimit: 10 },
    ];
    const { price: _, ...unpriced } = listing;
    const made = await post({ ...unpriced, licenseTiers: tiers, stock: 3, integrations: ['Slack', 'Slack'] });
    expect((await market.product(made.json.id)).listing).toMatchObject({
      currency: 'EUR',
      tiers: [
        { id: 'solo', price: 500, validDays: 30 },
        { id: 'team', price: 2500 },
      ],
      stock: 3,
      integrations: ['Slack'],
    });
  });

  it.each([
    ['title', { title: ' ' }],
    ['title', { title: 'x'.repeat(121) }],
    ['description', { description: 'x'.repeat(20_001) }],
    ['kind', { kind: 'workflow' }],
    ['category', { category: undefined }],
    ['tags', { tags: Array.from({ length: 17 }, (_, i) => `t${i}`) }],
    ['integrations', { integrations: Array.from({ length: 41 }, (_, i) => `t${i}`) }],
    ['price.amount', { price: { amount: -1, currency: 'USD' } }],
    ['price.amount', { price: { amount: 1.5, currency: 'USD' } }],
    ['price.amount', { price: { amount: 1e12 + 1, currency: 'USD' } }],
    ['price.currency', { price: { amount: 1, currency: 'XXX' } }],
    ['price.vat', { price: { amount: 1, currency: 'USD', vat: 1 } }],
    ['price', { price: undefined }],
    ['licenseTiers', { licenseTiers: [] }],
    ['stock', { stock: -1 }],
    ['state', { state: 'published' }],
    ['__proto__', JSON.parse('{"__proto__":{"admin":true}}')],
  ])('is refused for a bad %s, which is named', async (path, change) => {
    const before = await market.typesInLog();
    const refused = await post({ ...listing, ...change, ...(path === '__proto__' ? { ['__proto__']: 1 } : {}) });
    expect(refused).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
    expect(refused.json.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect(await market.typesInLog()).toEqual(before);
  });

  it('is clearly refused to the role alone', async () => {
    expect(await post(listing, undefined, `vendor:${market.random.uuid()}`)).toMatchObject({
      status: 409,
      code: 'VENDOR_STATE',
    });
  });
});

describe('changing a product', () => {
  it('changes what is sent and keeps the rest', async () => {
    const id = await market.draft(ada.token);
    expect(await patch(id, { title: 'Sales report', price: { amount: 900, currency: 'USD' } })).toMatchObject({
      status: 200,
      json: { revision: '1' },
    });
    expect(await market.product(id)).toMatchObject({
      slug: 'order-report',
      listing: { title: 'Sales report', category: 'Sales', tiers: [{ price: 900 }] },
    });
    expect(await patch(id, {})).toMatchObject({ status: 200, json: { revision: '1' } });
  });

  it('honours If-Match', async () => {
    const id = await market.draft(ada.token);
    expect((await patch(id, { title: 'A' }, { 'if-match': '"7"' })).code).toBe('REVISION_MISMATCH');
    expect((await patch(id, { title: 'A' }, { 'if-match': '"0"' })).status).toBe(200);
  });

  it('changes the kind only before there is a file', async () => {
    const id = await market.draft(ada.token, { kind: 'other' });
    expect((await patch(id, { kind: 'template' })).status).toBe(200);
    await market.upload(ada.token, id, 'not json');
    expect((await patch(id, { kind: 'n8n-workflow' })).code).toBe('PRODUCT_STATE');
    expect((await patch(id, { kind: 'template', title: 'B' })).status).toBe(200);
  });

  it.each(['submit', 'retire'])('is nobody else’s, nor is to %s', async (verb) => {
    const id = await market.draft(ada.token);
    const bob = await market.seller();
    expect((await act(verb, id, bob.token)).status).toBe(404);
    expect((await market.call('PATCH', `/products/${id}`, { as: bob.token, body: {} })).status).toBe(404);
    expect((await act(verb, market.random.uuid())).status).toBe(404);
    expect((await act(verb, 'not-an-id')).json.errors).toMatchObject([{ path: 'id' }]);
  });
});

describe('the way to the market', () => {
  it('wants a version, and says so', async () => {
    const id = await market.draft(ada.token);
    const refused = await act('submit', id);
    expect(refused).toMatchObject({ status: 409, code: 'NOT_READY', json: { reasons: ['Upload a version.'] } });
  });

  it('wants an approved vendor', async () => {
    const bob = await market.seller(false);
    const id = await market.draft(bob.token);
    expect((await act('submit', id, bob.token)).code).toBe('VENDOR_NOT_APPROVED');
  });

  it('wants an administrator, when the market does', async () => {
    const id = await market.draft(ada.token);
    await market.upload(ada.token, id);
    expect((await act('submit', id)).status).toBe(200);
    await market.reactor.drive(id);
    expect((await market.product(id)).status).toBe('submitted');
    expect((await act('approve', id, market.admin, { reason: 'ok' })).status).toBe(200);
    expect(await market.product(id)).toMatchObject({ status: 'published', saleVersion: '1.0.0' });
    expect((await act('suspend', id, market.admin)).status).toBe(200);
    expect((await market.product(id)).status).toBe('suspended');
    expect((await act('approve', id, market.admin)).status).toBe(200);
    expect((await market.product(id)).status).toBe('published');
    expect((await act('retire', id, ada.token, {})).status).toBe(200);
    expect((await act('approve', id, market.admin)).code).toBe('PRODUCT_RETIRED');
  });

  it('ends with a reason when it is refused', async () => {
    const id = await market.draft(ada.token);
    await market.upload(ada.token, id);
    await act('submit', id);
    expect((await act('reject', id, market.admin, {})).json.errors).toMatchObject([{ path: 'reason' }]);
    expect((await act('reject', id, market.admin)).status).toBe(400);
    expect((await act('reject', id, market.admin, { reason: 'No screenshots' })).status).toBe(200);
    expect(await market.product(id)).toMatchObject({ status: 'rejected', reasons: ['No screenshots'] });
  });

  it('is taken back version by version, by its vendor or an administrator', async () => {
    const id = await market.draft(ada.token);
    await market.upload(ada.token, id);
    await market.upload(ada.token, id, workflow, '1.1.0+build.7');
    const yank = (version: string, as: string, body: object = { reason: 'broken' }) =>
      act(`versions/${version}/yank`, id, as, body);
    const bob = await market.seller();
    expect((await yank('1.0.0', bob.token)).status).toBe(404);
    expect((await yank('9.0.0', ada.token)).status).toBe(404);
    expect((await yank('1.0.0', ada.token, {})).json.errors).toMatchObject([{ path: 'reason' }]);
    expect((await yank('1.0.0', ada.token)).status).toBe(200);
    expect((await yank('1.1.0+build.7', market.admin)).status).toBe(200);
    expect((await market.product(id)).versions.map(({ state }) => state)).toEqual(['yanked', 'yanked']);
  });
});
