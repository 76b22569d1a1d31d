import type { FastifyRequest } from 'fastify';
import type { Identity } from '../infra/http/port.ts';

type Key = NonNullable<Identity['apiKey']>;

/** Which scope lets a key command under which tag (in lower case). A tag that is missing here is closed to keys. */
const scopeOfTag: Readonly<Record<string, string>> = {
  products: 'products',
  catalogue: 'products',
  vendors: 'products',
  versions: 'products',
  coupons: 'orders',
  orders: 'orders',
  cart: 'orders',
  reviews: 'orders',
  buying: 'orders',
  refunds: 'orders',
  disputes: 'orders',
  licenses: 'licenses',
  licences: 'licenses',
  downloads: 'licenses',
  money: 'money',
  payouts: 'money',
  statements: 'money',
  "vendor's money": 'money',
};

/** Who is who is no business of a key, whatever its account may. */
const closedTags: readonly string[] = ['accounts'];
const guardedRoles: readonly string[] = ['admin', 'auditor', 'operator'];
const safeMethods: readonly string[] = ['GET', 'HEAD'];

const tagsOf = (request: FastifyRequest): readonly string[] =>
  (request.routeOptions.schema?.tags ?? []).map((tag) => tag.toLowerCase());

/**
 * Whether the scopes of a key reach the route; that its roles do is checked besides. `read` reads; a command needs the scope of
 * its tag; where the route asks for a guarded role, the key has that only by the scope of the same name, which suffices.
 */
export const keyMay = (request: FastifyRequest, { scopes }: Key, roles: readonly string[]): boolean => {
  const { access, sessionOnly } = request.routeOptions.config;
  if (access === 'anyone') return true;
  const tags = tagsOf(request);
  const safe = safeMethods.includes(request.method);
  if (sessionOnly === true || (!safe && tags.some((tag) => closedTags.includes(tag)))) return false;
  if (typeof access === 'object' && access.roles.some((role) => guardedRoles.includes(role) && roles.includes(role)))
    return true;
  return safe ? scopes.includes('read') : tags.some((tag) => scopes.includes(scopeOfTag[tag] ?? ''));
};
