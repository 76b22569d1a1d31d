import type { FastifyInstance } from 'fastify';
import type { Counters } from '../../infra/cache/port.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { Documents } from '../../infra/documents/port.ts';
import type { ObjectStore } from '../../infra/objects/port.ts';
import type { Search } from '../../infra/search/port.ts';
import type { QueryRouteDeps } from '../http/query-route.ts';
import { rememberedAnswers } from '../http/remembered-answers.ts';
import { readModels } from '../read-models.ts';
import type { LogReader } from '../state-from-log.ts';
import { drawingRoute } from './drawing-route.ts';
import { homeRoute } from './home-route.ts';
import { popularSearches } from './popular-searches.ts';
import { productRoutes } from './product-routes.ts';
import { relatedRoute } from './related-route.ts';
import { searchRoutes } from './search-routes.ts';
import { sellingSearch } from './selling-search.ts';
import { vendorRoutes } from './vendor-routes.ts';

export type CatalogueDeps = QueryRouteDeps &
  LogReader & {
    readonly documents: Documents;
    /** Over the projection `search`. */
    readonly search: Search;
    readonly objects: ObjectStore;
    readonly clock: Clock;
    readonly counters: Counters;
  };

/** What is for sale, and by whom. */
export const catalogueRoutes = (app: FastifyInstance, deps: CatalogueDeps): void => {
  const models = readModels(deps.documents);
  const search = sellingSearch(models, deps.search, deps.documents);
  const answers = rememberedAnswers(deps.documents);
  const popular = popularSearches(deps.clock, deps.counters);
  searchRoutes(app, { ...deps, models, search, popular, answers });
  productRoutes(app, { ...deps, models, answers });
  vendorRoutes(app, { ...deps, models });
  drawingRoute(app, { ...deps, models });
  relatedRoute(app, { ...deps, models, search });
  homeRoute(app, { ...deps, models, search, popular });
};
