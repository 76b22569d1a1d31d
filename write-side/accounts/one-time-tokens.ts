import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../infra/clock/port.ts';
import type { Random } from '../../infra/random/port.ts';
import type { SecretStore } from '../../infra/secrets/port.ts';

const tokenBytes = 32;

const tokenRecord = z.object({ accountId: z.string(), emailHash: z.string(), expiresAt: z.number() });
/** Whom a token was mailed to: the account, and the address (hashed) that it had. */
export type TokenHolder = { readonly accountId: string; readonly emailHash: string };

/** Tokens that are mailed, each for one purpose. Stored hashed, owned by their account. */
export type OneTimeTokens = {
  issue(holder: TokenHolder): Promise<string>;
  /** How many of the account are still good. */
  living(accountId: string): Promise<number>;
  /** Uses the token up: of several at once one gets the holder. Undefined: unknown, used or expired. */
  use(token: string): Promise<TokenHolder | undefined>;
  removeAll(accountId: string): Promise<void>;
};

const idOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** `kind` names the purpose in the secret store; `ttlMs` is how long a token is good. */
export const oneTimeTokens = (
  deps: { readonly secrets: SecretStore; readonly clock: Clock; readonly random: Random },
  kind: string,
  ttlMs: number,
): OneTimeTokens => {
  const { secrets, clock, random } = deps;
  const recordOf = (value: Uint8Array) => tokenRecord.parse(JSON.parse(Buffer.from(value).toString()));
  return {
    issue: async ({ accountId, emailHash }) => {
      const token = Buffer.from(random.bytes(tokenBytes)).toString('base64url');
      const expiresAt = clock.now() + ttlMs;
      const value = Buffer.from(JSON.stringify({ accountId, emailHash, expiresAt }));
      await secrets.put(kind, idOf(token), value, 'absent', { owner: accountId, expiresAt });
      return token;
    },
    living: async (accountId) => {
      const stored = await secrets.listByOwner(kind, accountId);
      return stored.filter(({ value }) => value.length > 0 && recordOf(value).expiresAt > clock.now()).length;
    },
    use: async (token) => {
      const id = idOf(token);
      const stored = await secrets.get(kind, id);
      if (stored === undefined || stored.value.length === 0) return undefined;
      const { accountId, emailHash, expiresAt } = recordOf(stored.value);
      if (expiresAt <= clock.now()) return undefined;
      // The exact version lets one of several win.
      const options = { owner: accountId, expiresAt };
      if (!(await secrets.put(kind, id, new Uint8Array(0), stored.version, options))) return undefined;
      await secrets.remove(kind, id);
      return { accountId, emailHash };
    },
    removeAll: (accountId) => secrets.removeByOwner(accountId, kind),
  };
};
