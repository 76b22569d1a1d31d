import { z } from 'zod';
import { type CardDocument, catalogue } from '../../projections/products/catalogue.ts';
import { averageOf, countOf } from '../../projections/reviews/stars.ts';
import { type VendorDocument, vendors } from '../../projections/vendors/vendors.ts';
import { moneyAnswer } from '../answers.ts';
import type { ReadModels } from '../read-models.ts';

export const card = z.object({
  id: z.string(),
  slug: z.string(),
  title: z.string(),
  summary: z.string(),
  price: moneyAnswer,
  kind: z.string(),
  category: z.string(),
  tags: z.array(z.string()),
  vendor: z.object({ id: z.string(), slug: z.string(), displayName: z.string() }),
  rating: z.object({ average: z.number(), count: z.number().int() }),
  sold: z.number().int(),
  nodeCount: z.number().int().nullable(),
  integrations: z.array(z.string()),
  thumbUrl: z.string().nullable(),
  publishedAt: z.string().nullable(),
});
export type Card = z.infer<typeof card>;

/** What a card and a product page share. */
export type CardFacts = Omit<CardDocument, 'vendorId' | 'version' | 'listed' | 'nodeCounts'>;

/** There are no drawings yet. */
export const cardOf = (facts: CardFacts, vendor: VendorDocument): Card => ({
  id: facts.id,
  slug: facts.slug,
  title: facts.title,
  summary: facts.summary,
  price: { amount: facts.price, currency: facts.currency },
  kind: facts.kind,
  category: facts.category,
  tags: [...facts.tags],
  vendor: { id: vendor.id, slug: vendor.slug, displayName: vendor.displayName },
  rating: { average: averageOf(facts.stars), count: countOf(facts.stars) },
  sold: facts.sold,
  nodeCount: facts.nodeCount,
  integrations: [...facts.integrations],
  thumbUrl: null,
  publishedAt: facts.publishedAt,
});

/**
 * The cards of these products, in this order. One that is not listed (any more, or yet: the read models move one by one)
 * is left out.
 */
export const cardsOf = async (models: ReadModels, ids: readonly string[]): Promise<Card[]> => {
  const cards = await models.getMany(catalogue, ids);
  const sellers = await models.getMany(
    vendors,
    [...cards.values()].map((facts) => facts.vendorId),
  );
  return ids.flatMap((id) => {
    const facts = cards.get(id);
    const vendor = facts && sellers.get(facts.vendorId);
    return facts === undefined || vendor === undefined || !facts.listed ? [] : [cardOf(facts, vendor)];
  });
};
