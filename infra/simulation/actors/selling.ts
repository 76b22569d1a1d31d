import { upload, workflowFile } from '../../local/test-client.ts';
import { type Action, itemsOf, nobodys, nth, type Stage } from './action.ts';
import { vendors } from './market.ts';

const wareOf = ({ market }: Stage, vendor: string) => market.wares.find((ware) => ware.vendor === vendor);

/** An order of anybody, by its place among all. */
const someOrder = ({ memory }: Stage, n: string | number | boolean | undefined): string =>
  nth([...memory.orders.values()].flat().toReversed(), n) ?? nobodys;

export const selling = {
  payout: {
    who: vendors,
    weight: 6,
    draw: (draw) => ({ percent: draw.pick([30, 50, 100, 100, 120]) }),
    act: async (stage, by, { percent }) => {
      const ware = wareOf(stage, by);
      if (ware === undefined) return;
      const { body } = await stage.client.call(by, { method: 'GET', path: `/vendors/${ware.vendorId}/balance` });
      const available = Number(itemsOf(body)[0]?.available ?? 0);
      const amount = Math.max(1, Math.floor((available * Number(percent)) / 100));
      await stage.client.call(by, {
        ...{ method: 'POST', path: `/vendors/${ware.vendorId}/payouts` },
        body: { amount: { amount, currency: 'USD' } },
      });
    },
  },
  cancelPayout: {
    who: vendors,
    weight: 1,
    draw: (draw) => ({ payout: draw.between(0, 2) }),
    act: async (stage, by, { payout: n }) => {
      const ware = wareOf(stage, by);
      if (ware === undefined) return;
      const path = `/vendors/${ware.vendorId}/payouts`;
      const { body } = await stage.client.call(by, { method: 'GET', path });
      const payout = nth(itemsOf(body), n) ?? { id: nobodys };
      await stage.client.call(by, { method: 'POST', path: `${path}/${payout.id}/cancel`, body: {} });
    },
  },
  newVersion: {
    who: vendors,
    weight: 3,
    draw: (draw) => ({ version: `1.${draw.between(1, 9)}.0`, name: `w${draw.between(1, 9)}` }),
    act: async (stage, by, { version, name }) => {
      const ware = wareOf(stage, by);
      if (ware === undefined) return;
      await stage.client.call(by, {
        ...{ method: 'POST', path: `/products/${ware.productId}/versions` },
        raw: upload(workflowFile(String(name)), String(version)),
      });
    },
  },
  yank: {
    who: vendors,
    weight: 1,
    draw: (draw) => ({ version: `1.${draw.between(1, 9)}.0` }),
    act: async (stage, by, { version }) => {
      const ware = wareOf(stage, by);
      if (ware === undefined) return;
      await stage.client.call(by, {
        ...{ method: 'POST', path: `/products/${ware.productId}/versions/${version}/yank` },
        body: { reason: 'broken' },
      });
    },
  },
  describe: {
    who: vendors,
    weight: 2,
    draw: (draw) => ({ n: draw.between(1, 99) }),
    act: async (stage, by, { n }) => {
      const ware = wareOf(stage, by);
      if (ware === undefined) return;
      await stage.client.call(by, {
        ...{ method: 'PATCH', path: `/products/${ware.productId}` },
        body: { description: `Sorts invoices, ${n} a second.` },
      });
    },
  },
  refund: {
    who: ['admin', 'admin', ...vendors],
    weight: 9,
    draw: (draw) => ({ order: draw.between(0, 6), amount: draw.pick([0, 0, 100, 333]) }),
    act: async (stage, by, { order: n, amount }) => {
      const id = someOrder(stage, n);
      const part = Number(amount) > 0 ? { amount: { amount: Number(amount), currency: 'USD' } } : {};
      await stage.client.call(by, {
        ...{ method: 'POST', path: `/orders/${id}/refunds` },
        body: { ...part, reason: 'sorry' },
      });
    },
  },
  evidence: {
    who: vendors,
    weight: 4,
    draw: (draw) => ({ dispute: draw.between(0, 2), text: draw.pick(['winning_evidence', 'losing_evidence']) }),
    act: async ({ client }, by, { dispute: n, text }) => {
      const { body } = await client.call(by, { method: 'GET', path: '/disputes' });
      const dispute = nth(itemsOf(body), n) ?? { orderId: nobodys };
      await client.call(by, {
        ...{ method: 'POST', path: `/orders/${dispute.orderId}/dispute/evidence` },
        body: { text },
      });
    },
  },
} as const satisfies Readonly<Record<string, Action>>;
