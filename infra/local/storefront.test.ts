import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  approvedVendor,
  clientOf,
  type OnSale,
  orderOf,
  published,
  registered,
  settled,
  signInAdministrator,
  upload,
  type VendorPerson,
} from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';
import { draft } from './test-world.ts';

type Cards = readonly { readonly id: string; readonly thumbUrl: string | null }[];
const idsOf = (cards: unknown): readonly string[] => (cards as Cards).map(({ id }) => id);

describe('the storefront and the administrators’ lists', () => {
  let system: TestSystem;
  let vendor: VendorPerson;
  let [mail, sheets, other]: OnSale[] = [];
  const get = (path: string, headers: Record<string, string> = {}) =>
    clientOf(system).call('GET', path, undefined, { headers });
  beforeAll(async () => {
    system = await startTestSystem();
    vendor = await approvedVendor(system, 'ada');
    mail = await published(system, vendor, {
      title: 'Mail sorter',
      integrations: ['Gmail'],
      tags: ['mail', 'sorting'],
    });
    sheets = await published(system, vendor, {
      title: 'Sheet filler',
      integrations: ['Gmail', 'Sheets'],
      tags: ['mail'],
    });
    other = await published(system, vendor, {
      title: 'Poem writer',
      description: 'Writes verse.',
      category: 'Fun',
      tags: ['verse'],
    });
    const buyer = await registered(system, 'buyer');
    for (const product of [other, other, sheets]) {
      const { id } = await buyer.ok('POST', '/orders', orderOf([product as OnSale]));
      await settled(system, buyer, id, ['fulfilled']);
    }
  });
  afterAll(() => system.dispose());

  it('draws the version on sale, to be kept for ever; who has it is told so', async () => {
    const { body } = await get(`/products/${mail?.id}`);
    const path = String(body.thumbUrl).replace('/api/v1', '');
    expect(path).toBe(`/products/${mail?.id}/versions/1.0.0/thumb.svg`);
    const drawing = await get(path);
    expect(drawing.headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(drawing.body.text).toContain('Workflow drawing: 2 nodes');
    const kept = await get(path, { 'if-none-match': String(drawing.headers.etag) });
    expect([kept.status, kept.body.text]).toEqual([304, '']);
    expect((await get(`/products/${mail?.id}/versions/9.0.0/thumb.svg`)).status).toBe(404);
    const card = ((await get('/products?query=mail')).body.items as Cards)[0];
    expect(card?.thumbUrl).toBe(body.thumbUrl);
  });

  it('a product without a workflow has no drawing, and a draft’s is its vendor’s alone', async () => {
    const plain = await published(system, vendor, { title: 'Plain', kind: 'prompt-pack' }, 'a prompt');
    expect((await get(`/products/${plain.id}`)).body.thumbUrl).toBe(null);
    expect((await get(`/products/${plain.id}/versions/1.0.0/thumb.svg`)).status).toBe(404);
    const { position } = await vendor.ok('POST', `/products/${plain.id}/retire`);
    expect((await get('/products?query=Plain', { 'x-min-position': String(position) })).body.total).toBe(0);
  });

  it('home shows the best-selling of 30 days, the newest, and words to search for', async () => {
    const bestsellers = () => get('/home').then(({ body }) => idsOf(body.bestsellers));
    await system.until('sales are counted', async () => (await bestsellers()).length === 2);
    const { body } = await get('/home');
    expect(idsOf(body.bestsellers)).toEqual([other?.id, sheets?.id]);
    expect(idsOf(body.new)).toEqual([other?.id, sheets?.id, mail?.id]);
    expect(body.popularSearches).toEqual([{ text: 'mail' }, { text: 'sorting' }, { text: 'verse' }]);
    await get('/search?q=Verse');
    await vendor.ok('GET', '/search?q=verse');
    await get('/search?q=nothing+of+the+kind');
    const after = await get('/home');
    expect((after.body.popularSearches as unknown[])[0]).toEqual({ text: 'verse' });
  });

  it('related products share something; the nearest come first, never the product itself', async () => {
    expect(idsOf((await get(`/products/${mail?.id}/related`)).body.items)).toEqual([sheets?.id]);
    expect((await get(`/products/${other?.id}/related`)).body.items).toEqual([]);
    expect((await get(`/products/${mail?.id}/related?limit=9`)).status).toBe(400);
  });

  it('suggests words and products, corrects a typo, and says which filter to leave out', async () => {
    expect((await get('/search/suggest?q=poe')).body).toMatchObject({
      items: [{ text: 'poem' }],
      products: [{ id: other?.id, title: 'Poem writer' }],
    });
    const corrected = await get('/search?q=peom');
    expect(corrected.body).toMatchObject({ total: 1, correction: { from: 'peom', to: 'poem' } });
    expect((await get('/search?q=peom&exact=true')).body.total).toBe(0);
    const none = await get('/search?q=poem&category=Finance&tag=verse');
    expect(none.body).toMatchObject({ total: 0, relaxations: [{ without: 'category', total: 1 }] });
    const either = await get('/search?tag=verse&tag=sorting');
    expect(either.body.total).toBe(2);
    expect((await get('/search?tag=verse&category=Finance')).body.total).toBe(0);
  });

  it('lists accounts and vendors by how their names begin, and what waits for approval, the oldest first', async () => {
    const admin = await signInAdministrator(system);
    const list = async (path: string) => (await admin.ok('GET', path)).items as Record<string, string>[];
    expect((await list('/accounts?q=buy')).map(({ email }) => email)).toEqual(['buyer@example.test']);
    expect((await list('/accounts?q=ada@example.test')).length).toBe(1);
    expect((await list('/accounts?q=nobody')).length).toBe(0);
    const first = await admin.ok('GET', '/accounts?limit=2');
    const rest = await admin.ok('GET', `/accounts?limit=2&cursor=${first.nextCursor}`);
    expect([...(first.items as unknown[]), ...(rest.items as unknown[])]).toHaveLength(3);
    expect(await list('/vendors?q=AD&state=approved')).toMatchObject([{ id: vendor.vendorId, state: 'approved' }]);
    expect(await list('/vendors?state=pending')).toEqual([]);

    expect(await list('/admin/queue')).toEqual([]);
    const { id } = await vendor.ok('POST', '/products', { ...draft, kind: 'prompt-pack' });
    const waiting = await registered(system, 'waiting');
    const { id: vendorId } = await waiting.ok('POST', '/vendors', {
      ...{ displayName: 'Waiting', country: 'DE', defaultCurrency: 'USD' },
    });
    await system.clock.advance(1000);
    const { payload, headers } = upload('a prompt');
    await system.app.inject({
      ...{ method: 'POST', url: `/api/v1/products/${id}/versions`, payload },
      headers: { ...headers, authorization: `Bearer ${vendor.token}` },
    });
    await vendor.ok('POST', `/products/${id}/submit`);
    await system.until('both wait', async () => (await list('/admin/queue')).length === 2);
    expect(await list('/admin/queue')).toMatchObject([
      { type: 'vendor', id: vendorId, title: 'Waiting' },
      { type: 'product', id, vendorId: vendor.vendorId, version: { version: '1.0.0' } },
    ]);
    await admin.ok('POST', `/products/${id}/approve`);
    await admin.ok('POST', `/vendors/${vendorId}/approve`);
    await system.until('nothing waits', async () => (await list('/admin/queue')).length === 0);
  });
});
