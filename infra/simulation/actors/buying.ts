import { Broken } from '../broken.ts';
import { type Action, itemsOf, nobodys, nth, remember, type Stage } from './action.ts';
import type { Call, Called } from './client.ts';
import { buyers, coupons } from './market.ts';

const methods = [
  'pm_card_visa',
  'pm_card_visa',
  'pm_card_visa',
  'pm_card_chargeDeclined',
  'pm_card_chargeDeclinedInsufficientFunds',
  'pm_card_authenticationRequired',
  'pm_card_authenticationRequired',
  'pm_card_createDispute',
  'pm_card_refundFail',
  'pm_unknownOutcome',
] as const;

const order = ({ market }: Stage, choices: Parameters<Action['act']>[2]): Call => {
  const wares = [
    nth(market.wares, choices.ware),
    choices.second === true ? nth(market.wares, Number(choices.ware) + 1) : undefined,
  ];
  return {
    ...{ method: 'POST', path: '/orders', key: `order-${choices.key}` },
    body: {
      items: wares.flatMap((ware) =>
        ware === undefined
          ? []
          : [
              {
                ...{ productId: ware.productId, tierId: 'solo', quantity: choices.quantity },
                expectedPrice: { amount: ware.price, currency: 'USD' },
              },
            ],
      ),
      ...(typeof choices.coupon === 'string' && choices.coupon !== '' ? { couponCode: choices.coupon } : {}),
      ...(choices.taxed === true ? { billing: { country: 'DE' } } : {}),
      paymentMethod: choices.method,
    },
  };
};

/** Whoever was told that the order is there finds it, asking for no older answer. */
const lookAt = async ({ client }: Stage, by: string, { id, position }: Called['body']): Promise<void> => {
  const { status, text } = await client.call(by, { method: 'GET', path: `/orders/${id}`, at: String(position) });
  if (status === 404) throw new Broken('an answer is as new as was asked for', `order ${id} at ${position}: ${text}`);
};

const ownOrder = ({ memory }: Stage, by: string, n: string | number | boolean | undefined): string =>
  nth(memory.orders.get(by)?.toReversed(), n) ?? nobodys;

/** An order of somebody, the newest first. */
const about =
  (path: string, body: unknown = {}): Action['act'] =>
  async (stage, by, { order: n }) => {
    const id = ownOrder(stage, by, n);
    await stage.client.call(by, { method: 'POST', path: `/orders/${id}/${path}`, body });
  };

const cancel = about('cancel');

const license = async ({ client }: Stage, by: string, n: string | number | boolean | undefined) => {
  const { body } = await client.call(by, { method: 'GET', path: '/licenses' });
  return nth(itemsOf(body), n) ?? { id: nobodys };
};

export const buying = {
  order: {
    who: buyers,
    weight: 24,
    sends: ({ twice, cancels }) => 1 + Number(twice === true) + Number(cancels === true),
    draw: (draw) => ({
      ware: draw.between(0, 2),
      second: draw.chance(250),
      quantity: draw.chance(150) ? 2 : 1,
      method: draw.pick(methods),
      coupon: draw.chance(350) ? draw.pick(coupons) : '',
      taxed: draw.chance(200),
      key: draw.between(1, 1_000_000_000),
      twice: draw.chance(150),
      look: draw.chance(300),
      cancels: draw.chance(150),
    }),
    act: async (stage, by, choices) => {
      const call = order(stage, choices);
      const sent = [stage.client.call(by, call), ...(choices.twice === true ? [stage.client.call(by, call)] : [])];
      for (const { status, body } of await Promise.all(sent)) {
        if (status >= 200 && status < 300 && !(stage.memory.orders.get(by) ?? []).includes(String(body.id)))
          remember(stage.memory.orders, by, body.id);
        if (choices.look === true && status >= 200 && status < 300) await lookAt(stage, by, body);
      }
      // while the provider is being asked for the money
      if (choices.cancels === true) await cancel(stage, by, { order: 0 });
    },
  },
  confirm: { who: buyers, weight: 10, draw: (draw) => ({ order: draw.between(0, 2) }), act: about('confirm') },
  cancel: { who: buyers, weight: 4, draw: (draw) => ({ order: draw.between(0, 2) }), act: cancel },
  askRefund: {
    who: buyers,
    weight: 4,
    draw: (draw) => ({ order: draw.between(0, 4) }),
    act: about('refund-requests', { reason: 'It broke.' }),
  },
  activate: {
    who: buyers,
    weight: 8,
    draw: (draw) => ({ license: draw.between(0, 3), machine: `machine-${draw.between(1, 4)}` }),
    act: async (stage, by, { license: n, machine }) => {
      const found = await license(stage, by, n);
      await stage.client.call(by, { method: 'POST', path: `/licenses/${found.id}/activations`, body: { machine } });
    },
  },
  deactivate: {
    who: buyers,
    weight: 2,
    draw: (draw) => ({ license: draw.between(0, 3), machine: `machine-${draw.between(1, 4)}` }),
    act: async (stage, by, { license: n, machine }) => {
      const found = await license(stage, by, n);
      await stage.client.call(by, { method: 'DELETE', path: `/licenses/${found.id}/activations/${machine}`, body: {} });
    },
  },
  download: {
    who: buyers,
    weight: 3,
    draw: (draw) => ({ license: draw.between(0, 3) }),
    act: async (stage, by, { license: n }) => {
      const found = await license(stage, by, n);
      await stage.client.call(by, { method: 'POST', path: '/downloads', body: { licenseId: found.id } });
    },
  },
  review: {
    who: buyers,
    weight: 5,
    draw: (draw) => ({ ware: draw.between(0, 2), stars: draw.between(1, 5) }),
    act: async ({ client, market }, by, { ware: n, stars }) => {
      const ware = nth(market.wares, n);
      if (ware === undefined) return;
      await client.call(by, {
        ...{ method: 'POST', path: `/products/${ware.productId}/reviews` },
        body: { stars, title: 'So', body: 'It sorts.' },
      });
    },
  },
  fillCart: {
    who: buyers,
    weight: 3,
    draw: (draw) => ({ ware: draw.between(0, 2), quantity: draw.between(0, 2) }),
    act: async ({ client, market }, by, { ware: n, quantity }) => {
      const ware = nth(market.wares, n);
      if (ware === undefined) return;
      await client.call(by, {
        ...{ method: 'PUT', path: `/cart/items/${ware.productId}` },
        body: { tierId: 'solo', quantity },
      });
    },
  },
  look: {
    who: buyers,
    weight: 4,
    sends: () => 0,
    draw: (draw) => ({ path: draw.pick(['/orders', '/products', '/cart', '/licenses', '/notifications', '/me']) }),
    act: async ({ client }, by, { path }) => {
      await client.call(by, { method: 'GET', path: String(path) });
    },
  },
  eraseMe: {
    who: ['dora'],
    weight: 1,
    notBefore: 0.6,
    draw: () => ({}),
    act: async ({ client }, by) => {
      await client.call(by, { method: 'DELETE', path: '/me', body: {} });
    },
  },
} as const satisfies Readonly<Record<string, Action>>;
