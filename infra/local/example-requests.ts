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
  const { owner, productId, slug, orderId, correlationId, licenseId, payoutId, filePath } = world;
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
    'GET /vendors/{id}/balance/series': { as: 'owner', path: `${vendor}/balance/series` },
    'GET /vendors/{id}/statements': { as: 'owner', path: `${vendor}/statements` },
    'GET /vendors/{id}/statements/{period}': { as: 'owner', path: `${vendor}/statements/2026-10` },
    'GET /vendors/{id}/payouts': { as: 'owner', path: `${vendor}/payouts` },
    'GET /vendors/{id}/payouts/{payoutId}': { as: 'owner', path: `${vendor}/payouts/${payoutId}` },
    'GET /vendors/{id}/payout-account': { as: 'owner', path: `${vendor}/payout-account` },
    'GET /orders': { as: 'customer', path: '/orders' },
    'GET /orders/{id}': { as: 'customer', path: `/orders/${orderId}` },
    'GET /orders/{id}/invoice': { as: 'customer', path: `/orders/${orderId}/invoice` },
    'GET /licenses': { as: 'customer', path: '/licenses' },
    'GET /licenses/{id}': { as: 'customer', path: `/licenses/${licenseId}` },
    'GET /files/{token}': { as: 'nobody', path: filePath },
    'GET /coupons': { as: 'owner', path: '/coupons' },
    'GET /products/{id}/reviews': { as: 'nobody', path: `/products/${productId}/reviews` },
    'GET /vendors/{id}/reviews': { as: 'owner', path: `${vendor}/reviews` },
    'GET /notifications': { as: 'customer', path: '/notifications' },
    'GET /audit/events': { as: 'auditor', path: '/audit/events' },
    'GET /audit/proof': { as: 'auditor', path: '/audit/proof' },
    'GET /audit/streams/{stream}/diff': { as: 'auditor', path: `/audit/streams/order-${orderId}/diff?from=0` },
    'GET /audit/correlations/{id}': { as: 'auditor', path: `/audit/correlations/${correlationId}` },
    'GET /audit/read-models/{projection}/{documentId}': { as: 'auditor', path: `/audit/read-models/orders/${orderId}` },
    'GET /audit/streams': { as: 'auditor', path: `/audit/streams?q=${orderId}` },
    'GET /audit/streams/{stream}': { as: 'auditor', path: `/audit/streams/order-${orderId}` },
    'GET /operator/projections': { as: 'operator', path: '/operator/projections' },
    'GET /operator/projections/{name}': { as: 'operator', path: '/operator/projections/orders' },
    'GET /operator/dead-letters': { as: 'operator', path: '/operator/dead-letters' },
    'GET /operator/sagas': { as: 'operator', path: '/operator/sagas' },
    'GET /operator/engines': { as: 'operator', path: '/operator/engines' },
    // A topic that is none: one that is would be answered for ever.
    'GET /live': { as: 'customer', path: '/live?topics=weather' },
    'GET /metrics': { as: 'nobody', path: '//metrics' },
    'GET /cart': { as: 'customer', path: '/cart' },
    'GET /disputes': { as: 'owner', path: '/disputes' },
    'GET /vendors/{id}/orders': { as: 'owner', path: `${vendor}/orders` },
    'GET /vendors/{id}/stats': { as: 'owner', path: `${vendor}/stats` },
    'GET /operator/outbox': { as: 'operator', path: '/operator/outbox' },
    'GET /me/sessions': { as: 'customer', path: '/me/sessions' },
    'GET /api-keys': { as: 'customer', path: '/api-keys' },
  };
};

const unknownId = '7d4c1c3e-4c1a-4b53-9a43-3d1f1a0b2c4d';

const ofPeople: Readonly<Record<string, ExampleRequest>> = {
  'POST /auth/email/verify': { as: 'nobody', path: '/auth/email/verify', body: { token: 'none' } },
  'POST /auth/password/forgot': { as: 'nobody', path: '/auth/password/forgot', body: { email: 'who@example.test' } },
  'POST /auth/password/reset': {
    ...{ as: 'nobody', path: '/auth/password/reset' },
    body: { token: 'none', password: 'a long enough passphrase' },
  },
  'PATCH /me': { as: 'customer', path: '/me', body: { displayName: 'Another name', email: 'another@example.test' } },
  'PUT /me/password': {
    ...{ as: 'customer', path: '/me/password' },
    body: { oldPassword: 'not the passphrase', newPassword: 'a long enough passphrase' },
  },
  'DELETE /me/sessions/{id}': { as: 'customer', path: `/me/sessions/${unknownId}` },
  'POST /api-keys': {
    ...{ as: 'customer', path: '/api-keys' },
    body: { name: 'A job', scopes: ['read'], expiresAt: '2027-01-01T00:00:00Z' },
  },
  'DELETE /api-keys/{id}': { as: 'customer', path: `/api-keys/${unknownId}`, body: {} },
  'DELETE /me': { as: 'stranger', path: '/me', body: {} },
};

const commands = (world: MarketWorld): Readonly<Record<string, ExampleRequest>> => {
  const { customer, stranger, owner, productId, draftId, orderId, lineId, licenseId, licenseKey, payoutId, requestId } =
    world;
  const { reviewId, notificationId } = world;
  const vendor = `/vendors/${owner.vendorId}`;
  const reason = { reason: 'because' };
  const item = { productId, tierId: 'standard', quantity: 1, expectedPrice: price };
  const { tags: _, ...changes } = draft;
  return {
    'POST /audit/unseal': {
      as: 'auditor',
      path: '/audit/unseal',
      body: { stream: `account-${customer.id}`, revision: '0', path: 'email', reason: 'Ticket 4711' },
    },
    'POST /audit/verify': { as: 'auditor', path: '/audit/verify', body: { from: '0' } },
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
    'POST /products/{id}/reviews': {
      ...{ as: 'customer', path: `/products/${productId}/reviews` },
      body: { stars: 5, title: 'Very good', body: 'Works every day.' },
    },
    'POST /reviews/{id}/reply': { as: 'owner', path: `/reviews/${reviewId}/reply`, body: { body: 'Thank you.' } },
    'POST /notifications/{id}/read': { as: 'customer', path: `/notifications/${notificationId}/read`, body: {} },
    'POST /downloads': { as: 'customer', path: '/downloads', body: { licenseId, version: '1.0.0' } },
    'POST /operator/projections/{name}/rebuild': {
      ...{ as: 'operator', path: '/operator/projections/orders/rebuild' },
      body: reason,
    },
    ...Object.fromEntries(
      ['pause', 'resume', 'cancel', 'rollback', 'drop'].map((verb) => [
        `POST /operator/projections/{name}/${verb}`,
        { as: 'operator', path: `/operator/projections/licenses/${verb}`, body: {} } as const,
      ]),
    ),
    'POST /operator/dead-letters/{id}/replay': {
      ...{ as: 'operator', path: `/operator/dead-letters/${orderId}/replay` },
      body: reason,
    },
    'POST /operator/dead-letters/{id}/discard': {
      ...{ as: 'operator', path: `/operator/dead-letters/${orderId}/discard` },
      body: reason,
    },
    'POST /operator/sagas/{id}/retry': {
      ...{ as: 'operator', path: `/operator/sagas/checkout:${orderId}/retry` },
      body: {},
    },
    'POST /operator/sagas/{id}/resolve': {
      ...{ as: 'operator', path: `/operator/sagas/checkout:${orderId}/resolve` },
      body: { outcome: 'refunded', ...reason },
    },
    'POST /simulator/webhooks': {
      ...{ as: 'admin', path: '/simulator/webhooks' },
      body: { delayMs: 0, copies: 1, shuffle: false },
    },
    'POST /orders/quote': {
      ...{ as: 'customer', path: '/orders/quote' },
      body: { items: [item], couponCode: 'SPRING-10', billing: { country: 'DE' } },
    },
    'POST /orders/{id}/refund-requests': {
      ...{ as: 'customer', path: `/orders/${orderId}/refund-requests` },
      body: reason,
    },
    'POST /orders/{id}/refund-requests/{requestId}/refuse': {
      ...{ as: 'owner', path: `/orders/${orderId}/refund-requests/${requestId}/refuse` },
      body: reason,
    },
    'POST /orders/{id}/dispute/evidence': {
      ...{ as: 'owner', path: `/orders/${orderId}/dispute/evidence` },
      body: { text: 'It was downloaded twice.' },
    },
    'PUT /cart/items/{productId}': {
      ...{ as: 'customer', path: `/cart/items/${productId}` },
      body: { tierId: 'standard', quantity: 2 },
    },
    'DELETE /cart/items/{productId}': { as: 'customer', path: `/cart/items/${productId}`, body: {} },
    'PATCH /vendors/{id}': {
      ...{ as: 'owner', path: vendor },
      body: { displayName: 'Another name', country: 'FR', defaultCurrency: 'EUR' },
    },
    'POST /webhooks/payments': {
      ...{ as: 'nobody', path: '/webhooks/payments' },
      raw: { payload: Buffer.from('{}'), headers: { 'content-type': 'application/json' } },
    },
    ...ofPeople,
  };
};

/** One right request for every route that there is, by the route's key in the API document. */
export const exampleRequests = (world: MarketWorld): Readonly<Record<string, ExampleRequest>> => ({
  ...reads(world),
  ...commands(world),
});
