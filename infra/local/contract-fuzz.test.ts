import { afterAll, beforeAll, expect, test } from 'vitest';
import { definitions } from '../../projections/definitions.ts';
import { auditProjection } from '../../projections/engine/source.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { allowedBy } from './allowed-answers.ts';
import { type Operation, operationsOf } from './api-document.ts';
import { exampleRequests } from './example-requests.ts';
import { type GeneratedRequest, type Pools, requestGenerator } from './request-generator.ts';
import { type Client, registered, signIn, signInAdministrator, upload, workflowFile } from './test-client.ts';
import { type Caller, callers, draft, type MarketWorld, price, startMarketWorld } from './test-world.ts';

const cases = Number(process.env.FUZZ_CASES ?? 6_000);
const seed = Number(process.env.FUZZ_SEED ?? 20_261_121);

let world: MarketWorld;
let operations: readonly Operation[];
let faultOf: ReturnType<typeof allowedBy>;
beforeAll(async () => {
  world = await startMarketWorld();
  operations = await operationsOf(world.system);
  faultOf = allowedBy((await world.system.app.inject('/openapi.json')).json());
});
afterAll(() => world.system.dispose());

/** Half of what is asked for names things that are there, of the right kind; answers add to it. */
const poolsOf = (doomedId: unknown) => {
  const { productId, slug, draftId, orderId, lineId, licenseId, licenseKey, payoutId, filePath } = world;
  const { owner, otherVendorId, customer, stranger } = world;
  const drafts: unknown[] = [draftId];
  return {
    id: [productId, orderId, licenseId, owner.vendorId, payoutId],
    idOrSlug: [productId, slug, draftId, owner.vendorId, 'owner', 'nothing'],
    'accounts/id': [stranger.id],
    'vendors/id': [owner.vendorId],
    'products/id': [productId, draftId],
    'orders/id': [orderId] as unknown[],
    'licenses/id': [licenseId],
    'reviews/id': [world.reviewId],
    'notifications/id': [world.notificationId],
    payoutId: [payoutId] as unknown[],
    productId: [productId],
    licenseId: [licenseId],
    lineId: [lineId],
    version: ['1.0.0', '2.0.0-rc.1', '1.0', 'latest'],
    machine: ['laptop-1', 'desk 1', '../..'],
    code: ['AUTUMN-5', 'WINTER-5', 'NO'],
    couponCode: ['SPRING-10', 'AUTUMN-5'],
    name: ['orders', 'search', 'catalogue', 'nothing'],
    key: [licenseKey],
    q: ['invoice', 'sorter mail', '"', '*', 'NOT', orderId],
    stream: [`order-${orderId}`, `product-${productId}`, 'order-', '-', '$all'],
    token: [filePath.split('/').at(-1), 'a.b'],
    currency: ['USD', 'JPY', 'EUR', 'XXX'],
    country: ['DE', 'US', 'XX'],
    defaultCurrency: ['USD', 'JPY'],
    email: ['fuzz-1@example.test', 'fuzz-2@example.test', customer.email],
    password: ['a long enough passphrase 42', 'short'],
    paymentMethod: [
      'pm_card_visa',
      'pm_card_chargeDeclined',
      'pm_card_authenticationRequired',
      'pm_card_createDispute',
      'pm_unknownOutcome',
      'pm_none',
    ],
    cursor: ['x', Buffer.from('{"l":"orders","v":[1e999],"i":"a"}').toString('base64url')],
    expectedPrice: [price],
    items: [{ productId, quantity: 1, expectedPrice: price }],
    amount: [{ amount: 1, currency: 'USD' }],
    // What ends a thing is done to things that nothing else needs.
    'POST /vendors/{id}/suspend': [otherVendorId],
    'PATCH /products/{id}': drafts,
    'POST /products/{id}/submit': drafts,
    'POST /products/{id}/retire': [doomedId],
    'POST /products/{id}/reject': drafts,
    'POST /products/{id}/suspend': drafts,
    'POST /products/{id}/versions/{version}/yank': drafts,
    'POST /products/{id}/versions': drafts,
  } satisfies Pools;
};

/** What a success adds to which pool. */
const madeBy: Readonly<Record<string, 'PATCH /products/{id}' | 'orders/id' | 'payoutId'>> = {
  'POST /products': 'PATCH /products/{id}',
  'POST /orders': 'orders/id',
  'POST /vendors/{id}/payouts': 'payoutId',
};

/** Who does this is another person afterwards, or none: it is done by persons that nothing else needs. */
const changesThePerson = ['PATCH /me', 'DELETE /me'];

test(`${cases} generated requests get answers that the document allows, and nothing behind the door breaks`, {
  timeout: 120_000,
}, async () => {
  const { system } = world;
  const random = seededRandom(seed, system.clock);
  const pools = poolsOf((await world.owner.ok('POST', '/products', draft)).id);
  const examples = exampleRequests(world);
  const generate = requestGenerator(random.fraction, pools);
  const clients: Record<Caller, Client> = { ...world.as };
  const signInAgain = async (caller: Caller): Promise<void> => {
    if (caller === 'admin') clients.admin = await signInAdministrator(system);
    else clients[caller] = await signIn(system, `${caller === 'otherVendor' ? 'other' : caller}@example.test`);
  };

  let doomedEver = 0;
  let doomed: Client = await registered(system, 'doomed');
  /** Undefined: it was broken off. */
  const answer = ({ headers, ...request }: GeneratedRequest, { token }: Client) => {
    const credentials = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return system.app.inject({ ...request, headers: { ...headers, ...credentials } }).catch(() => undefined);
  };

  /** The first request of each. */
  const faults = new Map<string, string>();
  const done = new Set<string>();
  for (let i = 0; i < cases; i += 1) {
    const operation = operations[Math.floor(random.fraction() * operations.length)];
    const right = random.fraction() < 0.6 ? examples[operation?.key ?? '']?.as : undefined;
    const caller = right ?? callers[Math.floor(random.fraction() * callers.length)];
    if (operation === undefined || caller === undefined) throw new Error('nothing to choose from');
    const request =
      operation.key === 'POST /products/{id}/versions'
        ? { ...generate(operation), ...upload(workflowFile('w'), `1.0.${i}`) }
        : generate(operation);
    const isDoomed = caller !== 'nobody' && changesThePerson.includes(operation.key);
    const response = await answer(request, isDoomed ? doomed : clients[caller]);
    if (isDoomed && response?.statusCode === 401) doomed = await registered(system, `doomed-${++doomedEver}`);
    const fault = response === undefined ? 'broke off its answer' : faultOf(operation, response);
    if (fault !== undefined) faults.set(`${operation.key} ${fault}`, `as ${caller}: ${JSON.stringify(request)}`);
    if (response === undefined) continue;
    if (response.statusCode < 300) done.add(operation.key);
    if (response.statusCode === 401 && caller !== 'nobody' && !isDoomed && operation.responses['200'] !== undefined)
      await signInAgain(caller);
    const made = madeBy[operation.key];
    if (made !== undefined && response.statusCode < 300) pools[made].push(response.json().id);
    if (i % 20 === 0) await system.clock.advance(100);
  }
  expect([...faults]).toEqual([]);
  // Refusals alone would prove little: most routes must have done what they are for.
  const undone = operations.filter(({ key }) => !done.has(key)).map(({ key }) => key);
  expect(undone.length, `only refused: ${undone.join(', ')}`).toBeLessThan(operations.length / 5);

  // What the fuzzer paused goes on.
  await signInAgain('operator');
  for (const name of [...definitions.map((definition) => definition.name), auditProjection])
    await clients.operator.call('POST', `/operator/projections/${name}/resume`);
  await world.quiet();
  await signInAgain('operator');
  const { items } = await clients.operator.ok('GET', '/operator/projections');
  expect(items).toEqual(
    Array.from({ length: (items as unknown[]).length }, () =>
      expect.objectContaining({ state: 'live', lastError: null }),
    ),
  );
  await signInAgain('auditor');
  expect((await clients.auditor.call('GET', '/audit/events?limit=100')).status).toBe(200);
});
