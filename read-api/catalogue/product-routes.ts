import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import { productDecider } from '../../domain/product/decider.ts';
import { readiness } from '../../domain/product/readiness.ts';
import type { ObjectStore } from '../../infra/objects/port.ts';
import { products } from '../../projections/products/products.ts';
import { vendors } from '../../projections/vendors/vendors.ts';
import { pageAnswer } from '../answers.ts';
import { pageOfAll } from '../cursor.ts';
import { idParams, noQuery, pageQuery, type QueryRouteDeps, queryRoute, withRevision } from '../http/query-route.ts';
import type { ReadModels } from '../read-models.ts';
import { type LogReader, stateFromLog } from '../state-from-log.ts';
import { ownVendor } from '../who-owns.ts';
import { pageReads, seenProduct, versionsFor } from './audience.ts';
import { card, cardOf } from './card.ts';
import { previewAnswer, previewFor } from './preview.ts';
import { cardFacts, pageOf, productPage, productState, versionAnswer, versionOf } from './product-page.ts';

export type ProductRouteDeps = QueryRouteDeps &
  LogReader & { readonly models: ReadModels; readonly objects: ObjectStore };

const idOrSlug = z.object({ idOrSlug: z.string().min(1).max(200) });
const ownProduct = card.extend({
  state: productState,
  latestVersion: z.string().nullable(),
  reasons: z.array(z.string()),
  createdAt: z.string(),
});
const vendorOnly = { roles: ['vendor'] } as const;

/** Products one by one: page, preview, versions; and for their vendor what is missing, and all of its own. */
export const productRoutes = (app: FastifyInstance, deps: ProductRouteDeps): void => {
  const { models, objects } = deps;
  const open = { tag: 'Catalogue', access: 'anyone', query: noQuery, reads: pageReads } as const;

  queryRoute(app, deps, {
    ...open,
    alikeForStrangers: {},
    url: '/products/:idOrSlug',
    summary: 'The product page',
    params: idOrSlug,
    sends: ['ETag'],
    answer: productPage,
    run: async ({ params, identity, reply }) => {
      const seen = await seenProduct(models, params.idOrSlug, identity);
      withRevision(reply, seen.product.revision);
      return pageOf(seen);
    },
  });

  queryRoute(app, deps, {
    ...open,
    url: '/products/:idOrSlug/preview',
    summary: 'What the workflow does, without anything secret',
    params: idOrSlug,
    sends: ['ETag'],
    answer: previewAnswer,
    run: async ({ params, identity, reply }) => {
      const seen = await seenProduct(models, params.idOrSlug, identity);
      const preview = await previewFor(objects, seen);
      if (preview === undefined) throw domainError('NOT_FOUND', 'The product has no preview');
      withRevision(reply, seen.product.revision);
      return preview;
    },
  });

  queryRoute(app, deps, {
    ...open,
    url: '/products/:id/versions',
    summary: 'The versions of a product, newest first',
    query: pageQuery,
    params: idParams,
    answer: pageAnswer(versionAnswer),
    run: async ({ params, query, identity }) => {
      const seen = await seenProduct(models, params.id, identity);
      const newest = versionsFor(seen).toReversed();
      const { items, nextCursor } = pageOfAll(`versions of ${params.id}`, newest, ({ version }) => version, query);
      return { items: items.map((version) => versionOf(version, seen.audience === 'vendor')), nextCursor };
    },
  });

  queryRoute(app, deps, {
    ...open,
    url: '/products/:id/versions/:version',
    summary: 'One version of a product',
    params: idParams.extend({ version: z.string().min(1).max(64) }),
    sends: ['ETag'],
    answer: versionAnswer,
    run: async ({ params, identity, reply }) => {
      const seen = await seenProduct(models, params.id, identity);
      const found = versionsFor(seen).find(({ version }) => version === params.version);
      if (found === undefined) throw domainError('NOT_FOUND');
      withRevision(reply, seen.product.revision);
      return versionOf(found, seen.audience === 'vendor');
    },
  });

  queryRoute(app, deps, {
    url: '/products/:id/readiness',
    summary: 'What is missing before the product can be on sale',
    tag: 'Products',
    access: vendorOnly,
    query: noQuery,
    params: idParams,
    sends: ['ETag'],
    answer: z.object({ ready: z.boolean(), reasons: z.array(z.string()) }),
    reads: [products.name, vendors.name],
    run: async ({ params, identity, reply }) => {
      const product = await models.get(products, params.id);
      if (product === undefined) throw domainError('NOT_FOUND');
      const vendor = await ownVendor(models, identity, product.vendorId);
      const reasons = readiness(await stateFromLog(deps, productDecider, product.id), vendor.state);
      withRevision(reply, product.revision);
      return { ready: reasons.length === 0, reasons: [...reasons] };
    },
  });

  queryRoute(app, deps, {
    url: '/vendors/:id/products',
    summary: 'The vendor’s own products in every state, newest first',
    tag: 'Products',
    access: vendorOnly,
    query: pageQuery.extend({ state: productState.optional() }),
    params: idParams,
    answer: pageAnswer(ownProduct),
    reads: [products.name, vendors.name],
    run: async ({ params, query: { state, limit, cursor }, identity }) => {
      const vendor = await ownVendor(models, identity, params.id);
      const { items, nextCursor } = await models.page(products, {
        where: { vendorId: vendor.id, ...(state === undefined ? {} : { state }) },
        order: [{ field: 'createdAt', direction: 'desc' }],
        ...{ limit, cursor },
      });
      const own = items.map((product) => ({
        ...cardOf(cardFacts(product), vendor),
        state: product.state,
        latestVersion: product.saleVersion,
        reasons: [...product.reasons],
        createdAt: product.createdAt,
      }));
      return { items: own, nextCursor };
    },
  });
};
