import { upload, workflowFile } from './test-client.ts';
import { type Caller, draft, type MarketWorld, price } from './test-world.ts';

/** A request that is right in form, and who may make it. */
export type ExampleRequest = {
  readonly as: Caller;
  /** Below the base path; `//` before a path that has none. */
  readonly path: string;
  readonly body?: unknown;
  /** In place of a JSON body. */
  readonly raw?: { readonly payload: Buffer; readonly headers: Record<string, string> };
};

const reads = (world: MarketWorld): Readonly<Record<string, ExampleRequest>> => {
  const { owner, productId, slug, orderId, licenseId, payoutId, filePath } = world;
  const vendor = `/vendors/${owner.vendorId}`;
  return {
    'GET /.well-known/jwks.json': { as: 'nobody', path: '//.well-known/jwks.json' },
    'GET /health/live': { as: 'nobody', path: '//health/live' },
    'GET /health/ready': { as: 'nobody', path: '//health/ready' },
    'GET /me': { as: 'customer', path: '/me' },
    'GET /products': { as: 'nobody', path: '/products' },
    'GET /search': { as: 'nobody', path: '/search' },
    'GET /search/suggest': { as: 'nobody', path: '/search/suggest' },
    'GET /categories': { as: 'nobody', path: '/categories' },
    'GET /products/{idOrSlug}': { as: 'nobody', path: `/products/${slug}` },
    'GET /products/{idOrSlug}/preview': { as: 'nobody', path: `/products/${slug}/preview` },
    'GET /products/{id}/versions': { as: 'nobody', path: `/products/${productId}/versions` },
    'GET /products/{id}/versions/{version}': { as: 'nobody', path: `/products/${productId}/versions/1.0.0` },
    'GET /products/{id}/versions/{version}/thumb.svg': {
      ...{ as: 'nobody', path: `/products/${productId}/versions/1.0.0/thumb.svg` },
    },
    'GET /products/{id}/related': { as: 'nobody', path: `/products/${productId}/related` },
    'GET /home': { as: 'nobody', path: '/home' },
    'GET /accounts': { as: 'admin', path: '/accounts' },
    'GET /vendors': { as: 'admin', path: '/vendors' },
    'GET /admin/queue': { as: 'admin', path: '/admin/queue' },
    'GET /products/{id}/readiness': { as: 'owner', path: `/products/${productId}/readiness` },
    'GET /vendors/{idOrSlug}': { as: 'nobody', path: vendor },
    'GET /vendors/{id}/products': { as: 'owner', path: `${vendor}/products` },
    'GET /vendors/{id}/balance': { as: 'owner', path: `${vendor}/balance` },
    'GET /vendors/{id}/ledger': { as: 'owner', path: `${vendor}/ledger` },
    'GET /vendors/{id}/payouts': { as: 'owner', path: `${vendor}/payouts` },
    'GET /vendors/{id}/payouts/{payoutId}': { as: 'owner', path: `${vendor}/payouts/${payoutId}` },
    'GET /vendors/{id}/payout-account': { as: 'owner', path: `${vendor}/payout-account` },
    'GET /orders': { as: 'customer', path: '/orders' },
    'GET /orders/{id}': { as: 'customer', path: `/orders/${orderId}` },
    'GET /licenses': { as: 'customer', path: '/licenses' },
    'GET /licenses/{id}': { as: 'customer', path: `/licenses/${licenseId}` },
    'GET /files/{token}': { as: 'nobody', path: filePath },
    'GET /coupons': { as: 'owner', path: '/coupons' },
    'GET /audit/events': { as: 'auditor', path: '/audit/events' },
    'GET /audit/streams': { as: 'auditor', path: `/audit/streams?q=${orderId}` },
    'GET /audit/streams/{stream}': { as: 'auditor', path: `/audit/streams/order-${orderId}` },
    'GET /operator/projections': { as: 'operator', path: '/operator/projections' },
    'GET /operator/projections/{name}': { as: 'operator', path: '/operator/projections/orders' },
  };
};

const commands = (world: MarketWorld): Readonly<Record<string, ExampleRequest>> => {
  const { customer, stranger, owner, productId, draftId, orderId, lineId, licenseId, licenseKey, payoutId } = world;
  const vendor = `/vendors/${owner.vendorId}`;
  const reason = { reason: 'because' };
  const item = { productId, tierId: 'standard', quantity: 1, expectedPrice: price };
  const { tags: _, ...changes } = draft;
  return {
    'POST /auth/register': {
      ...{ as: 'nobody', path: '/auth/register' },
      body: { email: 'new@example.test', password: 'a long enough passphrase', displayName: 'New' },
    },
    'POST /auth/login': {
      ...{ as: 'nobody', path: '/auth/login' },
      body: { email: customer.email, password: 'a long enough passphrase 42' },
    },
    'POST /auth/refresh': { as: 'nobody', path: '/auth/refresh', body: { refreshToken: 'none' } },
    'POST /auth/logout': { as: 'customer', path: '/auth/logout', body: {} },
    'PUT /accounts/{id}/roles': { as: 'admin', path: `/accounts/${stranger.id}/roles`, body: { roles: ['customer'] } },
    'POST /vendors': {
      ...{ as: 'customer', path: '/vendors' },
      body: { displayName: 'A shop', country: 'DE', defaultCurrency: 'USD' },
    },
    'POST /vendors/{id}/approve': { as: 'admin', path: `${vendor}/approve`, body: reason },
    'POST /vendors/{id}/suspend': { as: 'admin', path: `${vendor}/suspend`, body: reason },
    'POST /vendors/{id}/reinstate': { as: 'admin', path: `${vendor}/reinstate`, body: reason },
    'PUT /vendors/{id}/payout-account': { as: 'owner', path: `${vendor}/payout-account`, body: { token: 'ba_ok' } },
    'POST /vendors/{id}/payouts': { as: 'owner', path: `${vendor}/payouts`, body: { amount: price } },
    'POST /vendors/{id}/payouts/{payoutId}/cancel': {
      as: 'owner',
      path: `${vendor}/payouts/${payoutId}/cancel`,
      body: {},
    },
    'POST /products': { as: 'owner', path: '/products', body: draft },
    'POST /products/import': {
      ...{ as: 'owner', path: '/products/import' },
      raw: {
        payload: Buffer.from(`${JSON.stringify({ ...draft, ref: 'a-1' })}\n`),
        headers: { 'content-type': 'application/x-ndjson' },
      },
    },
    'PATCH /products/{id}': { as: 'owner', path: `/products/${draftId}`, body: changes },
    'POST /products/{id}/versions': {
      as: 'owner',
      path: `/products/${draftId}/versions`,
      raw: upload(workflowFile('w')),
    },
    'POST /products/{id}/submit': { as: 'owner', path: `/products/${draftId}/submit`, body: {} },
    'POST /products/{id}/retire': { as: 'owner', path: `/products/${draftId}/retire`, body: {} },
    'POST /products/{id}/versions/{version}/yank': {
      ...{ as: 'owner', path: `/products/${productId}/versions/1.0.0/yank` },
      body: reason,
    },
    'POST /products/{id}/approve': { as: 'admin', path: `/products/${productId}/approve`, body: reason },
    'POST /products/{id}/reject': { as: 'admin', path: `/products/${productId}/reject`, body: reason },
    'POST /products/{id}/suspend': { as: 'admin', path: `/products/${productId}/suspend`, body: reason },
    'POST /coupons': {
      ...{ as: 'owner', path: '/coupons' },
      body: {
        code: 'AUTUMN-5',
        amountOff: price,
        maxRedemptions: 10,
        perCustomer: 1,
        productIds: [productId],
        startsAt: '2026-01-01T00:00:00Z',
        endsAt: '2027-01-01T00:00:00Z',
      },
    },
    'DELETE /coupons/{code}': { as: 'owner', path: '/coupons/SPRING-10', body: {} },
    'POST /orders': {
      ...{ as: 'customer', path: '/orders' },
      body: {
        items: [item],
        couponCode: 'SPRING-10',
        paymentMethod: 'pm_card_visa',
        billing: { country: 'DE', vatId: 'DE123456789', name: 'A company' },
      },
    },
    'POST /orders/{id}/confirm': { as: 'customer', path: `/orders/${orderId}/confirm`, body: {} },
    'POST /orders/{id}/cancel': { as: 'customer', path: `/orders/${orderId}/cancel`, body: {} },
    'POST /orders/{id}/refunds': {
      ...{ as: 'admin', path: `/orders/${orderId}/refunds` },
      body: { lines: [{ lineId, amount: 100 }], reason: 'sorry' },
    },
    'POST /licenses/{id}/activations': {
      ...{ as: 'customer', path: `/licenses/${licenseId}/activations` },
      body: { machine: 'desk-1', name: 'The desk', key: licenseKey },
    },
    'DELETE /licenses/{id}/activations/{machine}': {
      ...{ as: 'customer', path: `/licenses/${licenseId}/activations/laptop-1` },
      body: {},
    },
    'POST /licenses/validate': {
      ...{ as: 'nobody', path: '/licenses/validate' },
      body: { key: licenseKey, productId, machine: 'laptop-1' },
    },
    'POST /downloads': { as: 'customer', path: '/downloads', body: { licenseId, version: '1.0.0' } },
    'POST /operator/projections/{name}/rebuild': {
      ...{ as: 'operator', path: '/operator/projections/orders/rebuild' },
      body: reason,
    },
    'POST /simulator/webhooks': {
      ...{ as: 'admin', path: '/simulator/webhooks' },
      body: { delayMs: 0, copies: 1, shuffle: false },
    },
    'POST /webhooks/payments': {
      ...{ as: 'nobody', path: '/webhooks/payments' },
      raw: { payload: Buffer.from('{}'), headers: { 'content-type': 'application/json' } },
    },
  };
};

/** One right request for every route that there is, by the route's key in the API document. */
export const exampleRequests = (world: MarketWorld): Readonly<Record<string, ExampleRequest>> => ({
  ...reads(world),
  ...commands(world),
});
