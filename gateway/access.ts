import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type DomainError, domainError } from '../domain/errors.ts';
import type { Identity } from '../infra/http/port.ts';
import { accessCookieOf, type BrowserSessions, isOurs } from './cookies.ts';
import { keyMay } from './key-scopes.ts';

/** Checks an access token: signature, time, its session, its account's epoch. Undefined: not (or no longer) valid. */
export type Authenticate = (accessToken: string) => Promise<Identity | undefined>;

/** The ways to say who one is, beside the bearer token; those left out are not accepted. */
export type OtherCredentials = {
  /** Checks an `X-API-Key`. */
  readonly authenticateKey?: ((key: string) => Promise<Identity | undefined>) | undefined;
  readonly browserSessions?: BrowserSessions | undefined;
};

const bearer = /^Bearer ([^\s]+)$/i;

const refuse = (message: string) => domainError('INVALID_INPUT', message, { errors: [{ path: 'X-API-Key', message }] });

/**
 * Who asks: by token, key or cookie; undefined: nobody that we know. A cookie is only as good as the CSRF token beside it: without
 * one a route that is open to anyone is answered as to anyone.
 * @throws DomainError INVALID_INPUT, CSRF_FAILED
 */
const identify = async (
  request: FastifyRequest,
  authenticate: Authenticate,
  { authenticateKey, browserSessions }: OtherCredentials,
): Promise<Identity | undefined> => {
  const { authorization, 'x-api-key': key } = request.headers;
  if (key !== undefined && authenticateKey !== undefined) {
    if (authorization !== undefined) throw refuse('comes without Authorization: one of the two');
    if (typeof key !== 'string') throw refuse('comes once');
    return authenticateKey(key);
  }
  const token = bearer.exec(authorization ?? '')?.[1];
  if (token !== undefined) return authenticate(token);
  const cookie = browserSessions && accessCookieOf(request, browserSessions);
  const identity = cookie === undefined ? undefined : await authenticate(cookie);
  if (identity === undefined || browserSessions === undefined) return identity;
  if (isOurs(request, identity.sessionId, browserSessions)) return identity;
  if (request.routeOptions.config.access === 'anyone' || request.is404) return undefined;
  throw domainError('CSRF_FAILED');
};

const isStranger = ({ headers }: FastifyRequest): boolean =>
  headers.authorization === undefined && headers['x-api-key'] === undefined && headers.cookie === undefined;

/** Why this caller may not call this route; undefined: it may. */
const refusalOf = (request: FastifyRequest, identity: Identity | undefined): DomainError | undefined => {
  const access = request.routeOptions.config.access;
  if (access === 'anyone' || request.is404) return undefined;
  if (identity === undefined) return domainError('UNAUTHENTICATED');
  if (access === undefined) return domainError('FORBIDDEN');
  const { roles, apiKey } = identity;
  if (access !== 'signedIn' && !access.roles.some((role) => roles.includes(role))) return domainError('FORBIDDEN');
  if (apiKey !== undefined && !keyMay(request, apiKey, roles)) return domainError('SCOPE_MISSING');
  return undefined;
};

/**
 * Default deny: a route that does not say who may call it does not start; one that does is answered 401 without valid
 * credentials and 403 without the role, or with a key whose scopes do not reach it. Runs before the body is read.
 */
export const enforceAccess = (
  app: FastifyInstance,
  authenticate: Authenticate,
  others: OtherCredentials = {},
): void => {
  app.decorateRequest('identity', undefined);
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/docs')) route.config = { ...route.config, access: 'anyone' };
    if (route.config?.access === undefined && route.method !== 'HEAD' && route.method !== 'OPTIONS') {
      throw new Error(`${String(route.method)} ${route.url} does not say who may call it`);
    }
  });
  app.addHook('onRequest', (request, _reply, done) => {
    // Whoever shows nothing is a stranger, which is known at once: most requests of a shop are theirs.
    if (isStranger(request)) done(refusalOf(request, undefined));
    else
      identify(request, authenticate, others).then((identity) => {
        request.identity = identity;
        done(refusalOf(request, identity));
      }, done);
  });
};
