import {
  approvedVendor,
  type Client,
  clientOf,
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

/** Who may stand at the door. `customer` bought from `owner`; `stranger` and `otherVendor` have nothing to do with it. */
export const callers = [
  'nobody',
  'customer',
  'stranger',
  'owner',
  'otherVendor',
  'admin',
  'auditor',
  'operator',
] as const;
export type Caller = (typeof callers)[number];

/** A market in which everything happened once: one sale, its licence with one machine, a coupon, a payout. */
export type MarketWorld = {
  readonly system: TestSystem;
  readonly as: Readonly<Record<Caller, Client>>;
  readonly customer: Person;
  readonly stranger: Person;
  readonly owner: VendorPerson;
  readonly otherVendorId: string;
  readonly productId: string;
  readonly slug: string;
  readonly draftId: string;
  readonly orderId: string;
  readonly lineId: string;
  readonly licenseId: string;
  readonly licenseKey: string;
  readonly payoutId: string;
  /** Path and query of a live download link, below the base path. */
  readonly filePath: string;
  /** Lets everything that is under way come to its end. */
  readonly quiet: () => Promise<void>;
};

export const price = { amount: 1999, currency: 'USD' };
export const draft = {
  title: 'Lead router',
  summary: 'Routes leads.',
  description: 'Routes leads to people.',
  kind: 'n8n-workflow',
  category: 'Sales',
  tags: ['crm'],
  integrations: ['slack'],
  price,
  licenseTiers: [{ id: 'solo', name: 'Solo', price, activationLimit: 3, validDays: 365 }],
  stock: 5,
};

const text = (value: unknown): string => {
  if (typeof value !== 'string') throw new Error(`not a text: ${JSON.stringify(value)}`);
  return value;
};
const first = (list: unknown): Record<string, unknown> => {
  if (!Array.isArray(list) || list.length === 0) throw new Error(`empty: ${JSON.stringify(list)}`);
  return list[0];
};

/** Quiet: nothing was appended for three seconds of the system's time. */
const untilQuiet = async ({ ports, clock }: TestSystem): Promise<void> => {
  for (let still = 0; still < 30; ) {
    const before = await ports.store.head();
    await clock.advance(100);
    still = (await ports.store.head()) === before ? still + 1 : 0;
  }
};

/** Starts a system and lets the sale happen. Dispose of `system` afterwards. */
export const startMarketWorld = async (): Promise<MarketWorld> => {
  const system = await startTestSystem({ env: { SETTLEMENT_DELAY_S: '0' } });
  const quiet = () => untilQuiet(system);
  const owner = await approvedVendor(system, 'owner');
  const otherVendor = await approvedVendor(system, 'other');
  const customer = await registered(system, 'customer');
  const stranger = await registered(system, 'stranger');
  const auditor = await withRole(system, 'auditor', 'auditor');
  const operator = await withRole(system, 'operator', 'operator');
  const admin = await signInAdministrator(system);

  const product = await published(system, owner);
  const { slug } = await owner.ok('GET', `/products/${product.id}`);
  const draftId = text((await owner.ok('POST', '/products', draft)).id);
  await owner.ok('POST', '/coupons', { code: 'SPRING-10', percentOff: 10 });
  const { id: orderId } = await customer.ok('POST', '/orders', orderOf([product]));
  const order = await settled(system, customer, orderId, ['fulfilled']);
  const license = await system.until(
    'licence',
    async () => first((await customer.ok('GET', '/licenses')).items) as { id: unknown; key: unknown },
  );
  await customer.ok('POST', `/licenses/${text(license.id)}/activations`, { machine: 'laptop-1' });
  const { url } = await customer.ok('POST', '/downloads', { licenseId: license.id });
  await system.until('money', async () => {
    const { items } = await owner.ok('GET', `/vendors/${owner.vendorId}/balance`);
    return Array.isArray(items) && items[0]?.available > 0;
  });
  const payout = await owner.ok('POST', `/vendors/${owner.vendorId}/payouts`, {
    amount: { amount: 100, currency: 'USD' },
  });
  await quiet();
  return {
    ...{ system, customer, stranger, owner, draftId, quiet },
    as: { nobody: clientOf(system), customer, stranger, owner, otherVendor, admin, auditor, operator },
    otherVendorId: otherVendor.vendorId,
    productId: product.id,
    slug: text(slug),
    orderId: text(orderId),
    lineId: text(first(order.lines).id),
    licenseId: text(license.id),
    licenseKey: text(license.key),
    payoutId: text(payout.id),
    filePath: text(url).replace('/api/v1', ''),
  };
};
