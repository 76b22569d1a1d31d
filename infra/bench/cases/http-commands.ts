import { join } from 'node:path';
import { type Case, perSecond } from '../bench.ts';
import { rowOf } from '../figures.ts';
import { startLoad } from '../load/load.ts';
import { startMarket } from '../market-process.ts';
import { openRawAppends } from '../reference/raw-appends.ts';
import { productIdAt } from '../seed/products.ts';

const perRound = 20_000;
const bytes = Buffer.alloc(300, 'x');

/** `PUT /cart/items/…`: one event a request, sixteen buyers. */
export const httpCommands: Case = {
  name: 'http-commands',
  about: 'commands/s through HTTP beside raw durable appends at the same concurrency',
  run: async (plan) => {
    const rows = [];
    for (const products of plan.scales) {
      const market = await startMarket(await plan.market(products));
      const load = startLoad();
      const raw = openRawAppends(join(plan.folder(), 'raw.db'));
      const tokens = await market.signIn();
      let turn = 0;
      for (const connections of plan.connections) {
        const request = () => {
          const n = turn++;
          const quantity = 1 + (Math.floor(n / 640) % 900);
          const token = tokens[n % tokens.length] ?? '';
          const url = `/api/v1/cart/items/${productIdAt(Math.floor(n / tokens.length) % 40)}`;
          return { method: 'PUT', url, token, body: JSON.stringify({ quantity }) } as const;
        };
        const events = Array.from({ length: connections }, (_, n) => ({
          ...{ id: `${n}`.padStart(36, '0'), type: 'CartItemSet', data: bytes, metadata: bytes },
        }));
        const rounds = [];
        for (let round = 0; round <= plan.rounds; round += 1) {
          const requests = Array.from({ length: perRound }, request);
          const { perSecond: subject } = await load.run({
            ...{ port: market.port, connections, seconds: plan.seconds, requests, repeat: false },
          });
          const reference = await perSecond(plan.seconds, async () => {
            raw.append(events);
            return connections;
          });
          rounds.push({ subject, reference });
        }
        rows.push(rowOf({ name: `HTTP commands, ${connections} conn.`, scale: products, unit: '/s' }, rounds.slice(1)));
      }
      raw.close();
      await Promise.all([load.close(), market.stop()]);
    }
    return rows;
  },
};
