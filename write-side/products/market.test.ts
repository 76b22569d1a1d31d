import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { accountDecider } from '../../domain/account/account.ts';
import { productDecider } from '../../domain/product/decider.ts';
import type { KnownProduct } from '../../domain/product/product.ts';
import { vendorDecider } from '../../domain/vendor/vendor.ts';
import { buildGateway } from '../../gateway/app.ts';
import { localCounters } from '../../infra/cache/local-counters.ts';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import { folderObjects } from '../../infra/objects/folder-objects.ts';
import { systemRandom } from '../../infra/random/system-random.ts';
import { builtinScanner } from '../../infra/scanner/builtin-scanner.ts';
import type { MalwareScanner } from '../../infra/scanner/port.ts';
import { oneKey } from '../../infra/secrets/one-key.ts';
import { couponRoutes } from '../coupons/routes.ts';
import { fileRoutes } from '../files/routes.ts';
import { commandHandling, type Handling } from '../handling/handling.ts';
import { licenseRoutes } from '../licenses/routes.ts';
import { publicationReactor } from '../publication/publication-reactor.ts';
import { productRoutes } from './routes.ts';
import { uploadRoute } from './upload.ts';

// The world that the tests of products, publication, files, licences and coupons share; its own test is at the end.

export const keyedHash = (purpose: string, text: string) => createHash('sha256').update(`${purpose} ${text}`).digest();

export type Part = { name?: string; fileName?: string; type?: string; content: string | Uint8Array };

/** A multipart body, byte by byte as written here. */
export const multipart = (parts: readonly Part[], end = '--edge--\r\n') => {
  const chunks = parts.flatMap(({ name, fileName, type, content }) => [
    Buffer.from(
      `--edge\r\nContent-Disposition: form-data${name === undefined ? '' : `; name="${name}"`}${
        fileName === undefined ? '' : `; filename="${fileName}"`
      }\r\n${type === undefined ? '' : `Content-Type: ${type}\r\n`}\r\n`,
    ),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...chunks, Buffer.from(end)]);
};
export const multipartType = 'multipart/form-data; boundary=edge';

/** Two nodes and a note, as a vendor would write it. */
export const workflow = {
  name: 'Order report',
  nodes: [
    {
      name: 'Every morning',
      type: 'n8n-nodes-base.scheduleTrigger',
      typeVersion: 1.2,
      position: [0, 0],
      parameters: {},
    },
    {
      name: 'Tell the team',
      type: 'n8n-nodes-base.slack',
      typeVersion: 2.2,
      position: [220, 0],
      parameters: { text: '={{ $json.total }}' },
    },
    {
      name: 'Note',
      type: 'n8n-nodes-base.stickyNote',
      typeVersion: 1,
      position: [0, 200],
      parameters: { content: 'Set the channel.' },
    },
  ],
  connections: { 'Every morning': { main: [[{ node: 'Tell the team', type: 'main', index: 0 }]] } },
};
/** Not a key of anybody's; in parts, so that no scanner takes this file for a leak. */
export const secret = ['sk_live', '4eC39HqLyjWDarjtT1zdp7dcQ2mVx8Rk'].join('_');
export const leakyWorkflow = {
  ...workflow,
  nodes: [
    ...workflow.nodes,
    {
      name: 'Charge',
      type: 'n8n-nodes-base.httpRequest',
      typeVersion: 4.2,
      position: [440, 0],
      parameters: {
        url: 'https://api.stripe.com/v1/charges',
        headerParameters: { parameters: [{ name: 'Authorization', value: `Bearer ${secret}` }] },
      },
    },
  ],
};

export const listing = {
  title: 'Order report',
  description: 'Sends a report of the orders. Every morning.',
  kind: 'n8n-workflow',
  category: 'Sales',
  tags: ['Report', 'slack'],
  price: { amount: 1999, currency: 'USD' },
};

type Options = { approvalRequired?: boolean; scanner?: MalwareScanner; fileBytes?: number; publicUrl?: string };
type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'HEAD';
type Call = { as?: string; key?: string; body?: unknown; headers?: Record<string, string>; payload?: Buffer | string };

/** A gateway with these routes over a log and objects in a folder of its own. Tokens are `<role>+<role>:<account id>`. */
export const openMarket = async (options: Options = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'market-'));
  const clock = manualClock(1_764_000_000_000);
  const random = systemRandom(clock);
  const file = join(folder, 'log.sqlite');
  const store = openSqliteEventStore({ file, clock, durable: false });
  const objects = await folderObjects({ dir: join(folder, 'objects'), random });
  const codec = eventCodec({ keys: oneKey, random });
  const handling: Handling = commandHandling({ store, codec, clock, random });
  const { approvalRequired = false, scanner = builtinScanner(), fileBytes = 1_048_576 } = options;
  const deps = {
    ...{ handling, clock, random, keyedHash, objects, approvalRequired, publicUrl: options.publicUrl },
    fileLimits: { fileBytes, workflowBytes: 262_144 },
  };
  const app = await buildGateway({
    services: [
      async (service) => {
        await service.register(
          async (api) => {
            productRoutes(api, deps);
            uploadRoute(api, deps);
            fileRoutes(api, deps);
            licenseRoutes(api, deps);
            couponRoutes(api, deps);
          },
          { prefix: '/api/v1' },
        );
      },
    ],
    authenticate: async (token) => {
      const [roles = '', accountId = ''] = token.split(':');
      return { accountId, sessionId: 's', roles: ['customer', ...roles.split('+')] };
    },
    counters: localCounters(clock),
    ...{ clock, random },
    log: pino({ level: 'silent' }),
    ratePerMinute: undefined,
    checkAnswers: true,
  });
  onTestFinished(async () => {
    const closing = app.close();
    app.server.closeAllConnections();
    await closing;
    await store.close();
    await rm(folder, { recursive: true });
  });

  const call = async (method: Method, url: string, { as, key: idempotencyKey, body, headers, payload }: Call = {}) => {
    const answer = await app.inject({
      method,
      url: url.startsWith('/api') ? url : `/api/v1${url}`,
      headers: {
        ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      ...(payload === undefined ? {} : { payload }),
    });
    const isPart = answer.statusCode === 206 || answer.body === '';
    const isJson = !isPart && String(answer.headers['content-type']).includes('json');
    const json = isJson ? answer.json() : {};
    return { status: answer.statusCode, code: json.code, json, headers: answer.headers, bytes: answer.rawPayload };
  };
  const context = () => {
    const commandId = random.uuid();
    return { commandId, correlationId: commandId, actorId: 'system', actorRole: 'system' };
  };
  /** An account with an approved vendor, and its token. */
  const seller = async (approved = true) => {
    const [accountId, vendorId] = [random.uuid(), random.uuid()];
    const person = { accountId, email: 'x@example.com', emailHash: accountId, displayName: 'X' };
    await handling.handle(accountDecider, accountId, { type: 'RegisterAccount', ...person }, context());
    const shop = {
      vendorId,
      ownerId: accountId,
      slug: vendorId,
      displayName: 'Shop',
      country: 'DE',
      defaultCurrency: 'USD',
    };
    await handling.handle(vendorDecider, vendorId, { type: 'RegisterVendor', ...shop }, context());
    if (approved) await handling.handle(vendorDecider, vendorId, { type: 'ApproveVendor' }, context());
    await handling.handle(accountDecider, accountId, { type: 'LinkVendor', vendorId }, context());
    return { accountId, vendorId, token: `vendor:${accountId}` };
  };
  const draft = async (as: string, changes: object = {}): Promise<string> =>
    (await call('POST', '/products', { as, body: { ...listing, ...changes } })).json.id;
  const send = (as: string, id: string, parts: readonly Part[], rest: Call = {}) =>
    call('POST', `/products/${id}/versions`, {
      as,
      payload: multipart(parts),
      ...rest,
      headers: { 'content-type': multipartType, ...rest.headers },
    });
  const upload = (as: string, id: string, content: unknown = workflow, version = '1.0.0', rest: Call = {}) => {
    const isRaw = typeof content === 'string' || content instanceof Uint8Array;
    const bytes = isRaw ? content : JSON.stringify(content);
    const parts = [
      { name: 'version', content: version },
      { name: 'file', fileName: 'report.json', type: 'application/json', content: bytes },
    ];
    return send(as, id, parts, rest);
  };
  const product = async (id: string): Promise<KnownProduct> => {
    const { state } = await handling.load(productDecider, id);
    if (state.status === 'none') throw new Error(`no product ${id}`);
    return state;
  };
  const typesInLog = async (): Promise<string[]> => {
    const types: string[] = [];
    for await (const batch of store.readAll({})) types.push(...batch.map(({ type }) => type));
    return types;
  };
  const storedObjects = async (): Promise<string[]> => {
    const entries = await readdir(join(folder, 'objects'), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  };
  const reactor = publicationReactor({ handling, objects, scanner, clock, approvalRequired });
  return {
    ...{ app, call, context, seller, draft, send, upload, product, typesInLog, storedObjects, reactor },
    ...{ handling, objects, clock, random, store, codec },
    admin: `admin:${random.uuid()}`,
  };
};
export type Market = Awaited<ReturnType<typeof openMarket>>;

const thing = '00000000-0000-7000-8000-000000000000';
const access: readonly [Method, string, roles: readonly string[]][] = [
  ['POST', '/products', ['vendor']],
  ['PATCH', `/products/${thing}`, ['vendor']],
  ['POST', `/products/${thing}/versions`, ['vendor']],
  ['POST', `/products/${thing}/submit`, ['vendor']],
  ['POST', `/products/${thing}/retire`, ['vendor']],
  ['POST', `/products/${thing}/approve`, ['admin']],
  ['POST', `/products/${thing}/reject`, ['admin']],
  ['POST', `/products/${thing}/suspend`, ['admin']],
  ['POST', `/products/${thing}/versions/1.0.0/yank`, ['vendor', 'admin']],
  ['POST', '/coupons', ['vendor', 'admin']],
  ['DELETE', '/coupons/ABC', ['vendor', 'admin']],
  ['POST', '/downloads', ['customer', 'vendor', 'admin', 'auditor', 'operator']],
  ['DELETE', `/licenses/${thing}/activations/m1`, ['customer', 'vendor', 'admin', 'auditor', 'operator']],
];

const routesAreForTheirRoles = () => {
  it.each(access)('%s %s', async (method, url, roles) => {
    const { call, random } = await openMarket();
    expect((await call(method, url)).status).toBe(401);
    for (const role of ['customer', 'vendor', 'admin', 'auditor', 'operator']) {
      const { status } = await call(method, url, { as: `${role}:${random.uuid()}` });
      expect([role, status === 403]).toEqual([role, !roles.includes(role)]);
    }
  });
};
// Not repeated by the test files that borrow the world.
if (expect.getState().testPath === import.meta.filename)
  describe('each route is for exactly its roles', routesAreForTheirRoles);
