import { productSales, soldSince, windowStart } from '../../projections/products/product-sales.ts';
import type { ReadModels } from '../read-models.ts';
import { type Card, cardsOf } from './card.ts';

type Ranked = { readonly id: string; readonly sold: number };

/**
 * Ids of products by licences sold in the window that ends with `today`, best first. Reads no further than it is taken: a
 * product's `recent` is a bound, so what has sold at least as much as the next bound stands firm.
 */
async function* bySales(models: ReadModels, today: string): AsyncGenerator<string> {
  const since = windowStart(today);
  const waiting: Ranked[] = [];
  const order = [{ field: 'recent', direction: 'desc' }] as const;
  for await (const sales of models.each(productSales, { where: { lastDay: { gte: since } }, order })) {
    for (let [best] = waiting; best !== undefined && best.sold >= sales.recent; [best] = waiting) {
      waiting.shift();
      yield best.id;
    }
    const sold = soldSince(sales, since);
    const place = waiting.findIndex((other) => other.sold < sold);
    waiting.splice(place < 0 ? waiting.length : place, 0, { id: sales.id, sold });
  }
  for (const { id } of waiting) yield id;
}

/** The best-selling products on sale of the 30 days that end with `today` (`YYYY-MM-DD`, UTC). */
export const bestsellers = async (models: ReadModels, today: string, limit: number): Promise<readonly Card[]> => {
  const found: Card[] = [];
  let batch: string[] = [];
  for await (const id of bySales(models, today)) {
    batch.push(id);
    if (batch.length < limit) continue;
    found.push(...(await cardsOf(models, batch)));
    batch = [];
    if (found.length >= limit) break;
  }
  return [...found, ...(await cardsOf(models, batch))].slice(0, limit);
};
