import { describe, expect, it } from 'vitest';
import { id, licensed, market, publish, type Who } from '../world.test.ts';

describe('the catalogue', () => {
  it('shows a product to strangers only while it is published', async () => {
    const { world, get, record, first } = await market();
    expect((await get('/products/invoice-sorter')).status).toBe(404);
    expect((await get(`/products/${first}`, 'bob')).status).toBe(404);
    expect((await get(`/products/${first}`, 'ada')).json).toMatchObject({
      state: 'draft',
      reasons: [],
      latestVersion: null,
    });
    expect((await get(`/products/${first}`, 'admin')).status).toBe(200);
    await publish(world, first);
    const page = await get('/products/invoice-sorter');
    expect(page.headers.etag).toBe('"4"');
    expect(page.json).toMatchObject({
      ...{
        id: first,
        latestVersion: '1.0.0',
        nodeCount: 2,
        stock: null,
        thumbUrl: `/api/v1/products/${first}/versions/1.0.0/thumb.svg`,
        rating: { average: 0, count: 0 },
      },
      ...{ price: { amount: 1000, currency: 'EUR' }, vendor: { id: id(31), slug: 'ada', displayName: 'Ada' } },
      licenseTiers: [{ id: 'standard', price: { amount: 1000, currency: 'EUR' }, activationLimit: 3 }],
    });
    expect(page.json).not.toHaveProperty('reasons');
    await record(`product-${first}`, { type: 'ProductRetired', data: { productId: first } });
    expect((await get('/products/invoice-sorter')).status).toBe(404);
    await licensed(world);
    expect((await get('/products/invoice-sorter', 'buyer')).json.state).toBe('retired');
    expect((await get('/products/invoice-sorter', 'stranger')).status).toBe(404);
  });

  it('finds cards, narrows them, and turns the pages', async () => {
    const { world, get, first, second } = await market();
    expect((await get('/products')).json).toEqual({ items: [], nextCursor: null, total: 0 });
    await publish(world, first);
    await publish(world, second);
    const page = (await get('/products?limit=1&sort=price')).json;
    const next = (await get(`/products?limit=1&sort=price&cursor=${page.nextCursor}`)).json;
    expect([page.total, page.items[0].id, next.items[0].id, next.nextCursor]).toEqual([2, first, second, null]);
    const ids = async (query: string) =>
      (await get(`/products?${query}`)).json.items.map((card: { id: string }) => card.id);
    expect(await ids('category=Office%20Work')).toEqual([first]);
    expect((await ids('tag=leads&tag=invoice')).sort()).toEqual([first, second].sort());
    expect(await ids('tag=leads&category=office-work')).toEqual([]);
    expect(await ids('minPrice=1')).toEqual([]); // dollars, where no currency is named
    expect((await ids('minPrice=1&currency=EUR')).length).toBe(2);
    expect(await ids(`vendorId=${id(32)}`)).toEqual([second]);
    expect(await ids('query=leed')).toEqual([]);
    expect((await get('/categories')).json.items).toContainEqual({ slug: 'sales', label: 'Sales', count: 1 });
    expect((await get('/vendors/ada')).json).toMatchObject({ displayName: 'Ada', state: 'approved' });
  });

  it('searches with facets, corrections and relaxations', async () => {
    const { world, get, first, second } = await market();
    await publish(world, first);
    await publish(world, second);
    const found = (await get('/search?q=invoce')).json;
    expect(found).toMatchObject({ total: 1, correction: { from: 'invoce', to: 'invoice' } });
    expect(found.items[0].id).toBe(first);
    expect(found.facets.category).toEqual([{ value: 'office-work', label: 'Office Work', count: 1 }]);
    expect((await get('/search?q=invoce&exact=true')).json.total).toBe(0);
    const none = (await get('/search?q=invoice&category=sales&kind=n8n-workflow&minRating=4')).json;
    expect(none).toMatchObject({ total: 0, relaxations: [] });
    const nearly = (await get('/search?q=invoice&category=sales&kind=n8n-workflow')).json;
    expect(nearly.relaxations).toEqual([{ without: 'category', total: 1 }]);
    expect((await get('/search/suggest?q=sort%20inv')).json.items[0]).toEqual({ text: 'sort invoice' });
  });

  it('previews the version on sale, from what was derived of it', async () => {
    const { world, get, objects, first, second } = await market();
    const workflow = {
      nodes: [{ name: 'Start', type: 't', typeVersion: 1, position: [0, 0], disabled: false }],
      connections: {},
    };
    const stored = { workflow, notes: [], credentials: [], risks: [], secret: 'never' };
    await objects.write('previews/1', Buffer.from(JSON.stringify(stored)));
    expect((await get(`/products/${first}/preview`)).status).toBe(404);
    await publish(world, first);
    await publish(world, second);
    expect((await get(`/products/${first}/preview`)).json).toEqual({
      version: '1.0.0',
      workflow,
      notes: [],
      credentials: [],
      risks: [],
    });
    expect((await get(`/products/${second}/preview`)).status).toBe(404);
  });

  it('shows versions, findings and what is missing to the vendor', async () => {
    const { world, get, record, first } = await market();
    const uploaded = { productId: first, version: '2.0.0', objectKey: 'k2', sha256: 'cd', size: 3, fileName: 'w.json' };
    await publish(world, first);
    await record(`product-${first}`, { type: 'VersionUploaded', data: uploaded });
    const versions = async (as?: Who) =>
      (await get(`/products/${first}/versions`, as)).json.items.map((v: { version: string }) => v.version);
    expect([await versions(), await versions('ada')]).toEqual([['1.0.0'], ['2.0.0', '1.0.0']]);
    expect((await get(`/products/${first}/versions/1.0.0`)).json).not.toHaveProperty('findings');
    expect((await get(`/products/${first}/versions/1.0.0`, 'ada')).json.findings).toEqual([{ kind: 'note' }]);
    expect((await get(`/products/${first}/versions/2.0.0`)).status).toBe(404);
    expect((await get(`/products/${first}/readiness`, 'ada')).json).toEqual({ ready: true, reasons: [] });
    expect((await get(`/products/${first}/readiness`, 'bob')).status).toBe(404);
    const own = (state: string, as: Who) => get(`/vendors/${id(31)}/products?state=${state}`, as);
    expect((await own('published', 'ada')).json.items).toHaveLength(1);
    expect((await own('draft', 'ada')).json.items).toHaveLength(0);
    expect([(await own('draft', 'bob')).status, (await own('draft', 'admin')).status]).toEqual([404, 403]);
  });
});
