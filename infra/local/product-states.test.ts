import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  approvedVendor,
  type Client,
  clientOf,
  type OnSale,
  orderOf,
  published,
  registered,
  settled,
  signInAdministrator,
  upload,
  type VendorPerson,
  workflowFile,
} from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';
import { draft } from './test-world.ts';

const leaky = JSON.stringify({
  ...JSON.parse(workflowFile('w')),
  nodes: [
    {
      ...{ name: 'Call', type: 'n8n-nodes-base.httpRequest', typeVersion: 4, position: [0, 0] },
      parameters: {
        headerParameters: { parameters: [{ name: 'x-api-key', value: '9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c' }] },
      },
    },
  ],
  connections: {},
});

describe('the states of a product (RULES, products 1 to 4)', () => {
  let system: TestSystem;
  let vendor: VendorPerson;
  let admin: Client;
  let buyer: Client;
  const anyone = () => clientOf(system);
  beforeAll(async () => {
    system = await startTestSystem();
    vendor = await approvedVendor(system, 'ada');
    admin = await signInAdministrator(system);
    buyer = await registered(system, 'buyer');
  });
  afterAll(() => system.dispose());

  const drafted = async (): Promise<string> => String((await vendor.ok('POST', '/products', draft)).id);
  const uploaded = async (id: string, version: string, file = workflowFile('w')): Promise<number> => {
    const { payload, headers } = upload(file, version);
    const { statusCode } = await system.app.inject({
      ...{ method: 'POST', url: `/api/v1/products/${id}/versions`, payload },
      headers: { ...headers, authorization: `Bearer ${vendor.token}` },
    });
    return statusCode;
  };
  const page = async (id: string, as: Client = vendor) => (await as.call('GET', `/products/${id}`)).body;
  const inState = (id: string, state: string) =>
    system.until(`${id} ${state}`, async () => (await page(id)).state === state && page(id));
  const versionIs = (id: string, version: string, state: string) =>
    system.until(`${version} ${state}`, async () => {
      const found = await vendor.call('GET', `/products/${id}/versions/${version}`);
      return found.body.state === state && found.body;
    });
  const refused = async (as: Client, id: string, verb: string, body: unknown = {}) => {
    const { status, body: answer } = await as.call('POST', `/products/${id}/${verb}`, body);
    return `${status} ${answer.code}`;
  };
  const sells = (id: string, version: string) =>
    system.until(`${version} on sale`, async () => (await page(id)).latestVersion === version);

  it('a pending vendor may draft, not submit', async () => {
    const pending = await registered(system, 'pending');
    await pending.ok('POST', '/vendors', { displayName: 'Pending', country: 'DE', defaultCurrency: 'USD' });
    const again = await clientOf(system).ok('POST', '/auth/login', {
      email: pending.email,
      password: 'a long enough passphrase 42',
    });
    const asVendor = clientOf(system, String(again.accessToken));
    const { id } = await asVendor.ok('POST', '/products', draft);
    expect(await refused(asVendor, String(id), 'submit')).toBe('409 VENDOR_NOT_APPROVED');
  });

  it('submitting needs a version, and says what is missing as readiness does', async () => {
    const id = await drafted();
    const { status, body } = await vendor.call('POST', `/products/${id}/submit`);
    expect([status, body.code, body.reasons]).toEqual([409, 'NOT_READY', ['Upload a version.']]);
    await inState(id, 'draft');
    const readiness = await vendor.ok('GET', `/products/${id}/readiness`);
    expect(readiness).toEqual({ ready: false, reasons: ['Upload a version.'] });
    expect((await anyone().call('GET', `/products/${id}/readiness`)).status).toBe(401);
  });

  it('submit and approve are legal while a scan runs, and the product is on sale once it is clean', async () => {
    const id = await drafted();
    expect(await uploaded(id, '1.0.0')).toBe(202);
    await vendor.ok('POST', `/products/${id}/submit`);
    await admin.ok('POST', `/products/${id}/approve`);
    await inState(id, 'published');
    await admin.ok('POST', `/products/${id}/approve`); // again: nothing
    expect(await page(id, anyone())).toMatchObject({ state: 'published', latestVersion: '1.0.0' });
  });

  it('a bad verdict after submit rejects it with reasons; a clean version and another submit bring it on', async () => {
    const id = await drafted();
    await uploaded(id, '1.0.0', leaky);
    await vendor.call('POST', `/products/${id}/submit`);
    const blocked = await versionIs(id, '1.0.0', 'blocked');
    expect(JSON.stringify(blocked.findings)).toContain('Call');
    expect(JSON.stringify(blocked)).not.toContain('9f8a7b6c');
    const { reasons } = await inState(id, 'rejected');
    expect(reasons).toEqual([expect.stringContaining('Version 1.0.0 is blocked')]);
    expect((await anyone().call('GET', `/products/${id}`)).status).toBe(404);
    await uploaded(id, '1.0.1');
    await vendor.ok('POST', `/products/${id}/submit`);
    await admin.call('POST', `/products/${id}/approve`);
    await inState(id, 'published');
    const versions = await anyone().ok('GET', `/products/${id}/versions`);
    expect(versions.items).toMatchObject([{ version: '1.0.1' }]);
    expect(JSON.stringify(versions)).not.toContain('findings');
  });

  it('an administrator rejects with a reason, and approves only what was submitted', async () => {
    const id = await drafted();
    expect(await refused(admin, id, 'approve')).toBe('409 PRODUCT_STATE');
    expect(await refused(admin, id, 'reject', { reason: 'no' })).toBe('409 PRODUCT_STATE');
    expect(await refused(admin, id, 'suspend')).toBe('409 PRODUCT_STATE');
    await uploaded(id, '1.0.0');
    await vendor.ok('POST', `/products/${id}/submit`);
    await admin.ok('POST', `/products/${id}/reject`, { reason: 'Says too little.' });
    expect((await inState(id, 'rejected')).reasons).toEqual(['Says too little.']);
    expect(await refused(admin, id, 'approve')).toBe('409 PRODUCT_STATE');
  });

  describe('on sale and sold', () => {
    let product: OnSale;
    beforeAll(async () => {
      product = await published(system, vendor, { title: 'Sold once' });
      const { id } = await buyer.ok('POST', '/orders', orderOf([product]));
      await settled(system, buyer, id, ['fulfilled']);
    });

    it('a clean new version goes on sale by itself; a bad one leaves the old on sale', async () => {
      await uploaded(product.id, '1.1.0');
      await sells(product.id, '1.1.0');
      await uploaded(product.id, '1.2.0', leaky);
      await versionIs(product.id, '1.2.0', 'blocked');
      expect(await page(product.id, anyone())).toMatchObject({ state: 'published', latestVersion: '1.1.0' });
    });

    it('a yank goes back to the newest clean version; owners keep the others', async () => {
      await vendor.ok('POST', `/products/${product.id}/versions/1.1.0/yank`, { reason: 'wrong sums' });
      await sells(product.id, '1.0.0');
      const [license] = (await buyer.ok('GET', '/licenses')).items as { id: string }[];
      const get = (version: string) => buyer.call('POST', '/downloads', { licenseId: license?.id, version });
      expect((await get('1.0.0')).status).toBe(200);
      expect((await get('1.1.0')).status).not.toBe(200);
    });

    it('text and price change without a new approval', async () => {
      await vendor.ok('PATCH', `/products/${product.id}`, { description: 'Better words.' });
      await system.until('revised', async () => (await page(product.id, anyone())).description === 'Better words.');
    });

    it('a suspended product is off sale, for its owners too as something to buy; approve reinstates it', async () => {
      await admin.ok('POST', `/products/${product.id}/suspend`, { reason: 'A complaint.' });
      await inState(product.id, 'suspended');
      expect((await anyone().call('GET', `/products/${product.id}`)).status).toBe(404);
      expect((await buyer.call('GET', `/products/${product.id}`)).status).toBe(200);
      expect((await buyer.call('POST', '/orders', orderOf([product]))).body.code).toBe('NOT_ON_SALE');
      expect(await refused(vendor, product.id, 'submit')).toBe('409 PRODUCT_STATE');
      await admin.ok('POST', `/products/${product.id}/approve`);
      await inState(product.id, 'published');
    });

    it('what a suspended vendor sells is neither found, shown nor sold, and is back with the vendor', async () => {
      const found = async () => {
        const here = await anyone().ok('GET', '/search?q=sold');
        const facets = here.facets as { category: readonly unknown[] };
        return [here.total, (here.items as unknown[]).length, facets.category.length];
      };
      const sees = async (): Promise<number> => (await anyone().call('GET', `/products/${product.id}`)).status;
      await system.until('found', async () => (await found())[0] === 1);
      const at = async (verb: string): Promise<string> =>
        String((await admin.ok('POST', `/vendors/${vendor.vendorId}/${verb}`, { reason: 'because' })).position);
      const suspended = { headers: { 'x-min-position': await at('suspend') } };
      expect((await anyone().ok('GET', '/search?q=sold', undefined, suspended)).total).toBe(0);
      expect(await found()).toEqual([0, 0, 0]);
      expect((await anyone().ok('GET', '/home')).new).toEqual([]);
      expect((await anyone().ok('GET', '/categories')).items).toEqual([]);
      expect(await sees()).toBe(404);
      expect((await buyer.call('GET', `/products/${product.id}`)).status).toBe(200);
      expect((await buyer.call('POST', '/orders', orderOf([product]))).body.code).toBe('NOT_ON_SALE');
      const back = { headers: { 'x-min-position': await at('reinstate') } };
      expect((await anyone().ok('GET', '/search?q=sold', undefined, back)).total).toBe(1);
      expect(await sees()).toBe(200);
    });

    it('retired is final, and owners keep what they have', async () => {
      await vendor.ok('POST', `/products/${product.id}/retire`);
      await inState(product.id, 'retired');
      for (const verb of ['approve', 'suspend'])
        expect(await refused(admin, product.id, verb)).toBe('409 PRODUCT_RETIRED');
      expect(await refused(vendor, product.id, 'submit')).toBe('409 PRODUCT_RETIRED');
      expect(await refused(admin, product.id, 'reject', { reason: 'no' })).toBe('409 PRODUCT_RETIRED');
      expect((await vendor.call('PATCH', `/products/${product.id}`, { title: 'x' })).body.code).toBe('PRODUCT_RETIRED');
      await vendor.ok('POST', `/products/${product.id}/retire`); // again: nothing
      expect((await anyone().call('GET', `/products/${product.id}`)).status).toBe(404);
      expect((await buyer.call('GET', `/products/${product.id}`)).body.state).toBe('retired');
    });
  });
});
