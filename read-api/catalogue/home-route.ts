import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../../infra/clock/port.ts';
import type { Search, SearchSort } from '../../infra/search/port.ts';
import { catalogue } from '../../projections/products/catalogue.ts';
import { productSales } from '../../projections/products/product-sales.ts';
import { search as searchProjection } from '../../projections/products/search.ts';
import { vendors } from '../../projections/vendors/vendors.ts';
import { timeText } from '../answers.ts';
import { noParams, noQuery, type QueryRouteDeps, queryRoute } from '../http/query-route.ts';
import type { ReadModels } from '../read-models.ts';
import { bestsellers } from './bestsellers.ts';
import { card, cardsOf } from './card.ts';
import type { PopularSearches } from './popular-searches.ts';

type Deps = QueryRouteDeps & {
  readonly models: ReadModels;
  readonly search: Search;
  readonly clock: Clock;
  readonly popular: PopularSearches;
};

const shown = 8;

/**
 * The storefront's first page. Picked are the best rated; what popular searches are, see `popularSearches`.
 */
export const homeRoute = (app: FastifyInstance, deps: Deps): void => {
  const { models, search, clock, popular } = deps;
  const sorted = async (sort: SearchSort) =>
    cardsOf(models, (await search.query({ filters: {}, sort, limit: shown, facets: false })).ids);

  queryRoute(app, deps, {
    url: '/home',
    summary: 'The first page: best rated, best-selling of 30 days, newest, and the words to search for',
    tag: 'Catalogue',
    access: 'anyone',
    query: noQuery,
    params: noParams,
    answer: z.object({
      picked: z.array(card),
      bestsellers: z.array(card),
      new: z.array(card),
      popularSearches: z.array(z.object({ text: z.string() })),
    }),
    reads: [searchProjection.name, catalogue.name, vendors.name, productSales.name],
    run: async () => {
      const { facets } = await search.query({ filters: {}, sort: 'newest', limit: 1, facets: true });
      return {
        picked: await sorted('rating'),
        bestsellers: [...(await bestsellers(models, timeText(clock.now()).slice(0, 10), shown))],
        new: await sorted('newest'),
        popularSearches: popular.top(facets, shown).map((words) => ({ text: words })),
      };
    },
  });
};
