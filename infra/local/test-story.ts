import { workflowFile } from './test-client.ts';
import { type Answer, awaited, type Door, get, got, posted, uploaded } from './test-door.ts';
import { availableAt, type Market, order, orderIn, orderWhen, register, shopNames, tokenOf } from './test-market.ts';

/** One part of a mixed story. Every command has a key of its own: told again from the start, it is the same story. */
export type Chapter = (door: Door, market: Market) => Promise<void>;

const hasRefund =
  (state: string) =>
  ({ refunds }: Answer): boolean =>
    Array.isArray(refunds) && refunds.some((refund) => refund.state === state);
const succeededIn = (refunds: unknown): number =>
  Array.isArray(refunds) ? refunds.filter(({ state }) => state === 'succeeded').length : 0;
const isDisputed = ({ disputed }: Answer): boolean => disputed === true;

const refundAll = async (door: Door, id: string, key: string): Promise<void> => {
  await posted(door, `/orders/${id}/refunds`, { reason: 'asked for' }, { token: await tokenOf(door, 'admin'), key });
};

const pays =
  (shop: 0 | 1 | 2, end: string): Chapter =>
  async (door, market) => {
    const { vendorId } = market.shops[shop];
    const token = await tokenOf(door, shopNames[shop]);
    await availableAt(door, market.shops[shop], token);
    const { id } = await posted(
      door,
      `/vendors/${vendorId}/payouts`,
      { amount: { amount: 100 + shop, currency: 'USD' } },
      { token, key: `payout-${shop}` },
    );
    await awaited(door, `payout ${end}`, async () => {
      const { status, text } = await get(door, `/vendors/${vendorId}/payouts/${String(id)}`, { token });
      return status === 200 && JSON.parse(text).state === end;
    });
  };

/** A sale that is given back part by part, so that one line goes wholly and the other one stays. */
export const refundInParts: Chapter = async (door, { shops: [one, , three] }) => {
  const token = await tokenOf(door, 'buyer');
  const admin = await tokenOf(door, 'admin');
  const id = await order(door, [{ shop: one, quantity: 2 }, { shop: three }], 'pm_card_visa', {
    token,
    key: 'parts',
  });
  const { lines } = await orderIn(door, id, token, 'fulfilled', 'partiallyRefunded', 'refunded');
  const lineId = Array.isArray(lines) ? lines[0].id : '';
  for (const [n, part] of [{ amount: 101 }, { lines: [{ lineId, amount: 1 }] }, { lines: [{ lineId }] }].entries()) {
    await posted(door, `/orders/${id}/refunds`, { ...part, reason: 'a part' }, { token: admin, key: `part-${n}` });
    await orderWhen(door, id, token, `gave back part ${n}`, ({ refunds }) => succeededIn(refunds) > n);
  }
  await orderIn(door, id, token, 'partiallyRefunded');
};

export const chapters = {
  'coupon and limited stock, two vendors': async (door, { shops: [one, two], coupon }) => {
    const token = await tokenOf(door, 'buyer');
    const items = [{ shop: one }, { shop: two, quantity: 2 }];
    const id = await order(door, items, 'pm_card_visa', { token, key: 'both' }, { couponCode: coupon });
    await orderIn(door, id, token, 'fulfilled');
  },
  declined: async (door, { shops: [, two], coupon }) => {
    const token = await tokenOf(door, 'buyer');
    const id = await order(
      door,
      [{ shop: two }],
      'pm_card_chargeDeclined',
      { token, key: 'declined' },
      { couponCode: coupon },
    );
    await orderIn(door, id, token, 'cancelled');
  },
  '3-D Secure, confirmed': async (door, { shops: [, two], coupon }) => {
    const token = await tokenOf(door, 'buyer');
    const id = await order(
      door,
      [{ shop: two }],
      'pm_card_authenticationRequired',
      { token, key: 'secure' },
      { couponCode: coupon },
    );
    await orderIn(door, id, token, 'awaitingConfirmation', 'fulfilled');
    await posted(door, `/orders/${id}/confirm`, {}, { token, key: 'confirm' });
    await orderIn(door, id, token, 'fulfilled');
  },
  '3-D Secure, never confirmed': async (door, { shops: [, two], coupon }) => {
    const token = await tokenOf(door, 'buyer');
    const id = await order(
      door,
      [{ shop: two }],
      'pm_card_authenticationRequired',
      { token, key: 'never' },
      { couponCode: coupon },
    );
    await orderIn(door, id, token, 'cancelled');
  },
  'cancelled by the buyer': async (door, { shops: [one, two] }) => {
    const token = await tokenOf(door, 'buyer');
    const id = await order(door, [{ shop: one }, { shop: two }], 'pm_card_authenticationRequired', {
      token,
      key: 'regretted',
    });
    await orderIn(door, id, token, 'awaitingConfirmation', 'cancelled');
    await posted(door, `/orders/${id}/cancel`, {}, { token, key: 'cancel' });
    await orderIn(door, id, token, 'cancelled');
  },
  'unknown outcome': async (door, { shops: [one] }) => {
    const token = await tokenOf(door, 'buyer');
    const id = await order(door, [{ shop: one, quantity: 3 }], 'pm_unknownOutcome', { token, key: 'unknown' });
    await orderIn(door, id, token, 'fulfilled');
  },
  'full refund': async (door, { shops: [one, , three] }) => {
    const token = await tokenOf(door, 'buyer');
    const id = await order(door, [{ shop: one }, { shop: three }], 'pm_card_visa', { token, key: 'refunded' });
    await orderIn(door, id, token, 'fulfilled', 'refunded');
    await refundAll(door, id, 'refund');
    await orderIn(door, id, token, 'refunded');
  },
  'refund that fails': async (door, { shops: [one] }) => {
    const token = await tokenOf(door, 'buyer');
    const id = await order(door, [{ shop: one }], 'pm_card_refundFail', { token, key: 'unrefunded' });
    await orderIn(door, id, token, 'fulfilled');
    await refundAll(door, id, 'refund-that-fails');
    await orderWhen(door, id, token, 'has a failed refund', hasRefund('failed'));
  },
  disputed: async (door, { shops: [one, , three] }) => {
    const token = await tokenOf(door, 'buyer');
    const id = await order(door, [{ shop: one }, { shop: three }], 'pm_card_createDispute', { token, key: 'disputed' });
    await orderWhen(door, id, token, 'is disputed', isDisputed);
  },
  'payout that works': pays(0, 'paid'),
  'payout that fails': pays(1, 'failed'),
  'payout that comes back': pays(2, 'returned'),
  'new version and a new person': async (door, { shops: [one] }) => {
    const token = await tokenOf(door, 'alpha');
    await uploaded(door, one.productId, workflowFile('better'), '1.1.0', { token, key: 'upload' });
    await register(door, 'newcomer');
    await tokenOf(door, 'newcomer');
    await awaited(door, 'clean', async () => {
      const { items } = await got(door, `/products/${one.productId}/versions`, { token });
      return Array.isArray(items) && items.some(({ version, state }) => version === '1.1.0' && state === 'clean');
    });
  },
} as const satisfies Record<string, Chapter>;
export type ChapterName = keyof typeof chapters;

/** All chapters at once. Rejects with the first that fails. */
export const tell = async (door: Door, market: Market, ...names: readonly ChapterName[]): Promise<void> => {
  const told: readonly Chapter[] = names.length === 0 ? Object.values(chapters) : names.map((name) => chapters[name]);
  await Promise.all(told.map((chapter) => chapter(door, market)));
};
