import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { categorySlug } from '../../domain/slug/slugify.ts';
import type { Search, SearchFilters } from '../../infra/search/port.ts';
import { catalogue } from '../../projections/products/catalogue.ts';
import type { ProductDocument } from '../../projections/products/products.ts';
import { search as searchProjection } from '../../projections/products/search.ts';
import { pageAnswer } from '../answers.ts';
import { idParams, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';
import type { ReadModels } from '../read-models.ts';
import { pageReads, seenProduct } from './audience.ts';
import { type Card, card, cardsOf } from './card.ts';

type Deps = QueryRouteDeps & { readonly models: ReadModels; readonly search: Search };

const most = 8;
const candidates = 40;

const shared = (ours: readonly string[], theirs: readonly string[]): number =>
  ours.filter((one) => theirs.includes(one)).length;

/** How near a card is: a service in common says more than a tag, a tag about as much as the category. */
const nearness = (product: ProductDocument, other: Card): number =>
  (other.category === product.category ? 2 : 0) +
  2 * shared(product.tags, other.tags) +
  3 * shared(product.integrations, other.integrations);

const asksFor = ({ category, tags, integrations: worksWith }: ProductDocument): readonly SearchFilters[] => {
  const some = (filters: SearchFilters, values: readonly string[]) => (values.length === 0 ? [] : [filters]);
  return [
    ...some({ worksWith, tag: tags }, worksWith.length === 0 ? [] : tags),
    ...some({ worksWith }, worksWith),
    ...some({ tag: tags }, tags),
    ...some({ category: [categorySlug(category)] }, [category]),
  ];
};

const relatedTo = async ({ models, search }: Deps, product: ProductDocument): Promise<Card[]> => {
  const found = await Promise.all(
    asksFor(product).map((filters) => search.query({ filters, sort: 'bestselling', limit: candidates, facets: false })),
  );
  const ids = new Set(found.flatMap((answer) => answer.ids).filter((id) => id !== product.id));
  const scored = (await cardsOf(models, [...ids])).map((other) => ({ other, near: nearness(product, other) }));
  return scored
    .filter(({ near }) => near > 0)
    .sort((a, b) => b.near - a.near || b.other.sold - a.other.sold || (a.other.id < b.other.id ? -1 : 1))
    .map(({ other }) => other);
};

/** Products like this one, of the best-selling that share a service, a tag or the category with it; never itself. */
export const relatedRoute = (app: FastifyInstance, deps: Deps): void => {
  queryRoute(app, deps, {
    url: '/products/:id/related',
    summary: 'Products like this one: what they share with it decides, then sales',
    tag: 'Catalogue',
    access: 'anyone',
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(most).default(most) }),
    params: idParams,
    answer: pageAnswer(card),
    reads: [...pageReads, searchProjection.name, catalogue.name],
    run: async ({ params, query, identity }) => {
      const { product } = await seenProduct(deps.models, params.id, identity);
      return { items: (await relatedTo(deps, product)).slice(0, query.limit), nextCursor: null };
    },
  });
};
