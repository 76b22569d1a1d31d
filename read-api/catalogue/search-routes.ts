import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import { InvalidCursor, type Search, type SearchAnswer, type SearchQuery } from '../../infra/search/port.ts';
import { catalogue } from '../../projections/products/catalogue.ts';
import { search as searchProjection } from '../../projections/products/search.ts';
import { vendors } from '../../projections/vendors/vendors.ts';
import { pageAnswer } from '../answers.ts';
import { pageOfAll } from '../cursor.ts';
import { noParams, pageQuery, type QueryRequest, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';
import type { ReadModels } from '../read-models.ts';
import { card, cardsOf } from './card.ts';
import type { PopularSearches } from './popular-searches.ts';
import { type ProductFilters, productFilters, searchFilters, withoutEach } from './search-query.ts';

export type SearchRouteDeps = QueryRouteDeps & {
  readonly models: ReadModels;
  readonly search: Search;
  readonly popular: PopularSearches;
};

const text = z.string().max(200).optional();
const facet = z.array(z.object({ value: z.string(), label: z.string(), count: z.number().int() }));
const cards = pageAnswer(card).extend({ total: z.number().int() });
const searchAnswer = cards.extend({
  facets: z.object({ category: facet, tag: facet, kind: facet, worksWith: facet, price: facet, rating: facet }),
  correction: z.object({ from: z.string(), to: z.string() }).optional(),
  relaxations: z.array(z.object({ without: z.string(), total: z.number().int() })).optional(),
});
const noFacets = { category: [], tag: [], kind: [], worksWith: [], price: [], rating: [] };

const asked = async (search: Search, query: SearchQuery): Promise<SearchAnswer> => {
  try {
    return await search.query(query);
  } catch (error) {
    if (error instanceof InvalidCursor) throw domainError('INVALID_CURSOR');
    throw error;
  }
};

const searchQuery = (words: string | undefined, query: ProductFilters): SearchQuery => ({
  ...(words === undefined ? {} : { text: words }),
  filters: searchFilters(query),
  sort: query.sort,
  limit: query.limit,
  ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
});

/** For each filter that is set how many there are without it, where that helps. */
const relaxationsOf = async (search: Search, query: SearchQuery) => {
  const { cursor: _, ...first } = query;
  const all = await Promise.all(
    withoutEach(query.filters).map(async ({ without, filters }) => {
      const { total } = await search.query({ ...first, filters, limit: 1, facets: false });
      return { without, total };
    }),
  );
  return all.filter(({ total }) => total > 0);
};

const copied = (facets: SearchAnswer['facets']): z.infer<typeof searchAnswer>['facets'] =>
  facets === undefined
    ? noFacets
    : {
        category: [...facets.category],
        tag: [...facets.tag],
        kind: [...facets.kind],
        worksWith: [...facets.worksWith],
        price: [...facets.price],
        rating: [...facets.rating],
      };

const suggestedProducts = 5;

const productsNamed = async ({ models, search }: Pick<SearchRouteDeps, 'models' | 'search'>, words: string) => {
  if (words.trim() === '') return [];
  const query = { text: words, filters: {}, sort: 'relevance', limit: suggestedProducts, facets: false } as const;
  const found = await cardsOf(models, (await search.query(query)).ids);
  return found.map(({ id, slug, title }) => ({ id, slug, title }));
};

const reads = [searchProjection.name, catalogue.name, vendors.name];

/** Finding products: lists, search with facets, suggestions, categories. */
export const searchRoutes = (app: FastifyInstance, deps: SearchRouteDeps): void => {
  const { models, search, popular } = deps;
  const open = { tag: 'Catalogue', access: 'anyone', params: noParams } as const;

  /** A later page is no search of its own. */
  const count = async (
    words: string | undefined,
    { cursor }: ProductFilters,
    total: number,
    by: QueryRequest<unknown, unknown>,
  ) => {
    if (words === undefined || cursor !== undefined || total === 0) return;
    await popular.searched(words, by.identity?.accountId ?? by.raw.ip);
  };

  queryRoute(app, deps, {
    ...open,
    alikeForStrangers: { unless: ['query'] },
    url: '/products',
    summary: 'Products on sale, as cards. Words count as typed; /search corrects them',
    query: productFilters.extend({ query: text }),
    answer: cards,
    reads,
    run: async ({ query, ...by }) => {
      const found = await asked(search, { ...searchQuery(query.query, query), exact: true, facets: false });
      await count(query.query, query, found.total, { query, ...by });
      const items = await cardsOf(models, found.ids);
      return { items, nextCursor: found.nextCursor ?? null, total: found.total };
    },
  });

  queryRoute(app, deps, {
    ...open,
    alikeForStrangers: { unless: ['q'] },
    url: '/search',
    summary: 'Search with facets; each facet is counted without its own filter',
    query: productFilters.extend({ q: text, exact: z.enum(['true', 'false']).default('false') }),
    answer: searchAnswer,
    reads,
    run: async ({ query, ...by }) => {
      const question = { ...searchQuery(query.q, query), exact: query.exact === 'true' };
      const found = await asked(search, question);
      const { total, correction } = found;
      await count(correction?.to ?? query.q, query, total, { query, ...by });
      return {
        items: await cardsOf(models, found.ids),
        nextCursor: found.nextCursor ?? null,
        total,
        facets: copied(found.facets),
        ...(correction === undefined ? {} : { correction }),
        ...(total > 0 ? {} : { relaxations: await relaxationsOf(search, question) }),
      };
    },
  });

  queryRoute(app, deps, {
    ...open,
    alikeForStrangers: {},
    url: '/search/suggest',
    summary: 'What the words typed so far may become, best first',
    query: z.strictObject({
      q: z.string().max(200).default(''),
      limit: z.coerce.number().int().min(1).max(20).default(8),
    }),
    answer: z.object({
      items: z.array(z.object({ text: z.string() })),
      /** Products on sale that the best suggestion finds. */
      products: z.array(z.object({ id: z.string(), slug: z.string(), title: z.string() })),
    }),
    reads,
    run: async ({ query: { q, limit } }) => {
      const before = q.replace(/\S*$/u, '');
      const items = (await search.suggest(q, limit)).map((word) => ({ text: `${before}${word}` }));
      return { items, products: await productsNamed(deps, items[0]?.text ?? q) };
    },
  });

  queryRoute(app, deps, {
    ...open,
    alikeForStrangers: {},
    url: '/categories',
    summary: 'Categories that have products on sale, the fullest first',
    query: pageQuery.extend({ limit: z.coerce.number().int().min(1).max(100).default(100) }),
    answer: pageAnswer(z.object({ slug: z.string(), label: z.string(), count: z.number().int() })),
    reads: [searchProjection.name, vendors.name],
    run: async ({ query }) => {
      const { facets } = await search.query({ filters: {}, sort: 'newest', limit: 1, facets: true });
      const all = (facets?.category ?? []).map(({ value: slug, label, count }) => ({ slug, label, count }));
      return pageOfAll('categories', all, ({ slug }) => slug, query);
    },
  });
};
