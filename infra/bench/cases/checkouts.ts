import type { Case, Plan } from '../bench.ts';
import { type Row, rowOf } from '../figures.ts';
import { startHelper } from '../load/ask.ts';
import { startLoad } from '../load/load.ts';
import { signInBuyers } from '../market-process.ts';
import { priceAt, productIdAt } from '../seed/products.ts';

const connections = 64;
type Count = { readonly licenses: number; readonly settled: number };

const orderAt = (n: number, products: number, tokens: readonly string[]) => {
  const product = (n * 13) % products;
  const expectedPrice = { amount: priceAt(product), currency: 'USD' };
  const items = [{ productId: productIdAt(product), quantity: 1, expectedPrice }];
  const body = JSON.stringify({ items, paymentMethod: 'pm_card_visa' });
  return { method: 'POST', url: '/api/v1/orders', token: tokens[n % tokens.length] ?? '', body } as const;
};

/**
 * Orders from 64 connections; from the first request until the log holds a licence for every one of them. The rounds follow
 * each other at once, so what is left to do of one (settlement, mails, read models) is paid for in the next.
 */
const measured = async (
  plan: Plan,
  products: number,
  provider: 'instant' | 'simulated',
): Promise<readonly number[]> => {
  const helper = startHelper(new URL('../checkout-process.ts', import.meta.url), [
    await plan.market(products),
    provider,
  ]);
  const load = startLoad();
  const { port } = await helper.next<{ readonly port: number }>();
  let count: Count = { licenses: 0, settled: 0 };
  let heard = (): void => {};
  helper.child.on('message', (message) => {
    count = message as Count;
    heard();
  });
  const until = async (enough: () => boolean): Promise<void> => {
    while (!enough())
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
  };
  const tokens = await signInBuyers(`http://127.0.0.1:${port}`);
  const each = Math.round(plan.seconds * 500);
  const rates: number[] = [];
  for (let round = 0; round <= plan.rounds; round += 1) {
    const requests = Array.from({ length: each }, (_, n) => orderAt(round * each + n, products, tokens));
    const started = performance.now();
    await load.run({ port, connections, seconds: undefined, requests, repeat: false });
    await until(() => count.licenses >= (round + 1) * each);
    rates.push(each / ((performance.now() - started) / 1000));
  }
  await until(() => count.settled >= (plan.rounds + 1) * each);
  await Promise.all([load.close(), helper.close()]);
  return rates.slice(1);
};

export const checkouts: Case = {
  name: 'checkouts',
  about: 'whole checkouts/s: POST accepted to licence in the log',
  run: async (plan) => {
    const rows: Row[] = [];
    for (const products of plan.scales)
      for (const provider of ['instant', 'simulated'] as const) {
        const rounds = (await measured(plan, products, provider)).map((subject) => ({ subject, reference: undefined }));
        const goal = provider === 'instant' ? ({ of: 'value', atLeast: 400 } as const) : undefined;
        rows.push(rowOf({ name: `whole checkouts, ${provider} provider`, scale: products, unit: '/s', goal }, rounds));
        plan.say(`checkouts, ${provider}: ${rows.at(-1)?.value.toFixed(0)}/s`);
      }
    return rows;
  },
};
