import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { type Access, apiTags } from '../infra/http/port.ts';

const whoMay = (access: Access | undefined): string => {
  if (access === undefined || access === 'anyone') return 'Anyone.';
  if (access === 'signedIn') return 'Any signed-in account.';
  return `Role ${access.roles.join(' or ')}.`;
};

/** OpenAPI 3.1 of every route at `/openapi.json`, and the readable `/docs`. Register before the routes. */
export const describeApi = async (app: FastifyInstance): Promise<void> => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Autopilot',
        version: '1',
        description:
          'A marketplace for AI agents, n8n workflows and automation assets. Errors are RFC 9457 problem documents.',
      },
      tags: Object.entries(apiTags).map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        },
        schemas: {
          Problem: {
            type: 'object',
            required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
            properties: {
              type: { type: 'string' },
              title: { type: 'string' },
              status: { type: 'integer' },
              detail: { type: 'string' },
              code: { type: 'string' },
              requestId: { type: 'string' },
              errors: {
                type: 'array',
                items: {
                  type: 'object',
                  required: ['path', 'message'],
                  properties: { path: { type: 'string' }, message: { type: 'string' } },
                },
              },
            },
          },
        },
      },
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route);
      const access = route.route.config?.access;
      const description = [schema.description, `Who may call it: ${whoMay(access)}`].filter(Boolean).join('\n\n');
      const secured = access !== undefined && access !== 'anyone';
      const closedToKeys = route.route.config?.sessionOnly === true;
      const problem = {
        description: 'A refusal: the code says why.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      };
      return {
        url,
        schema: {
          ...schema,
          description,
          ...(secured ? { security: [{ bearer: [] }, ...(closedToKeys ? [] : [{ apiKey: [] }])] } : {}),
          response: { ...(schema.response ?? {}), '4xx': problem, '5xx': problem },
        },
      };
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  app.get('/openapi.json', { config: { access: 'anyone' }, schema: { hide: true } }, async () => app.swagger());
};
