import { post, posted, textOf } from '../../local/test-door.ts';
import { availableAt, orderWhen, shopNames, tokenOf } from '../../local/test-market.ts';
import { holds, same } from '../expecting.ts';
import { adminOf, as, bought, buyerOf, counted, type Errand, listOf, type Scene, untilAt } from './errand.ts';

const hasRefunds =
  (count: number, state: string) =>
  ({ refunds }: { readonly refunds?: unknown }): boolean =>
    listOf(refunds).filter((refund) => refund.state === state).length === count;

const refunded = async (scene: Scene, id: string, what: string, body: Readonly<Record<string, unknown>>) =>
  posted(scene.door, `/orders/${id}/refunds`, { reason: 'asked for', ...body }, as(scene, await adminOf(scene), what));

/** In full, by line and then the rest, or by amount and then the rest. */
export const givesBack: Errand = async (scene) => {
  const { door, market, n } = scene;
  const [one, , three] = market.shops;
  const found = await bought(scene, [{ shop: one }, { shop: three, quantity: 2 }], 'pm_card_visa');
  if (found === undefined) return;
  const token = await buyerOf(scene);
  const lines = listOf(found.lines).map(({ id }) => id);
  const steps = [[{}], [{ lines: [{ lineId: lines[1] }] }, {}], [{ amount: 100 }], [{ amount: 77 }, {}]][n % 4] ?? [];
  for (const [index, step] of steps.entries()) {
    await refunded(scene, found.id, `refund-${index}`, step);
    await orderWhen(door, found.id, token, `has ${index + 1} refunds`, hasRefunds(index + 1, 'succeeded'));
  }
  counted(scene, ['refund', 'refund by line', 'refund of a part', 'refund by amount'][n % 4] ?? '');
};

export const cannotGiveBack: Errand = async (scene) => {
  const found = await bought(scene, [{ shop: scene.market.shops[0] }], 'pm_card_refundFail');
  if (found === undefined) return;
  await refunded(scene, found.id, 'refund', {});
  const token = await buyerOf(scene);
  await orderWhen(scene.door, found.id, token, 'has a failed refund', hasRefunds(1, 'failed'));
  counted(scene, 'refund that failed');
};

/** The buyer asks; half are given, half refused. */
export const asksForMoneyBack: Errand = async (scene) => {
  const { door, n } = scene;
  const found = await bought(scene, [{ shop: scene.market.shops[2] }], 'pm_card_visa');
  if (found === undefined) return;
  const token = await buyerOf(scene);
  const path = `/orders/${found.id}/refund-requests`;
  const { id } = await posted(door, path, { reason: 'It broke.' }, as(scene, token, 'ask'));
  if (n % 2 === 0) await refunded(scene, found.id, 'refund', {});
  else
    await posted(
      door,
      `${path}/${String(id)}/refuse`,
      { reason: 'It works.' },
      as(scene, await adminOf(scene), 'refuse'),
    );
  if (n % 2 === 0) await orderWhen(door, found.id, token, 'is refunded', ({ state }) => state === 'refunded');
  counted(scene, n % 2 === 0 ? 'request granted' : 'request refused');
};

export const disputes: Errand = async (scene) => {
  const { door, market, n } = scene;
  const [one, , three] = market.shops;
  const found = await bought(scene, [{ shop: one }, { shop: three }], 'pm_card_createDispute');
  if (found === undefined) return;
  const token = await buyerOf(scene);
  await orderWhen(door, found.id, token, 'is disputed', ({ disputed }) => disputed === true);
  const text = n % 2 === 0 ? 'winning_evidence' : 'losing_evidence';
  await posted(door, `/orders/${found.id}/dispute/evidence`, { text }, as(scene, await adminOf(scene), 'evidence'));
  const { state } = await orderWhen(
    door,
    found.id,
    token,
    `is over with ${text}`,
    ({ disputed }) => disputed === false,
  );
  same(state, n % 2 === 0 ? 'fulfilled' : 'refunded', `order ${found.id} disputed with ${text}`);
  counted(scene, n % 2 === 0 ? 'dispute won' : 'dispute lost');
};

/** Paid, failed or returned, as the shop's account does. */
export const isPaidOut: Errand = async (scene) => {
  const { door, market, n } = scene;
  const which = ([0, 1, 2] as const)[n % 3] ?? 0;
  const shop = market.shops[which];
  const token = await tokenOf(door, shopNames[which]);
  await availableAt(door, shop, token);
  const path = `/vendors/${shop.vendorId}/payouts`;
  const amount = { amount: { amount: 10 + (n % 7), currency: 'USD' } };
  const reply = await post(door, path, amount, as(scene, token, 'payout'));
  // Others may have taken it, or a lost dispute.
  if (reply.status === 409) return counted(scene, 'payout refused');
  same(reply.status, 202, `payout of ${shop.vendorId}: ${reply.text}`);
  const id = textOf(JSON.parse(reply.text), 'id');
  const end = ['paid', 'failed', 'returned'][which];
  const { state } = await untilAt(scene, `${path}/${id}`, token, 'ends', (payout) => payout.state === end);
  holds(state === end, `payout ${id}`);
  counted(scene, `payout ${end}`);
};
