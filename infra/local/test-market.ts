import { workflowFile } from './test-client.ts';
import {
  type Answer,
  awaited,
  type Door,
  get,
  got,
  type Options,
  post,
  posted,
  put,
  type Reply,
  textOf,
  uploaded,
} from './test-door.ts';
import { administrator } from './test-system.ts';

const password = 'a long enough passphrase 42';
const emailOf = (name: string): string => `${name}@example.test`;

export const signedIn = async (door: Door, name: string): Promise<string> => {
  const credentials = name === 'admin' ? administrator : { email: emailOf(name), password };
  return textOf(await posted(door, '/auth/login', credentials), 'accessToken');
};

const tokens = new WeakMap<Door, Map<string, Promise<string>>>();
/** Signs in once at each door. The token knows the roles of that time. */
export const tokenOf = (door: Door, name: string): Promise<string> => {
  const known = tokens.get(door) ?? new Map<string, Promise<string>>();
  tokens.set(door, known);
  const token = known.get(name) ?? signedIn(door, name);
  known.set(name, token);
  return token;
};

/** Registers, under a key of their own, so that it may be said again. */
export const register = async (door: Door, name: string): Promise<string> =>
  textOf(
    await posted(
      door,
      '/auth/register',
      { email: emailOf(name), password, displayName: name },
      { key: `register-${name}` },
    ),
    'id',
  );

export type Shop = { readonly vendorId: string; readonly productId: string; readonly price: number };
/** What stands before the story begins; the shops are paid out to accounts that work, fail and return. */
export type Market = { readonly shops: readonly [Shop, Shop, Shop]; readonly coupon: string; readonly stock: number };

export type Item = { readonly shop: Shop; readonly quantity?: number };
const orderFor = (items: readonly Item[], paymentMethod: string, more: Answer): Answer => ({
  items: items.map(({ shop: { productId, price }, quantity = 1 }) => ({
    ...{ productId, quantity },
    expectedPrice: { amount: price, currency: 'USD' },
  })),
  ...{ paymentMethod, ...more },
});

/** What an order is answered, a refusal as well. */
export const ordering = (
  door: Door,
  items: readonly Item[],
  paymentMethod: string,
  options: Options,
  more: Answer = {},
): Promise<Reply> => post(door, '/orders', orderFor(items, paymentMethod, more), options);

export const order = async (
  door: Door,
  items: readonly Item[],
  paymentMethod: string,
  options: Options,
  more: Answer = {},
): Promise<string> => textOf(await posted(door, '/orders', orderFor(items, paymentMethod, more), options), 'id');

/** The order once `isSo`. */
export const orderWhen = (
  door: Door,
  id: string,
  token: string,
  what: string,
  isSo: (order: Answer) => boolean,
): Promise<Answer> =>
  awaited(door, `order ${id} ${what}`, async () => {
    const { status, text } = await get(door, `/orders/${id}`, { token });
    if (status !== 200) return false;
    const found: Answer = JSON.parse(text);
    return isSo(found) && found;
  });

export const orderIn = (door: Door, id: string, token: string, ...states: readonly string[]): Promise<Answer> =>
  orderWhen(door, id, token, `is ${states.join(' or ')}`, ({ state }) => states.includes(String(state)));

/** Money of a shop that may be paid out, in minor units, once there is some. */
export const availableAt = (door: Door, { vendorId }: Shop, token: string): Promise<number> =>
  awaited(door, `money of ${vendorId}`, async () => {
    const { items } = await got(door, `/vendors/${vendorId}/balance`, { token });
    const available = Array.isArray(items) && items.length > 0 ? Number(items[0].available) : 0;
    return available > 0 && available;
  });

const openShop = async (
  door: Door,
  name: string,
  payoutAccount: string,
  price: number,
  more: Answer,
): Promise<Shop> => {
  await register(door, name);
  const vendor = { displayName: name, country: 'DE', defaultCurrency: 'USD' };
  const admin = await signedIn(door, 'admin');
  const vendorId = textOf(await posted(door, '/vendors', vendor, { token: await signedIn(door, name) }), 'id');
  await posted(door, `/vendors/${vendorId}/approve`, {}, { token: admin });
  const token = await signedIn(door, name);
  await put(door, `/vendors/${vendorId}/payout-account`, { token: payoutAccount }, { token });
  const listing = {
    ...{
      title: `Sorter of ${name}`,
      description: 'Sorts invoices.',
      kind: 'n8n-workflow',
      category: 'Finance',
      tags: [],
    },
    price: { amount: price, currency: 'USD' },
    ...more,
  };
  const productId = textOf(await posted(door, '/products', listing, { token }), 'id');
  await uploaded(door, productId, workflowFile(name), '1.0.0', { token });
  await posted(door, `/products/${productId}/submit`, {}, { token });
  await posted(door, `/products/${productId}/approve`, { reason: 'fine' }, { token: admin });
  await awaited(door, 'on sale', async () => (await get(door, `/products/${productId}`)).status === 200);
  return { vendorId, productId, price };
};

/** Three shops, a coupon, a buyer, and for each shop one sale that can be paid out; `stock` is that of the second shop. */
export const openMarket = async (
  door: Door,
  { stock = 7, maxRedemptions = 5 }: { readonly stock?: number; readonly maxRedemptions?: number } = {},
): Promise<Market> => {
  const coupon = 'TENTH';
  const shops = [
    await openShop(door, 'alpha', 'ba_ok', 1999, {}),
    await openShop(door, 'beta', 'ba_failed', 2501, { stock }),
    await openShop(door, 'gamma', 'ba_returned', 333, {}),
  ] as const;
  await posted(
    door,
    '/coupons',
    { code: coupon, percentOff: 10, maxRedemptions },
    { token: await signedIn(door, 'admin') },
  );
  await register(door, 'buyer');
  const token = await signedIn(door, 'buyer');
  const id = await order(
    door,
    shops.map((shop) => ({ shop })),
    'pm_card_visa',
    { token },
  );
  await orderIn(door, id, token, 'fulfilled');
  for (const [index, shop] of shops.entries())
    await availableAt(door, shop, await signedIn(door, shopNames[index] ?? ''));
  return { shops: [...shops], coupon, stock };
};
export const shopNames = ['alpha', 'beta', 'gamma'] as const;
