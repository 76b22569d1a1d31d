import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AccessTokens } from '../../infra/secrets/port.ts';

/** `GET /.well-known/jwks.json`: the public keys that access tokens, and what is signed by `others`, are checked with. Has no base path. */
export const jwksRoute = (
  app: FastifyInstance,
  tokens: Pick<AccessTokens, 'jwks'>,
  others: readonly Record<string, unknown>[] = [],
): void => {
  app.get(
    '/.well-known/jwks.json',
    {
      config: { access: 'anyone' },
      schema: {
        summary: 'Public keys of the access tokens and of the signed heads of the audit chain',
        tags: ['Accounts'],
        response: { 200: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }) },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=300');
      return { keys: [...tokens.jwks().keys, ...others] };
    },
  );
};
