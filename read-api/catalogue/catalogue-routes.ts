import type { FastifyInstance } from 'fastify';
import type { Documents } from '../../infra/documents/port.ts';
import type { ObjectStore } from '../../infra/objects/port.ts';
import type { Search } from '../../infra/search/port.ts';
import type { QueryRouteDeps } from '../http/query-route.ts';
import { readModels } from '../read-models.ts';
import type { LogReader } from '../state-from-log.ts';
import { productRoutes } from './product-routes.ts';
import { searchRoutes } from './search-routes.ts';
import { vendorRoutes } from './vendor-routes.ts';

export type CatalogueDeps = QueryRouteDeps &
  LogReader & {
    readonly documents: Documents;
    /** Over the projection `search`. */
    readonly search: Search;
    readonly objects: ObjectStore;
  };

/** What is for sale, and by whom. */
export const catalogueRoutes = (app: FastifyInstance, deps: CatalogueDeps): void => {
  const models = readModels(deps.documents);
  searchRoutes(app, { ...deps, models });
  productRoutes(app, { ...deps, models });
  vendorRoutes(app, { ...deps, models });
};
