import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { accountDecider, rolesOf } from '../../domain/account/account.ts';
import { role } from '../../domain/account/events.ts';
import { domainError } from '../../domain/errors.ts';
import { noBody } from '../http/command-route.ts';
import type { SignedIn } from './sessions.ts';
import { refreshSession, type SignInDeps, signIn } from './sign-in.ts';

const tags = ['Accounts'];
const noQuery = z.strictObject({});

const tokensAnswer = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  /** Seconds. */
  expiresIn: z.number().int(),
  tokenType: z.literal('Bearer'),
});
const tokensOf = ({ accessToken, refreshToken, expiresIn, tokenType }: SignedIn): z.infer<typeof tokensAnswer> => ({
  accessToken,
  refreshToken,
  expiresIn,
  tokenType,
});

const meAnswer = z.object({
  id: z.uuid(),
  email: z.string(),
  displayName: z.string(),
  roles: z.array(role),
  vendorId: z.uuid().optional(),
  emailVerified: z.boolean(),
});

/** Sign-in, refresh, logout and `GET /me`: no commands, so no Idempotency-Key; nothing of them is kept by a cache. */
export const sessionRoutes = (app: FastifyInstance, deps: SignInDeps): void => {
  const typed = app.withTypeProvider<ZodTypeProvider>();

  typed.post(
    '/auth/login',
    {
      config: { access: 'anyone', ratePerMinute: 30 },
      schema: {
        summary: 'Sign in',
        tags,
        querystring: noQuery,
        // Lengths only: what can't be an address or a password is as wrong as any other.
        body: z.strictObject({ email: z.string().max(1_000), password: z.string().max(1_000) }),
        response: { 200: tokensAnswer },
      },
    },
    async ({ body }, reply) => {
      reply.header('cache-control', 'no-store');
      return tokensOf(await signIn(deps, body.email, body.password));
    },
  );

  typed.post(
    '/auth/refresh',
    {
      config: { access: 'anyone' },
      schema: {
        summary: 'Change a refresh token for new tokens; one that was used ends its session',
        tags,
        querystring: noQuery,
        body: z.strictObject({ refreshToken: z.string().min(1).max(500) }),
        response: { 200: tokensAnswer },
      },
    },
    async ({ body }, reply) => {
      reply.header('cache-control', 'no-store');
      return tokensOf(await refreshSession(deps, body.refreshToken));
    },
  );

  typed.post(
    '/auth/logout',
    {
      config: { access: 'signedIn', sessionOnly: true },
      schema: {
        summary: 'End this session at once',
        tags,
        querystring: noQuery,
        body: noBody,
        response: { 204: z.null() },
      },
    },
    async ({ identity }, reply) => {
      if (identity === undefined) throw domainError('UNAUTHENTICATED');
      await deps.sessions.end(identity.sessionId);
      return reply.status(204).header('cache-control', 'no-store').send(null);
    },
  );

  typed.get(
    '/me',
    {
      config: { access: 'signedIn' },
      schema: { summary: 'Who is signed in', tags, querystring: noQuery, response: { 200: meAnswer } },
    },
    async ({ identity }, reply) => {
      if (identity === undefined) throw domainError('UNAUTHENTICATED');
      const { state, revision } = await deps.handling.load(accountDecider, identity.accountId);
      if (state.status !== 'registered') throw domainError('UNAUTHENTICATED');
      const { accountId, email, displayName, vendorId, emailVerified } = state;
      reply.header('etag', `"${revision}"`).header('cache-control', 'no-store');
      const roles = [...rolesOf(state)];
      return {
        id: accountId,
        email,
        displayName,
        roles,
        ...(vendorId === undefined ? {} : { vendorId }),
        emailVerified,
      };
    },
  );
};
