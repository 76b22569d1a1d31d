import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { accountDecider, rolesOf } from '../../domain/account/account.ts';
import { role } from '../../domain/account/events.ts';
import { domainError } from '../../domain/errors.ts';
import { noBody } from '../http/command-route.ts';
import { browserCookies, csrfTokenOf } from './browser-cookies.ts';
import type { SignedIn } from './sessions.ts';
import { refreshSession, type SignInDeps, signIn } from './sign-in.ts';

const tags = ['Accounts'];
const noQuery = z.strictObject({});

/** `X-Session: cookie`: the tokens come as http-only cookies too, and a CSRF token with them. */
const sessionHeaders = z.looseObject({ 'x-session': z.literal('cookie').optional() });

const tokensAnswer = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  /** Seconds. */
  expiresIn: z.number().int(),
  tokenType: z.literal('Bearer'),
  /** With `X-Session: cookie`: what `X-CSRF-Token` has to say on every request that is no GET. */
  csrfToken: z.string().optional(),
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
export const sessionRoutes = (app: FastifyInstance, deps: SignInDeps & { readonly secureCookies: boolean }): void => {
  const typed = app.withTypeProvider<ZodTypeProvider>();

  const cookies = browserCookies(deps.secureCookies);

  const answer = (signed: SignedIn, reply: FastifyReply, asked: string | undefined): z.infer<typeof tokensAnswer> => {
    const { accessToken, refreshToken, expiresIn, tokenType, sessionId } = signed;
    const tokens = { accessToken, refreshToken, expiresIn, tokenType };
    reply.header('cache-control', 'no-store');
    if (asked === undefined) return tokens;
    cookies.set(reply, signed);
    return { ...tokens, csrfToken: csrfTokenOf(deps.keyedHash, sessionId) };
  };

  typed.post(
    '/auth/login',
    {
      config: {
        ...{ access: 'anyone', ratePerMinute: 30 },
        contract: { sends: ['Set-Cookie'], refuses: ['INVALID_CREDENTIALS'] },
      },
      schema: {
        summary: 'Sign in; with `X-Session: cookie` by cookies too',
        tags,
        querystring: noQuery,
        headers: sessionHeaders,
        // Lengths only: what can't be an address or a password is as wrong as any other.
        body: z.strictObject({ email: z.string().max(1_000), password: z.string().max(1_000) }),
        response: { 200: tokensAnswer },
      },
    },
    async ({ body, headers }, reply) =>
      answer(await signIn(deps, body.email, body.password), reply, headers['x-session']),
  );

  typed.post(
    '/auth/refresh',
    {
      config: { access: 'anyone', contract: { sends: ['Set-Cookie'], refuses: ['UNAUTHENTICATED', 'TOKEN_REUSED'] } },
      schema: {
        summary: 'Change a refresh token for new tokens; one that was used ends its session',
        description: 'With `X-Session: cookie` the token may come by its cookie instead of the body.',
        tags,
        querystring: noQuery,
        headers: sessionHeaders,
        body: z.strictObject({ refreshToken: z.string().min(1).max(500).optional() }).nullish(),
        response: { 200: tokensAnswer },
      },
    },
    async (request, reply) => {
      const asked = request.headers['x-session'];
      // A foreign page can't send the header without being asked for leave first, so the cookie needs no CSRF token here.
      const given = request.body?.refreshToken ?? (asked === undefined ? undefined : cookies.refreshTokenOf(request));
      if (given === undefined) {
        const errors = [{ path: 'refreshToken', message: 'is missing' }];
        throw domainError('INVALID_INPUT', 'refreshToken: is missing', { errors });
      }
      return answer(await refreshSession(deps, given), reply, asked);
    },
  );

  typed.post(
    '/auth/logout',
    {
      config: { access: 'signedIn', sessionOnly: true, contract: { sends: ['Set-Cookie'] } },
      schema: {
        summary: 'End this session at once',
        tags,
        querystring: noQuery,
        body: noBody,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      if (request.identity === undefined) throw domainError('UNAUTHENTICATED');
      await deps.sessions.end(request.identity.sessionId);
      if (request.headers.cookie !== undefined) cookies.clear(reply);
      return reply.status(204).header('cache-control', 'no-store').send(null);
    },
  );

  typed.get(
    '/me',
    {
      config: { access: 'signedIn', contract: { sends: ['ETag'] } },
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
