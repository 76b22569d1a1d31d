import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { refuseUnstorableText } from './storable-text.ts';

const noQuery = z.strictObject({});

/**
 * Addresses are as strict as bodies: a route that names no query parameters takes none, and no part of path or query is
 * text that can't be stored. Pages for people (hidden from the document) take any query. Register before the routes.
 */
export const strictAddresses = (app: FastifyInstance): void => {
  app.addHook('onRoute', (route) => {
    const isPage = route.schema?.hide === true || route.url.startsWith('/docs');
    if (!isPage && route.schema?.querystring === undefined) route.schema = { ...route.schema, querystring: noQuery };
  });
  app.addHook('preValidation', async ({ params, query }) => {
    refuseUnstorableText(params);
    refuseUnstorableText(query);
  });
};
