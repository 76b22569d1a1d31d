import { z } from 'zod';
import { type CardDocument, catalogue } from '../../projections/products/catalogue.ts';
import { averageOf, countOf } from '../../projections/reviews/stars.ts';
import { type VendorDocument, vendors } from '../../projections/vendors/vendors.ts';
import { moneyAnswer } from '../answers.ts';
import { madeOnce } from '../made-once.ts';
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
export type CardFacts = Omit<CardDocument, 'vendorId' | 'listed' | 'nodeCounts'>;

/** The drawing of the version on sale. A version whose nodes were counted has a preview, and so a drawing; no other has. */
const thumbUrlOf = ({ id, version, nodeCount }: CardFacts): string | null =>
  version === null || nodeCount === null
    ? null
    : `/api/v1/products/${id}/versions/${encodeURIComponent(version)}/thumb.svg`;

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
  thumbUrl: thumbUrlOf(facts),
  publishedAt: facts.publishedAt,
});

const sharedCard = madeOnce<CardDocument, VendorDocument, Card>(cardOf);

/**
 * The cards of these products, in this order. One that is not listed (any more, or yet: the read models move one by one)
 * is left out, and so are those of a vendor who may not sell.
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
    return facts === undefined || vendor === undefined || vendor.state !== 'approved' || !facts.listed
      ? []
      : [sharedCard(facts, vendor)];
  });
};
