import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  approvedVendor,
  type Client,
  clientOf,
  type OnSale,
  orderOf,
  type Person,
  published,
  registered,
  settled,
  signInAdministrator,
  type VendorPerson,
  withRole,
} from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
let stranger: Client;
let admin: Client;
let vendor: VendorPerson;
let buyer: Person;
let operator: Person;
let products: readonly [OnSale, OnSale];

beforeAll(async () => {
  system = await startTestSystem();
  stranger = clientOf(system);
  vendor = await approvedVendor(system, 'alpha');
  buyer = await registered(system, 'buyer');
  operator = await withRole(system, 'operator', 'operator');
  admin = await signInAdministrator(system);
  products = [await published(system, vendor), await published(system, vendor, { title: 'Mail digest' })];
});
afterAll(() => system.dispose());

const commands = {
  reprice: async (n: number) =>
    vendor.ok('PATCH', `/products/${products[0].id}`, { price: { amount: 1_000 + n, currency: 'USD' } }),
  rename: async (n: number) => vendor.ok('PATCH', `/products/${products[1].id}`, { title: `Digest ${n}` }),
  suspendVendor: async () => admin.ok('POST', `/vendors/${vendor.vendorId}/suspend`, { reason: 'why not' }),
  reinstateVendor: async () => admin.ok('POST', `/vendors/${vendor.vendorId}/reinstate`, { reason: 'why not' }),
  draft: async (n: number) =>
    vendor.ok('POST', '/products', {
      ...{ title: `Draft ${n}`, description: 'Not yet.', kind: 'other', category: 'Finance', tags: [] },
      price: { amount: 100, currency: 'USD' },
    }),
  buy: async () => {
    const { body } = await stranger.call('GET', `/products/${products[1].id}`);
    if (body.price === undefined) return undefined;
    const placed = await buyer.ok('POST', '/orders', orderOf([products[1]]));
    await settled(system, buyer, placed.id, ['fulfilled']);
    return placed;
  },
  rebuild: async () => operator.ok('POST', '/operator/projections/catalogue/rebuild', { reason: 'to see' }),
} as const satisfies Record<string, (n: number) => Promise<Record<string, unknown> | undefined>>;
type Name = keyof typeof commands;

const addresses = () => [
  ...['/products', '/products?sort=price', '/products?sort=bestselling&limit=1', '/search?q=sorter', '/search'],
  ...products.map(({ id }) => `/products/${id}`),
];
const seen = ({ status, body, headers }: Awaited<ReturnType<Client['call']>>) =>
  status === 200 ? { status, body, etag: headers.etag } : { status, code: body.code };

/** Refusals (a vendor that is not suspended can't be reinstated) change nothing, which must show as well. */
const told = async (name: Name, n: number): Promise<string | undefined> => {
  try {
    const position = (await commands[name](n))?.position;
    return typeof position === 'string' ? position : undefined;
  } catch {
    return undefined;
  }
};

it('shows strangers, after any command, what is read anew for them', async () => {
  const names = Object.keys(commands).filter((name): name is Name => name in commands);
  const step = fc.record({ name: fc.constantFrom(...names), n: fc.nat(1_000) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 10 }), async (steps) => {
      for (const { name, n } of steps) {
        for (const address of addresses()) await stranger.call('GET', address); // what may be remembered is
        const position = (await told(name, n)) ?? '0';
        for (const address of addresses()) {
          const anew = await stranger.call('GET', address, undefined, { headers: { 'x-min-position': position } });
          const asked = await stranger.call('GET', address);
          const again = await stranger.call('GET', address);
          expect(seen(asked), `${name}: ${address}`).toEqual(seen(anew));
          expect(seen(again), `${name}, again: ${address}`).toEqual(seen(anew));
        }
      }
    }),
    { numRuns: 4 },
  );
});

it('shows nobody what was remembered for another', async () => {
  const path = `/products/${products[0].id}`;
  await told('reinstateVendor', 0);
  await stranger.ok('GET', path);
  expect((await stranger.ok('GET', path)).reasons).toBeUndefined();
  expect((await vendor.ok('GET', path)).reasons).toEqual([]);
  expect((await stranger.ok('GET', path)).reasons).toBeUndefined();
  await told('suspendVendor', 0);
  expect((await vendor.call('GET', path)).status).toBe(200);
  await system.until('gone', async () => (await stranger.call('GET', path)).status === 404);
  expect((await vendor.call('GET', path)).status).toBe(200);
});
