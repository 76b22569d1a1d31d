import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiKeyScope, apiKeyScopes } from '../../domain/account/api-key.ts';
import { apiTags } from '../http/port.ts';
import { type Operation, operationsOf } from './api-document.ts';
import { approvedVendor, type Client } from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
let vendor: Client;
let operations: readonly Operation[];
beforeAll(async () => {
  system = await startTestSystem();
  vendor = await approvedVendor(system, 'shop');
  operations = await operationsOf(system);
});
afterAll(() => system.dispose());

/** What a vendor's key with one scope may command, beside what is open to anyone: everything, and nothing else. */
const commandsOf: Readonly<Record<ApiKeyScope, string>> = {
  read: '',
  products: `
    POST /vendors
    PATCH /vendors/{id}
    POST /products
    PATCH /products/{id}
    POST /products/{id}/versions
    POST /products/{id}/submit
    POST /products/{id}/retire
    POST /products/{id}/versions/{version}/yank
    POST /products/import`,
  orders: `
    PUT /cart/items/{productId}
    DELETE /cart/items/{productId}
    POST /orders/quote
    POST /orders
    POST /orders/{id}/confirm
    POST /orders/{id}/cancel
    POST /orders/{id}/refunds
    POST /orders/{id}/refund-requests
    POST /orders/{id}/refund-requests/{requestId}/refuse
    POST /orders/{id}/dispute/evidence
    POST /coupons
    DELETE /coupons/{code}
    POST /products/{id}/reviews
    POST /reviews/{id}/reply`,
  licenses: `
    DELETE /licenses/{id}/activations/{machine}
    POST /downloads`,
  money: `
    PUT /vendors/{id}/payout-account
    POST /vendors/{id}/payouts
    POST /vendors/{id}/payouts/{payoutId}/cancel`,
  admin: '',
  auditor: '',
  operator: '',
};

const nowhere = '00000000-0000-4000-8000-000000000000';
/** Whether the scopes reach the route; what is asked for is not there, so that nothing comes of it. */
const reaches = async (key: unknown, { method, path }: Operation): Promise<boolean> => {
  const { statusCode, body } = await system.app.inject({
    method,
    url: path.replace(/\{\w+\}/g, nowhere),
    headers: { 'x-api-key': String(key), 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { payload: '{"surprise":1}' }),
  });
  return statusCode !== 401 && statusCode !== 403 && !body.includes('SCOPE_MISSING');
};
const keyWith = async (scope: ApiKeyScope): Promise<unknown> =>
  (await vendor.ok('POST', '/api-keys', { name: scope, scopes: [scope] })).key;

test.each(apiKeyScopes)(
  "a vendor's key with the scope `%s` commands what is listed, and nothing else",
  async (scope) => {
    const guarded = operations.filter(({ method, security }) => method !== 'GET' && security !== undefined);
    const key = await keyWith(scope);
    const reached: string[] = [];
    for (const operation of guarded) if (await reaches(key, operation)) reached.push(operation.key);
    const expected = commandsOf[scope].split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
    expect(reached.toSorted()).toEqual(expected.toSorted());
  },
);

test('every route belongs to one part of the API that we know', () => {
  const strange = operations.filter(({ tags }) => tags.length !== 1 || !Object.hasOwn(apiTags, tags[0] ?? ''));
  expect(strange.map(({ key, tags }) => `${key}: ${tags}`)).toEqual([]);
});
