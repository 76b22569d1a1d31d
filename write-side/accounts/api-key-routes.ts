import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { accountDecider } from '../../domain/account/account.ts';
import { apiKeyScope, apiKeyScopes } from '../../domain/account/api-key.ts';
import { domainError } from '../../domain/errors.ts';
import {
  type CommandRouteDeps,
  commandAnswer,
  commandRoute,
  contextOf,
  idParams,
  ifRevisionOf,
  mainStream,
  noBody,
  sendHandled,
} from '../http/command-route.ts';
import { signedIn } from '../http/signed-in.ts';
import type { ApiKeys } from './api-keys.ts';
import { livingAccount } from './profile.ts';

type Deps = CommandRouteDeps & { readonly apiKeys: ApiKeys };

const tags = ['Accounts'];
const noQuery = z.strictObject({});
const dayMs = 24 * 3_600_000;
const longestMs = 366 * dayMs;
const usualMs = 90 * dayMs;

const keyBody = z.strictObject({
  name: z.string().trim().min(1).max(80),
  scopes: z.array(apiKeyScope).min(1).max(apiKeyScopes.length),
  /** At most 366 days ahead; 90 days when it is left out. */
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});

const keyAnswer = z.object({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(apiKeyScope),
  createdAt: z.string(),
  expiresAt: z.string(),
  /** The day (UTC). */
  lastUsedOn: z.string().nullable(),
});

/** @throws DomainError INVALID_INPUT */
const expiryOf = (given: string | undefined, now: number): string => {
  const at = given === undefined ? now + usualMs : Date.parse(given);
  if (at > now && at <= now + longestMs) return new Date(at).toISOString();
  const message = 'is in the future and at most 366 days ahead';
  throw domainError('INVALID_INPUT', `expiresAt: ${message}`, { errors: [{ path: 'expiresAt', message }] });
};

/**
 * One's API keys. Making one takes no Idempotency-Key: its answer is the only one that holds the secret, and is not made again.
 * Paths are below the base path.
 */
export const apiKeyRoutes = (app: FastifyInstance, deps: Deps): void => {
  const typed = app.withTypeProvider<ZodTypeProvider>();

  typed.get(
    '/api-keys',
    {
      config: { access: 'signedIn', sessionOnly: true },
      schema: {
        summary: 'One’s API keys, the oldest first; never their secrets',
        tags,
        querystring: noQuery,
        response: { 200: z.object({ items: z.array(keyAnswer), nextCursor: z.null() }) },
      },
    },
    async ({ identity }, reply) => {
      const { accountId } = signedIn(identity);
      const { apiKeys } = await livingAccount(deps.handling, accountId);
      const uses = await deps.apiKeys.lastUses(accountId);
      reply.header('cache-control', 'no-store');
      const items = apiKeys.map(({ keyId, scopes, ...key }) => ({
        ...{ id: keyId, ...key, scopes: [...scopes] },
        lastUsedOn: uses.get(keyId) ?? null,
      }));
      return { items, nextCursor: null };
    },
  );

  typed.post(
    '/api-keys',
    {
      config: {
        ...{ access: 'signedIn', ratePerMinute: 20, sessionOnly: true },
        contract: {
          honours: ['If-Match', 'traceparent'],
          sends: ['ETag', 'X-Position'],
          refuses: ['REVISION_MISMATCH', 'CONTENTION', 'TOO_MANY_API_KEYS', 'ACCOUNT_ERASED'],
        },
      },
      schema: {
        summary: 'Make an API key; the answer is the only place that shows it',
        tags,
        querystring: noQuery,
        body: keyBody,
        response: { 201: commandAnswer.extend({ key: z.string(), expiresAt: z.string() }) },
      },
    },
    async (request, reply) => {
      const { accountId } = signedIn(request.identity);
      const { name, scopes } = request.body;
      const now = deps.clock.now();
      const expiresAt = expiryOf(request.body.expiresAt, now);
      const { context } = contextOf(deps, request, undefined);
      const keyId = deps.random.uuid();
      const ifRevision = ifRevisionOf(request);
      const { handled, key } = await deps.apiKeys.create(
        accountId,
        { keyId, name, scopes: [...new Set(scopes)], createdAt: new Date(now).toISOString(), expiresAt },
        { ...context, commandId: keyId, correlationId: keyId },
        ifRevision === undefined ? {} : { ifRevision },
      );
      return { ...sendHandled(reply, 201, keyId, handled), key, expiresAt };
    },
  );

  commandRoute(app, deps, {
    method: 'DELETE',
    url: '/api-keys/:id',
    summary: 'Take an API key back at once',
    tag: 'Accounts',
    access: 'signedIn',
    status: 200,
    body: noBody,
    params: idParams,
    refuses: ['ACCOUNT_ERASED'],
    main: ({ identity, params }) => mainStream(accountDecider, signedIn(identity).accountId, params.id),
    run: ({ identity, params, context, ifRevision }) =>
      deps.apiKeys.revoke(
        signedIn(identity).accountId,
        params.id,
        context,
        ifRevision === undefined ? {} : { ifRevision },
      ),
  });
};
