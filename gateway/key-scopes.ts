import type { FastifyRequest } from 'fastify';
import { type ApiTag, apiTags, type Identity } from '../infra/http/port.ts';

type Key = NonNullable<Identity['apiKey']>;

/**
 * Which scope lets a key command in which part of the API. Where there is none, keys command only by the role that a guarded route
 * asks for; who is who (`closed`) is no business of a key, whatever its account may.
 */
const scopeOfTag: Readonly<Record<ApiTag, 'products' | 'orders' | 'licenses' | 'money' | 'none' | 'closed'>> = {
  Accounts: 'closed',
  Notifications: 'none',
  Live: 'none',
  Catalogue: 'products',
  Vendors: 'products',
  Products: 'products',
  Cart: 'orders',
  Orders: 'orders',
  Coupons: 'orders',
  Reviews: 'orders',
  Licences: 'licenses',
  Money: 'money',
  Auditors: 'none',
  Operators: 'none',
  Webhooks: 'none',
  Health: 'none',
};

const guardedRoles: readonly string[] = ['admin', 'auditor', 'operator'];
const safeMethods: readonly string[] = ['GET', 'HEAD'];

const isTag = (tag: string): tag is ApiTag => Object.hasOwn(apiTags, tag);

/** A route of no part that we know is closed. */
const scopesOf = (request: FastifyRequest): readonly string[] =>
  (request.routeOptions.schema?.tags ?? []).map((tag) => (isTag(tag) ? scopeOfTag[tag] : 'closed'));

/**
 * Whether the scopes of a key reach the route; that its roles do is checked besides. `read` reads; a command needs the scope of
 * its tag; where the route asks for a guarded role, the key has that only by the scope of the same name, which suffices.
 */
export const keyMay = (request: FastifyRequest, { scopes }: Key, roles: readonly string[]): boolean => {
  const { access, sessionOnly } = request.routeOptions.config;
  if (access === 'anyone') return true;
  const safe = safeMethods.includes(request.method);
  const needed = scopesOf(request);
  if (sessionOnly === true || (!safe && needed.includes('closed'))) return false;
  if (typeof access === 'object' && access.roles.some((role) => guardedRoles.includes(role) && roles.includes(role)))
    return true;
  return safe ? scopes.includes('read') : needed.some((scope) => scopes.includes(scope));
};
