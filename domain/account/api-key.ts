import { z } from 'zod';

/**
 * What a key may be used for. `read` lets it read everything its account may read; the next four let it command in that
 * part; the last three bring a role that the account has into the key, for all that the role may.
 */
export const apiKeyScopes = [
  'read',
  'products',
  'orders',
  'licenses',
  'money',
  'admin',
  'auditor',
  'operator',
] as const;
export const apiKeyScope = z.enum(apiKeyScopes);
export type ApiKeyScope = z.infer<typeof apiKeyScope>;

/** `name` is what its owner calls it; times are RFC 3339, UTC, milliseconds. */
export type ApiKey = {
  readonly keyId: string;
  readonly name: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly createdAt: string;
  readonly expiresAt: string;
};

/** Keys that one account may have at a time. */
export const maxApiKeys = 20;

/** Roles that a key has only when its account has the role and it has the scope of the same name. */
const guarded: readonly string[] = ['admin', 'auditor', 'operator'];

/** What is left of an account's roles in the hands of a key. */
export const rolesOfKey = (roles: readonly string[], scopes: readonly ApiKeyScope[]): readonly string[] =>
  roles.filter((role) => !guarded.includes(role) || scopes.some((scope) => scope === role));
