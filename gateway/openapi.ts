import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { apiTags } from '../infra/http/port.ts';
import { answerHeaders } from './described-headers.ts';
import { operationDescriber } from './described-operation.ts';
import { problemSchema } from './described-problem.ts';
import type { DeclaredRoute } from './promises.ts';

const description = `A marketplace for AI agents, n8n workflows and automation assets.

Errors are RFC 9457 problem documents: branch on \`code\`; [every code](/docs/errors). A command answers the position at which it is
recorded; a query with that \`X-Min-Position\` shows it. \`x-access\` says who may call a route: \`roles\` is \`anyone\`, \`signedIn\`
or a list of which one is needed; \`apiKeyScopes\` are those of which an API key needs one (none: no key may). Whose thing it
is, is checked besides: somebody else's is 404. \`HEAD\` is answered wherever \`GET\` is, \`OPTIONS\`
tells the methods of a path in \`Allow\`, and one that it does not have is 405 \`METHOD_NOT_ALLOWED\`.`;

/** How one says who one is. */
const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
  browser: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-access',
    description:
      'http-only, by `X-Session: cookie` at sign-in; named `access` on plain http. Commands need X-CSRF-Token beside it.',
  },
} as const;

/** OpenAPI 3.1 of every route at `/openapi.json`, and the readable `/docs`. Register before the routes. */
export const describeApi = async (app: FastifyInstance): Promise<void> => {
  const routes = new Map<string, DeclaredRoute>();
  const describer = operationDescriber();
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Autopilot', version: '1', description },
      tags: Object.entries(apiTags).map(([name, about]) => ({ name, description: about })),
      components: { securitySchemes },
    },
    transform: ({ schema, url, route, ...rest }) => {
      const transformed = jsonSchemaTransform({ schema, url, route, ...rest });
      const path = transformed.url.replace(/:(\w+)/g, '{$1}');
      for (const method of [route.method].flat())
        routes.set(`${method.toLowerCase()} ${path}`, { ...route, url, schema });
      return transformed;
    },
    transformObject: (given) => {
      if (!('openapiObject' in given)) return given.swaggerObject;
      const { openapiObject: document } = given;
      for (const [path, item] of Object.entries(document.paths ?? {}))
        for (const [method, operation] of Object.entries(item ?? {})) {
          const route = routes.get(`${method} ${path}`);
          if (route === undefined || typeof operation !== 'object' || !('responses' in operation)) continue;
          // One object stands for all methods of a route.
          const described = { ...operation };
          describer.describe(described, { ...route, method: method.toUpperCase() }, path);
          Object.assign(item ?? {}, { [method]: described });
        }
      const described = {
        headers: answerHeaders,
        responses: describer.refusals(),
        schemas: { Problem: problemSchema },
      };
      Object.assign(document.components ?? {}, described);
      return document;
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  app.get('/openapi.json', { config: { access: 'anyone' }, schema: { hide: true } }, async () => app.swagger());
};
