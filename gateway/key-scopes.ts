import type { FastifyRequest } from 'fastify';
import { type Access, type ApiTag, apiTags, type Identity } from '../infra/http/port.ts';

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
const isGuarded = (role: string): boolean => guardedRoles.includes(role);

/** A route of no part that we know is closed. */
const scopesOfTags = (tags: readonly string[]): readonly string[] =>
  tags.map((tag) => (isTag(tag) ? scopeOfTag[tag] : 'closed'));

/**
 * The scopes of which a key needs one; none: no key may call it. `read` reads; a command needs the scope of its tag; where the
 * route asks for a guarded role, the scope of the same name brings it, and suffices.
 */
export const scopesFor = (route: {
  readonly method: string;
  readonly access: Access;
  readonly sessionOnly: boolean;
  readonly tags: readonly string[];
}): readonly string[] => {
  const { access } = route;
  const safe = safeMethods.includes(route.method);
  const ofTags = scopesOfTags(route.tags);
  if (route.sessionOnly || (!safe && ofTags.includes('closed'))) return [];
  const roles = typeof access === 'object' ? access.roles : ['customer'];
  const plain = safe ? ['read'] : ofTags.filter((scope) => scope !== 'none');
  return [...roles.filter(isGuarded), ...(roles.every(isGuarded) ? [] : plain)];
};

/** Whether the scopes of a key reach the route; that its roles do is checked besides. */
export const keyMay = (request: FastifyRequest, { scopes }: Key, roles: readonly string[]): boolean => {
  const { access, sessionOnly = false } = request.routeOptions.config;
  if (access === 'anyone') return true;
  if (access === undefined) return false;
  const tags = request.routeOptions.schema?.tags ?? [];
  return scopesFor({ method: request.method, access, sessionOnly, tags }).some(
    (scope) => scopes.includes(scope) && (!isGuarded(scope) || roles.includes(scope)),
  );
};
