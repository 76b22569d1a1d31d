import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operationsOf } from './api-document.ts';
import { type ExampleRequest, exampleRequests } from './example-requests.ts';
import type { Client } from './test-client.ts';
import { type Caller, callers, type MarketWorld, startMarketWorld } from './test-world.ts';

/**
 * Who is let in where, as HTTP.md's tables and RULES.md (people 1) say: `in`, or the status of the refusal. The things in
 * the paths are `customer`'s (order, licence) and `owner`'s (products, money, coupon).
 */
const columns = 'nobody customer stranger owner otherVendor admin auditor operator';
const anyone = 'in in in in in in in in';
const signedIn = '401 in in in in in in in';
const vendors = '401 403 403 in in 403 403 403';
const itsVendor = '401 403 403 in 404 403 403 403';
const itsCustomer = '401 in 404 404 404 404 404 404';
const admins = '401 403 403 403 403 in 403 403';
const auditors = '401 403 403 403 403 403 in 403';
const operators = '401 403 403 403 403 403 403 in';
/** There is no such thing in this market. */
const operatorsInVain = '401 403 403 403 403 403 403 404';

const whoIsLetIn: Readonly<Record<string, string>> = {
  'GET /.well-known/jwks.json': anyone,
  'GET /health/live': anyone,
  'GET /health/ready': anyone,
  'POST /auth/register': anyone,
  'POST /auth/login': anyone,
  'POST /auth/refresh': anyone,
  'GET /me': signedIn,
  'PUT /accounts/{id}/roles': admins,
  'POST /vendors': signedIn,
  'GET /vendors/{idOrSlug}': anyone,
  'POST /vendors/{id}/approve': admins,
  'POST /vendors/{id}/suspend': admins,
  'POST /vendors/{id}/reinstate': admins,
  'GET /products': anyone,
  'GET /search': anyone,
  'GET /search/suggest': anyone,
  'GET /categories': anyone,
  'GET /products/{idOrSlug}': anyone,
  'GET /products/{idOrSlug}/preview': anyone,
  'GET /products/{id}/versions': anyone,
  'GET /products/{id}/versions/{version}': anyone,
  'GET /products/{id}/versions/{version}/thumb.svg': anyone,
  'GET /products/{id}/related': anyone,
  'GET /home': anyone,
  'GET /accounts': admins,
  'GET /vendors': admins,
  'GET /admin/queue': admins,
  'POST /products/import': vendors,
  'GET /products/{id}/readiness': itsVendor,
  'GET /vendors/{id}/products': itsVendor,
  'POST /products': vendors,
  'PATCH /products/{id}': itsVendor,
  'POST /products/{id}/versions': itsVendor,
  'POST /products/{id}/submit': itsVendor,
  'POST /products/{id}/retire': itsVendor,
  'POST /products/{id}/versions/{version}/yank': '401 403 403 in 404 in 403 403',
  'POST /products/{id}/approve': admins,
  'POST /products/{id}/reject': admins,
  'POST /products/{id}/suspend': admins,
  'POST /coupons': '401 403 403 in in in 403 403',
  'GET /coupons': '401 403 403 in in in 403 403',
  'DELETE /coupons/{code}': '401 403 403 in 404 404 403 403',
  'POST /orders': signedIn,
  'GET /orders': signedIn,
  'GET /orders/{id}': '401 in 404 in 404 in 404 404',
  'POST /orders/{id}/confirm': itsCustomer,
  'POST /orders/{id}/cancel': itsCustomer,
  'POST /orders/{id}/refunds': '401 403 403 in 404 in 403 403',
  'GET /orders/{id}/invoice': itsCustomer,
  'GET /licenses': signedIn,
  'GET /licenses/{id}': itsCustomer,
  'POST /licenses/validate': anyone,
  'POST /licenses/{id}/activations': itsCustomer,
  'DELETE /licenses/{id}/activations/{machine}': itsCustomer,
  'POST /downloads': itsCustomer,
  'GET /files/{token}': anyone,
  'GET /vendors/{id}/balance': itsVendor,
  'GET /vendors/{id}/balance/series': itsVendor,
  'GET /vendors/{id}/statements': itsVendor,
  'GET /vendors/{id}/statements/{period}': itsVendor,
  'GET /vendors/{id}/ledger': itsVendor,
  'GET /vendors/{id}/payout-account': itsVendor,
  'PUT /vendors/{id}/payout-account': itsVendor,
  'GET /vendors/{id}/payouts': itsVendor,
  'POST /vendors/{id}/payouts': itsVendor,
  'GET /vendors/{id}/payouts/{payoutId}': itsVendor,
  'POST /vendors/{id}/payouts/{payoutId}/cancel': itsVendor,
  'GET /audit/events': auditors,
  'GET /audit/streams': auditors,
  'GET /products/{id}/reviews': anyone,
  'POST /products/{id}/reviews': '401 in 403 403 403 403 403 403',
  'GET /vendors/{id}/reviews': itsVendor,
  'POST /reviews/{id}/reply': itsVendor,
  'GET /notifications': signedIn,
  'POST /notifications/{id}/read': itsCustomer,
  'GET /audit/proof': auditors,
  'POST /audit/verify': auditors,
  'GET /audit/read-models/{projection}/{documentId}': auditors,
  'GET /audit/streams/{stream}/diff': auditors,
  'GET /audit/correlations/{id}': auditors,
  'POST /audit/unseal': auditors,
  'GET /audit/streams/{stream}': auditors,
  'GET /operator/projections': operators,
  'GET /operator/projections/{name}': operators,
  'POST /operator/projections/{name}/rebuild': operators,
  'POST /operator/projections/{name}/pause': operators,
  'POST /operator/projections/{name}/resume': operators,
  'POST /operator/projections/{name}/cancel': operators,
  'POST /operator/projections/{name}/rollback': operators,
  'POST /operator/projections/{name}/drop': operators,
  'GET /operator/dead-letters': operators,
  'POST /operator/dead-letters/{id}/replay': operatorsInVain,
  'POST /operator/dead-letters/{id}/discard': operatorsInVain,
  'GET /operator/sagas': operators,
  'POST /operator/sagas/{id}/retry': operatorsInVain,
  'POST /operator/sagas/{id}/resolve': operators,
  'GET /operator/engines': operators,
  'GET /live': signedIn,
  'GET /metrics': anyone,
  'POST /simulator/webhooks': admins,
  'POST /webhooks/payments': anyone,
  'POST /orders/quote': signedIn,
  'GET /cart': signedIn,
  'PUT /cart/items/{productId}': signedIn,
  'DELETE /cart/items/{productId}': signedIn,
  'POST /orders/{id}/refund-requests': itsCustomer,
  'POST /orders/{id}/refund-requests/{requestId}/refuse': '401 403 403 in 404 in 403 403',
  'POST /orders/{id}/dispute/evidence': '401 403 403 in 404 in 403 403',
  'GET /disputes': '401 403 403 in in in 403 403',
  'GET /vendors/{id}/orders': itsVendor,
  'GET /vendors/{id}/stats': itsVendor,
  'PATCH /vendors/{id}': itsVendor,
  'GET /operator/outbox': operators,
  'POST /auth/email/verify': anyone,
  'POST /auth/password/forgot': anyone,
  'POST /auth/password/reset': anyone,
  'PATCH /me': signedIn,
  'PUT /me/password': signedIn,
  'GET /me/sessions': signedIn,
  'DELETE /me/sessions/{id}': '401 404 404 404 404 404 404 404', // nobody's session is that
  'GET /api-keys': signedIn,
  'POST /api-keys': signedIn,
  'DELETE /api-keys/{id}': signedIn,
  'DELETE /me': signedIn,
  'POST /auth/logout': signedIn, // the last one: it ends the sessions
};

/** Bodies in place of the examples', so that being let in is told from what follows. */
const bodies: Readonly<Record<string, unknown>> = {
  'POST /auth/login': {},
  'POST /auth/refresh': {},
  'POST /auth/register': {},
  'PUT /me/password': {},
  'POST /licenses/{id}/activations': { machine: 'desk-1' },
};

let world: MarketWorld;
let examples: Readonly<Record<string, ExampleRequest>>;
beforeAll(async () => {
  world = await startMarketWorld();
  examples = exampleRequests(world);
});
afterAll(() => world.system.dispose());

/** A revision that nothing has: who is let in changes nothing. */
const stale = { 'if-match': '"999999"' };

const statusFor = async (key: string, { token }: Pick<Client, 'token'>, method?: 'HEAD'): Promise<number> => {
  const example = examples[key];
  if (example === undefined) throw new Error(`no example of ${key}`);
  const body = bodies[key] ?? example.body;
  const { path, raw } = example;
  const { statusCode } = await world.system.app.inject({
    method: method ?? (key.split(' ')[0] as 'GET'),
    url: path.startsWith('//') ? path.slice(1) : `/api/v1${path}`,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(raw?.headers ?? {}),
      ...stale,
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    ...(raw === undefined ? {} : { payload: raw.payload }),
  });
  return statusCode;
};
const refusals = [401, 403, 404];
const verdictOf = (status: number): string => {
  if (status >= 500) return `broke with ${status}`;
  return refusals.includes(status) ? String(status) : 'in';
};
const verdicts = async (verdictFor: (client: Client, caller: Caller) => Promise<string>): Promise<string> => {
  const all: string[] = [];
  for (const caller of callers) all.push(await verdictFor(world.as[caller], caller));
  return all.join(' ');
};
const reading = (path: string) =>
  verdicts(async ({ call }) => {
    const { status } = await call('GET', path);
    return verdictOf(status);
  });

test('the table knows every route of the API document, and no other', async () => {
  expect(columns).toBe(callers.join(' '));
  const routes = (await operationsOf(world.system)).map(({ key }) => key);
  expect(Object.keys(whoIsLetIn).toSorted()).toEqual(routes.toSorted());
});

describe('more than the table says', () => {
  test('a draft is there for its vendor and administrators only', async () => {
    const drafts = '404 404 404 in 404 in 404 404';
    expect(await reading(`/products/${world.draftId}`)).toBe(drafts);
    expect(await reading(`/products/${world.draftId}/versions`)).toBe(drafts);
  });

  test('a vendor that is not approved is there for its owner and administrators only', async () => {
    const { id } = await world.stranger.ok('POST', '/vendors', {
      displayName: 'Not yet',
      country: 'DE',
      defaultCurrency: 'USD',
    });
    await world.quiet();
    expect(await reading(`/vendors/${String(id)}`)).toBe('404 404 in 404 404 in 404 404');
  });

  test('who has the key of a licence activates a machine without a session', async () => {
    const { licenseId, licenseKey: key } = world;
    const statuses = await verdicts(async ({ call }) => {
      const path = `/licenses/${licenseId}/activations`;
      return verdictOf((await call('POST', path, { machine: 'm', key }, { headers: stale })).status);
    });
    expect(statuses).toBe(anyone);
  });

  test('another key opens no licence', async () => {
    const { status } = await world.as.nobody.call('POST', `/licenses/${world.licenseId}/activations`, {
      machine: 'm',
      key: 'AAAA-BBBB-CCCC-DDDD',
    });
    expect(status).toBe(404);
  });

  test('another vendor learns nothing of an order of which it sold nothing', async () => {
    const { body } = await world.as.otherVendor.call('GET', `/orders/${world.orderId}`);
    expect(body).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(JSON.stringify(body)).not.toContain(world.productId);
  });

  test('a refusal for somebody else’s thing is the one for a thing that is not', async () => {
    const none = '7d4c1c3e-4c1a-4b53-9a43-3d1f1a0b2c4d';
    const told = async (path: string) => {
      const { body } = await world.stranger.call('GET', path);
      return { ...body, requestId: '' };
    };
    expect(await told(`/orders/${world.orderId}`)).toEqual(await told(`/orders/${none}`));
    expect(await told(`/licenses/${world.licenseId}`)).toEqual(await told(`/licenses/${none}`));
    expect(await told(`/products/${world.draftId}`)).toEqual(await told(`/products/${none}`));
  });

  test.each(['garbage', 'Bearer', 'Bearer ', 'Bearer a.b.c', 'Basic YTpi', 'bearer\tx'])(
    'the credentials %j are no token',
    async (authorization) => {
      const { status, body } = await world.as.nobody.call('GET', '/me', undefined, { headers: { authorization } });
      expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED']);
    },
  );

  test('a token of another key, or changed by one character, is none', async () => {
    const token = world.customer.token ?? '';
    const changed = `${token.slice(0, -2)}${token.at(-2) === 'A' ? 'B' : 'A'}${token.slice(-1)}`;
    expect(await statusFor('GET /me', { token })).toBe(200);
    expect(await statusFor('GET /me', { token: changed })).toBe(401);
    const [, claims] = token.split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
    expect(await statusFor('GET /me', { token: unsigned })).toBe(401);
  });

  test('who may not call is told so before the body is looked at', async () => {
    const { status } = await world.as.customer.call('POST', '/products', '{ broken');
    expect(status).toBe(403);
  });

  test('HEAD is let in where GET is', async () => {
    const { nobody } = world.as;
    for (const key of Object.keys(whoIsLetIn).filter((one) => one.startsWith('GET ')))
      expect([key, await statusFor(key, nobody, 'HEAD')]).toEqual([key, await statusFor(key, nobody)]);
  });
});

describe(`who is let in (${columns})`, () => {
  test.each(Object.entries(whoIsLetIn))('%s: %s', async (key, expected) => {
    expect(await verdicts(async (client) => verdictOf(await statusFor(key, client)))).toBe(expected);
  });
});
