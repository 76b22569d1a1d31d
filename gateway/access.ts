import type { FastifyInstance, FastifyRequest } from 'fastify';
import { domainError } from '../domain/errors.ts';
import type { Identity } from '../infra/http/port.ts';

/** Checks an access token: signature, time, its session, its account's epoch. Undefined: not (or no longer) valid. */
export type Authenticate = (accessToken: string) => Promise<Identity | undefined>;

const bearer = /^Bearer ([^\s]+)$/i;

const tokenOf = (request: FastifyRequest): string | undefined => bearer.exec(request.headers.authorization ?? '')?.[1];

/**
 * Default deny: a route that does not say who may call it does not start; one that does is answered 401 without a valid
 * token and 403 without the role. Runs before the body is read.
 */
export const enforceAccess = (app: FastifyInstance, authenticate: Authenticate): void => {
  app.decorateRequest('identity', undefined);
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/docs')) route.config = { ...route.config, access: 'anyone' };
    if (route.config?.access === undefined && route.method !== 'HEAD' && route.method !== 'OPTIONS') {
      throw new Error(`${String(route.method)} ${route.url} does not say who may call it`);
    }
  });
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    const token = tokenOf(request);
    request.identity = token === undefined ? undefined : await authenticate(token);
    if (access === 'anyone' || request.is404) return;
    if (request.identity === undefined) throw domainError('UNAUTHENTICATED');
    if (access === undefined) throw domainError('FORBIDDEN');
    if (access === 'signedIn') return;
    const { roles } = request.identity;
    if (!access.roles.some((role) => roles.includes(role))) throw domainError('FORBIDDEN');
  });
};
