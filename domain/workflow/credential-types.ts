import types from './credential-types.json' with { type: 'json' };
import { spelledOut } from './node-types.ts';

export type CredentialKind = 'api-key' | 'oauth2' | 'oauth1' | 'basic' | 'http-generic' | 'database' | 'server';
export type CredentialType = { readonly label: string; readonly kind: CredentialKind };

const KINDS: readonly CredentialKind[] = ['api-key', 'oauth2', 'oauth1', 'basic', 'http-generic', 'database', 'server'];

// A row is `label;kind`.
const read = (row: string): CredentialType => {
  const [label = '', kind = ''] = row.split(';');
  return { label, kind: KINDS.find((known) => known === kind) ?? 'api-key' };
};

const table: ReadonlyMap<string, CredentialType> = new Map(
  Object.entries(types).map(([type, row]) => [type, read(row)]),
);

/** True for a credential type that is in the table. */
export const isKnownCredential = (type: string): boolean => table.has(type);

/** Label and kind of a credential type; for one that is not in the table both are read off its name. */
export const credentialType = (type: string): CredentialType =>
  table.get(type) ?? {
    label: spelledOut(type),
    kind: /oauth2/i.test(type) ? 'oauth2' : /^http.*auth$/i.test(type) ? 'http-generic' : 'api-key',
  };
