import { upload, workflowFile } from '../../local/test-client.ts';
import { type Answer, type Call, type Client, emailOf, password } from './client.ts';

/** A product on sale. Amounts in cents. */
export type Ware = {
  readonly productId: string;
  readonly vendor: string;
  readonly vendorId: string;
  readonly price: number;
  readonly limited: boolean;
};

/** What the persons of the market know when it opens. */
export type Market = {
  readonly wares: readonly Ware[];
  readonly coupons: readonly string[];
  readonly accountIds: ReadonlyMap<string, string>;
};

export const buyers = ['ann', 'bob', 'cleo', 'dora'] as const;
export const vendors = ['alpha', 'beta', 'gamma'] as const;
const payoutAccounts = { alpha: 'ba_ok', beta: 'ba_failed', gamma: 'ba_returned' } as const;
const stockOf = { alpha: undefined, beta: 4, gamma: undefined } as const;
const priceOf = { alpha: 1999, beta: 2501, gamma: 333 } as const;
export const coupons = ['TENTH', 'FEW'] as const;

const textOf = (answer: Answer, field: string): string => {
  const value = answer[field];
  if (typeof value !== 'string') throw new Error(`no ${field} in ${JSON.stringify(answer)}`);
  return value;
};

/** Says it until it is done. @throws Error when it is refused: nothing is in the way of an opening market */
const done = async (client: Client, by: string | undefined, call: Call): Promise<Answer> => {
  const { status, body } = await client.call(by, call);
  if (status === 0 || status >= 300) throw new Error(`${call.method} ${call.path}: ${status} ${JSON.stringify(body)}`);
  return body;
};

const register = async (client: Client, name: string): Promise<string> =>
  textOf(
    await done(client, undefined, {
      ...{ method: 'POST', path: '/auth/register' },
      body: { email: emailOf(name), password, displayName: `${name} of the market` },
    }),
    'id',
  );

const openShop = async (client: Client, vendor: (typeof vendors)[number]): Promise<Ware> => {
  const post = (by: string, path: string, body: unknown = {}) => done(client, by, { method: 'POST', path, body });
  const shop = { displayName: `Shop ${vendor}`, country: 'DE', defaultCurrency: 'USD' };
  const vendorId = textOf(await post(vendor, '/vendors', shop), 'id');
  await post('admin', `/vendors/${vendorId}/approve`);
  client.signOut(vendor);
  await done(client, vendor, {
    ...{ method: 'PUT', path: `/vendors/${vendorId}/payout-account` },
    body: { token: payoutAccounts[vendor] },
  });
  const [price, stock] = [priceOf[vendor], stockOf[vendor]];
  const listing = {
    ...{ title: `Sorter of ${vendor}`, description: 'Sorts invoices.', kind: 'n8n-workflow', category: 'Finance' },
    ...{
      tags: [],
      licenseTiers: [{ id: 'solo', name: 'Solo', price: { amount: price, currency: 'USD' }, activationLimit: 2 }],
    },
    ...(stock === undefined ? {} : { stock }),
    price: { amount: price, currency: 'USD' },
  };
  const productId = textOf(await post(vendor, '/products', listing), 'id');
  await done(client, vendor, {
    ...{ method: 'POST', path: `/products/${productId}/versions` },
    raw: upload(workflowFile(vendor), '1.0.0'),
  });
  await post(vendor, `/products/${productId}/submit`);
  await post('admin', `/products/${productId}/approve`, { reason: 'fine' });
  for (let looks = 0; looks < 200; looks++) {
    const { status } = await client.call(undefined, { method: 'GET', path: `/products/${productId}` });
    if (status === 200) return { productId, vendor, vendorId, price, limited: stock !== undefined };
    await client.pause(300);
  }
  throw new Error(`the product of ${vendor} was never on sale`);
};

/** Registers everybody, opens the shops, issues the coupons. In fair weather only. */
export const openMarket = async (client: Client): Promise<Market> => {
  const accountIds = new Map<string, string>();
  for (const name of [...buyers, ...vendors, 'operator', 'auditor']) accountIds.set(name, await register(client, name));
  for (const role of ['operator', 'auditor'])
    await done(client, 'admin', {
      ...{ method: 'PUT', path: `/accounts/${accountIds.get(role)}/roles` },
      body: { roles: [role] },
    });
  const wares: Ware[] = [];
  for (const vendor of vendors) wares.push(await openShop(client, vendor));
  const coupon = (code: string, maxRedemptions: number) =>
    done(client, 'admin', { method: 'POST', path: '/coupons', body: { code, percentOff: 10, maxRedemptions } });
  await coupon('TENTH', 20);
  await coupon('FEW', 2);
  return { wares, coupons, accountIds };
};
