import { Broken } from '../broken.ts';
import type { Action } from './action.ts';
import { vendors } from './market.ts';

const projections = [
  'orders',
  'desk',
  'balances',
  'licenses',
  'people',
  'catalogue',
  'search',
  'ledger',
  'audit',
] as const;
const verbs = ['rebuild', 'rebuild', 'rebuild', 'pause', 'resume', 'resume', 'cancel', 'rollback', 'drop'] as const;

export const overseeing = {
  projection: {
    who: ['operator'],
    weight: 6,
    draw: (draw) => ({ name: draw.pick(projections), verb: draw.pick(verbs) }),
    act: async ({ client }, by, { name, verb }) => {
      await client.call(by, { method: 'POST', path: `/operator/projections/${name}/${verb}`, body: {} });
    },
  },
  suspendVendor: {
    who: ['admin'],
    weight: 1,
    sends: () => 2,
    draw: (draw) => ({ vendor: draw.between(0, vendors.length - 1), forMs: draw.between(500, 8_000) }),
    act: async ({ client, market }, by, { vendor, forMs }) => {
      const path = `/vendors/${market.wares[Number(vendor)]?.vendorId}`;
      const body = { reason: 'a look' };
      await client.call(by, { method: 'POST', path: `${path}/suspend`, body });
      await client.pause(Number(forMs));
      await client.call(by, { method: 'POST', path: `${path}/reinstate`, body });
    },
  },
  verify: {
    who: ['auditor'],
    weight: 2,
    draw: () => ({}),
    act: async ({ client }, by) => {
      const { status, body } = await client.call(by, { method: 'POST', path: '/audit/verify', body: {} });
      if (status === 200 && body.ok !== true)
        throw new Broken('the chain fits the log', `the log does not fit its chain: ${JSON.stringify(body)}`);
    },
  },
} as const satisfies Readonly<Record<string, Action>>;
