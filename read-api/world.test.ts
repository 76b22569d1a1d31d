import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DomainEvent } from '../domain/catalogue.ts';
import * as sample from '../domain/order/samples.ts';
import type { Listing } from '../domain/product/events.ts';
import { buildGateway } from '../gateway/app.ts';
import { localCounters } from '../infra/cache/local-counters.ts';
import { manualClock } from '../infra/clock/manual-clock.ts';
import { openSqliteReadModels } from '../infra/documents/sqlite/open-read-models.ts';
import { eventCodec } from '../infra/event-codec/event-codec.ts';
import { openSqliteEventStore } from '../infra/event-store/sqlite/sqlite-event-store.ts';
import { folderObjects } from '../infra/objects/folder-objects.ts';
import { seededRandom } from '../infra/random/seeded-random.ts';
import { coupons } from '../projections/coupons/coupons.ts';
import { auditProjection } from '../projections/engine/source.ts';
import { startProjections } from '../projections/engine/start-projections.ts';
import { licenses } from '../projections/licenses/licenses.ts';
import { balances } from '../projections/money/balances.ts';
import { ledger } from '../projections/money/ledger.ts';
import { payouts } from '../projections/money/payouts.ts';
import { statements } from '../projections/money/statements.ts';
import { orders } from '../projections/orders/orders.ts';
import { people } from '../projections/people/people.ts';
import { catalogue } from '../projections/products/catalogue.ts';
import { productSales } from '../projections/products/product-sales.ts';
import { products } from '../projections/products/products.ts';
import { search } from '../projections/products/search.ts';
import { vendors } from '../projections/vendors/vendors.ts';
import { auditRoutes } from './audit/audit-routes.ts';
import { auditStreamRoutes } from './audit/stream-routes.ts';
import { catalogueRoutes } from './catalogue/catalogue-routes.ts';
import { couponRoutes } from './coupons/coupon-routes.ts';
import { invoiceRoutes } from './invoices/invoice-route.ts';
import { licenseRoutes } from './licenses/license-routes.ts';
import { moneyRoutes } from './money/money-routes.ts';
import { operatorRoutes } from './operator/operator-routes.ts';
import { orderRoutes } from './orders/order-routes.ts';

export const id = sample.sampleId;
export const start = Date.parse('2026-01-01T00:00:00.000Z');
export const day = 86_400_000;
const definitions = [
  catalogue,
  products,
  search,
  vendors,
  orders,
  licenses,
  ledger,
  balances,
  payouts,
  statements,
  coupons,
  people,
  productSales,
];

// A token says who asks: `<account id>:<role>,<role>`.
const who = {
  buyer: `${sample.customerId}:`,
  ada: `${id(51)}:vendor`,
  bob: `${id(52)}:vendor`,
  admin: `${id(54)}:admin`,
  auditor: `${id(55)}:auditor`,
  operator: `${id(56)}:operator`,
  stranger: `${id(57)}:`,
};
export type Who = keyof typeof who;

/** The query API over a real log, real read models and the real gateway; answers are checked against their schemas. */
export const openWorld = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'read-api-'));
  const clock = manualClock(start);
  const random = seededRandom(3, clock);
  const store = openSqliteEventStore({ file: join(folder, 'log.sqlite'), clock, durable: false });
  const models = openSqliteReadModels({ file: ':memory:' });
  const objects = await folderObjects({ dir: join(folder, 'objects'), random });
  const erased = new Set<string>();
  const key = new Uint8Array(32);
  const keys = {
    obtain: async () => key,
    find: async (ids: readonly string[]) => new Map(ids.map((each) => [each, erased.has(each) ? undefined : key])),
    erase: async (person: string) => void erased.add(person),
    forget: () => {},
  };
  const codec = eventCodec({ keys, random });
  const stop = new AbortController();
  const audit = models.audit(auditProjection);
  const log = pino({ level: 'silent' });
  const projections = await startProjections({
    ...{ definitions, store, codec, audit, clock, random, log, signal: stop.signal },
    documents: models.documents,
    sinks: { documents: models.sink, search: models.sink, audit: models.sink },
  });
  const counters = localCounters(clock);
  const common = {
    store,
    codec,
    audit,
    objects,
    clock,
    counters,
    documents: models.documents,
    search: models.search('search'),
  };
  const hashed = (text: string): string => createHash('sha256').update(text).digest('hex');
  const deps = {
    ...common,
    readModels: projections.clock,
    head: () => store.head(),
    licenseKey: (licenseId: string) => `KEY-${licenseId}`,
    hashLicenseKey: hashed,
    projectionStatus: projections.status,
  };
  const app = await buildGateway({
    services: [
      async (service) => {
        for (const routes of [catalogueRoutes, orderRoutes, invoiceRoutes, licenseRoutes, moneyRoutes, couponRoutes])
          routes(service, deps);
        auditRoutes(service, deps);
        auditStreamRoutes(service, deps);
        operatorRoutes(service, deps);
      },
    ],
    authenticate: async (token) => {
      const [accountId = '', roles = ''] = token.split(':');
      return { accountId, sessionId: 's', roles: ['customer', ...roles.split(',').filter(Boolean)] };
    },
    ...{ counters, clock, random, log, ratePerMinute: 600, checkAnswers: true },
  });
  onTestFinished(async () => {
    await app.close();
    stop.abort();
    await projections.stopped;
    await store.close();
    models.close();
    await rm(folder, { recursive: true });
  });

  /** Appends to a stream and waits until every read model shows it; answers the position. */
  const record = async (stream: string, ...events: readonly DomainEvent[]): Promise<bigint> => {
    let revision: bigint | 'no_stream' = 'no_stream';
    for await (const [last] of store.readStream(stream, { backwards: true, limit: 1 }))
      if (last) revision = last.revision;
    const occurredAt = new Date(clock.now()).toISOString();
    const metadata = { commandId: 'c', correlationId: 'story', actorId: id(51), actorRole: 'vendor', occurredAt };
    const encoded = await codec.encode(
      stream,
      events.map((event) => ({ id: random.uuid(), event })),
      metadata,
    );
    const { position } = await store.append(stream, revision, encoded);
    const names = [...definitions.map(({ name }) => name), auditProjection];
    expect(await projections.clock.reached(names, position, 60_000)).toBe(true);
    return position;
  };
  /** Appends what no release can read. */
  const recordBroken = (stream: string, expected: bigint, type: string) => {
    const bytes = new TextEncoder().encode('no JSON');
    return store.append(stream, expected, [{ id: random.uuid(), type, data: bytes, metadata: bytes }]);
  };
  const get = async (url: string, as?: Who, headers: Record<string, string> = {}) => {
    const authorization = as === undefined ? {} : { authorization: `Bearer ${who[as]}` };
    const reply = await app.inject({ method: 'GET', url, headers: { ...authorization, ...headers } });
    const json =
      reply.headers['content-type']?.toString().includes('json') === true && !headers.accept ? reply.json() : {};
    return { status: reply.statusCode, headers: reply.headers, text: reply.body, json };
  };
  return { record, recordBroken, get, app, clock, objects, keys, hashed };
};
export type World = Awaited<ReturnType<typeof openWorld>>;

const shop = async ({ record }: World, n: number, ownerId: string, displayName: string) => {
  const slug = displayName.toLowerCase();
  const vendor = { vendorId: id(30 + n), ownerId, slug, displayName, country: 'DE', defaultCurrency: 'EUR' };
  await record(
    `vendor-${id(30 + n)}`,
    { type: 'VendorRegistered', data: vendor },
    { type: 'VendorApproved', data: { vendorId: id(30 + n) } },
  );
};
const listing: Listing = {
  ...{
    title: 'Invoice sorter',
    summary: 'Sorts.',
    description: 'Sorts every invoice.',
    integrations: ['Gmail'],
    kind: 'n8n-workflow',
  },
  ...{ category: 'Office Work', tags: ['invoice'], currency: 'EUR', stock: null },
  tiers: [{ id: 'standard', name: 'Standard', price: 1000, activationLimit: 3 }],
};
/** A draft of vendor `n` with one clean version. */
export const drafted = async (
  { record }: World,
  n: number,
  changes: Partial<Listing> & { slug: string },
  previewKey?: string,
) => {
  const productId = id(20 + n);
  await record(
    `product-${productId}`,
    { type: 'ProductDrafted', data: { productId, vendorId: id(30 + n), ...listing, ...changes } },
    {
      type: 'VersionUploaded',
      data: { productId, version: '1.0.0', objectKey: 'k', sha256: 'ab', size: 2, fileName: 'w.json' },
    },
    {
      type: 'VersionScanned',
      data: {
        productId,
        version: '1.0.0',
        verdict: 'clean',
        findings: [{ kind: 'note' }],
        engine: 'e',
        nodeCount: 2,
        ...(previewKey ? { previewKey } : {}),
      },
    },
  );
  return productId;
};
export const publish = ({ record }: World, productId: string) =>
  record(
    `product-${productId}`,
    { type: 'ProductSubmitted', data: { productId } },
    { type: 'ProductPublished', data: { productId, version: '1.0.0' } },
  );

export const market = async () => {
  const world = await openWorld();
  await shop(world, 1, id(51), 'Ada');
  await shop(world, 2, id(52), 'Bob');
  const first = await drafted(world, 1, { slug: 'invoice-sorter' }, 'previews/1');
  const second = await drafted(world, 2, {
    slug: 'lead-finder',
    title: 'Lead finder',
    category: 'Sales',
    tags: ['leads'],
    description: 'Finds leads.',
  });
  return { ...world, world, first, second };
};

const machine = (n: number) => ({
  licenseId: sample.licenseId(1),
  ownerId: sample.customerId,
  machine: `machine-${n}`,
});
/** Two licences of the buyer, one of each line of the sample order, the first on two machines. */
export const licensed = async ({ record, hashed }: World) => {
  const registered = { accountId: sample.customerId, email: 'c@example.test', emailHash: 'h', displayName: 'Cleo' };
  await record(`account-${sample.customerId}`, { type: 'AccountRegistered', data: registered });
  for (const [n, line] of [sample.lineOne, sample.lineTwo].entries()) {
    const { lineId, productId, vendorId, title, tierId, activationLimit } = line;
    const licenseId = sample.licenseId(n + 1);
    const owned = {
      licenseId,
      keyHash: hashed(`KEY-${licenseId}`),
      ownerId: sample.customerId,
      expiresAt: '2026-02-01T00:00:00.000Z',
    };
    const data = { ...owned, orderId: sample.orderId, lineId, productId, vendorId, title, tierId, activationLimit };
    await record(`license-${licenseId}`, { type: 'LicenseIssued', data });
  }
  await record(
    `license-${sample.licenseId(1)}`,
    { type: 'LicenseActivated', data: machine(1) },
    { type: 'LicenseActivated', data: machine(2) },
  );
};

// The world is imported by the other tests of this room; its own tests belong to this file alone.
if (expect.getState().testPath === import.meta.filename)
  describe('every query', () => {
    it('refuses what it does not know', async () => {
      const { get } = await market();
      const refused = await get('/products?colour=red&limit=0&kind=robot');
      expect(refused.status).toBe(400);
      expect(refused.json.errors.map(({ path }: { path: string }) => path).sort()).toEqual(['colour', 'kind', 'limit']);
      for (const url of ['/products?cursor=x', '/search?cursor=bnVsbA'])
        expect((await get(url)).json.code).toBe('INVALID_CURSOR');
      expect((await get('/orders?cursor=eyJsIjoieCJ9', 'buyer')).json.code).toBe('INVALID_CURSOR');
      expect((await get('/products', undefined, { 'x-min-position': '99999' })).json.code).toBe('UNKNOWN_POSITION');
    });

    it('says with its revision which thing it showed, and that caches must ask again', async () => {
      const { get } = await market();
      const { headers } = await get('/vendors/ada');
      expect([headers.etag, headers['cache-control']]).toEqual(['"1"', 'private, no-cache']);
      expect((await get('/vendors/ada', undefined, { 'x-min-position': '0' })).status).toBe(200);
      expect((await get('/vendors/ada', undefined, { 'x-min-position': 'x' })).json.code).toBe('INVALID_INPUT');
    });

    it('is described in the OpenAPI document', async () => {
      const { get } = await openWorld();
      const { paths } = (await get('/openapi.json')).json;
      expect(Object.keys(paths)).toEqual(
        expect.arrayContaining(['/products', '/search', '/orders/{id}', '/audit/events']),
      );
      const formats = paths['/vendors/{id}/ledger'].get.responses['200'].content;
      expect(Object.keys(formats)).toEqual(['application/json', 'text/csv']);
      for (const [path, { get: described }] of Object.entries<{ get?: { parameters?: { name: string }[] } }>(paths))
        for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g))
          expect(described === undefined || described.parameters?.some((parameter) => parameter.name === name)).toBe(
            true,
          );
    });
  });
