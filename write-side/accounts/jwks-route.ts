import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AccessTokens } from '../../infra/secrets/port.ts';

/** `GET /.well-known/jwks.json`: the public keys that access tokens are checked with. Has no base path. */
export const jwksRoute = (app: FastifyInstance, tokens: Pick<AccessTokens, 'jwks'>): void => {
  app.get(
    '/.well-known/jwks.json',
    {
      config: { access: 'anyone' },
      schema: {
        summary: 'Public keys of the access tokens',
        tags: ['Accounts'],
        response: { 200: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }) },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=300');
      return tokens.jwks();
    },
  );
};
