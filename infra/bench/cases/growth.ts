import type { Case } from '../bench.ts';
import { type Row, rowOf } from '../figures.ts';
import { startLoad } from '../load/load.ts';
import { startMarket } from '../market-process.ts';
import { listPages, productPages } from './questions.ts';

const perRound = 12_000;
/** Memory for kept documents, MB: what the cards and pages of so many products fit in. */
const cacheMbFor = (products: number): string => String(Math.max(48, Math.ceil(products * 0.007)));

/** What a hundred times the products cost: p95 of each scale beside the smallest one's, both systems up, asked in turn. */
export const growth: Case = {
  name: 'growth',
  about: 'p95 of unfiltered lists and product pages, 16 connections, beside the smallest scale',
  run: async (plan) => {
    const [smallest = 0, ...larger] = [...plan.scales].sort((a, b) => a - b);
    const load = startLoad();
    const small = await startMarket(await plan.market(smallest));
    const rows: Row[] = [];
    let next = 10_000_000;
    for (const products of larger) {
      const large = await startMarket(await plan.market(products), { CACHE_MB: cacheMbFor(products) });
      for (const question of [listPages, productPages]) {
        const p95 = async (port: number, of: number): Promise<number> => {
          const first = next;
          next += perRound;
          const requests = Array.from(
            { length: perRound },
            (_, n) => ({ method: 'GET', url: question.nth(first + n, of) }) as const,
          );
          return (await load.run({ port, connections: 16, seconds: plan.seconds, requests, repeat: false })).p95;
        };
        const rounds = [];
        for (let round = 0; round <= plan.rounds; round += 1)
          rounds.push({ subject: await p95(large.port, products), reference: await p95(small.port, smallest) });
        const goal = { of: 'ratio', atMost: 1.2 } as const;
        rows.push(
          rowOf(
            { name: `${question.name}, p95 beside ${smallest} products`, scale: products, unit: 'ms', goal },
            rounds.slice(1),
          ),
        );
      }
      await large.stop();
    }
    await Promise.all([small.stop(), load.close()]);
    return rows;
  },
};
