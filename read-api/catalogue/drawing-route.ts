import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import { drawingVersion, drawWorkflow } from '../../domain/workflow/drawing/draw-workflow.ts';
import type { ObjectStore } from '../../infra/objects/port.ts';
import { idParams, noQuery, type QueryRouteDeps, waitFor, waitingContract } from '../http/query-route.ts';
import type { ReadModels } from '../read-models.ts';
import { isOnSale, pageReads, seenProduct, versionsFor } from './audience.ts';
import { previewOfVersion } from './preview.ts';

type Deps = QueryRouteDeps & { readonly models: ReadModels; readonly objects: ObjectStore };

const drawingParams = idParams.extend({ version: z.string().min(1).max(64) });
const mediaType = 'image/svg+xml';

/** Whether an If-None-Match names the tag; a weak one is as good as a strong one here. */
const isKnown = (given: string | undefined, etag: string): boolean =>
  (given ?? '').split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === etag);

/**
 * The drawing of a version. A version's preview never changes, so its ETag names what is drawn and not a revision; of a
 * product on sale anyone may keep it for ever, of another one nobody but who asked.
 */
export const drawingRoute = (app: FastifyInstance, deps: Deps): void => {
  app.route({
    method: 'GET',
    url: '/products/:id/versions/:version/thumb.svg',
    config: {
      access: 'anyone',
      contract: {
        ...waitingContract,
        honours: [...(waitingContract.honours ?? []), 'If-None-Match'],
        sends: ['ETag'],
      },
    },
    schema: {
      summary: 'The drawing of a version, 320 × 178, light and dark; immutable',
      tags: ['Catalogue'],
      params: drawingParams,
      querystring: noQuery,
      response: {
        200: { description: 'The drawing', content: { [mediaType]: { schema: z.string() } } },
        304: z.null().describe('The drawing is the one that If-None-Match names'),
      },
    },
    handler: async (request, reply) => {
      await waitFor(deps, pageReads, request);
      const params = drawingParams.parse(request.params);
      const seen = await seenProduct(deps.models, params.id, request.identity);
      const version = versionsFor(seen).find((each) => each.version === params.version);
      if (version === undefined) throw domainError('NOT_FOUND');
      if (version.previewKey === null) throw domainError('NOT_FOUND', 'The version has no drawing');
      const drawn = createHash('sha256').update(`${drawingVersion} ${version.previewKey}`).digest('base64url');
      const etag = `"${drawn.slice(0, 22)}"`;
      const kept = isOnSale(seen.product, seen.vendor);
      reply.headers({
        etag,
        'cache-control': kept ? 'public, max-age=31536000, immutable' : 'private, no-cache',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      });
      if (isKnown(request.headers['if-none-match'], etag)) return reply.status(304).send();
      const preview = await previewOfVersion(deps.objects, version);
      if (preview === undefined) throw domainError('NOT_FOUND', 'The version has no drawing');
      return reply.type(mediaType).send(drawWorkflow(preview));
    },
  });
};
