import { z } from 'zod';
import { type Account, accountDecider, rolesOf } from '../../domain/account/account.ts';
import { type ApiKey, rolesOfKey } from '../../domain/account/api-key.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { Identity } from '../../infra/http/port.ts';
import type { Random } from '../../infra/random/port.ts';
import type { SecretStore } from '../../infra/secrets/port.ts';
import type { CommandContext } from '../handling/context.ts';
import type { Handled, Handling, HandlingOptions } from '../handling/handling.ts';
import { fits, hashOf } from './refresh-token.ts';

const kind = 'apiKey';
const secretBytes = 32;

const keyRecord = z.object({
  accountId: z.string(),
  hash: z.string(),
  /** The day (UTC) of the last use: no finer, so that a key in use is written once a day. */
  lastUsedOn: z.string().nullable(),
});
type KeyRecord = z.infer<typeof keyRecord>;

export type ApiKeys = {
  /** Makes the key of `ap_<keyId>_<secret>`, which is shown once. Stored before it is recorded: what is recorded works. */
  create(
    accountId: string,
    key: ApiKey,
    context: CommandContext,
    options: HandlingOptions,
  ): Promise<{ readonly handled: Handled<Account>; readonly key: string }>;
  revoke(
    accountId: string,
    keyId: string,
    context: CommandContext,
    options: HandlingOptions,
  ): Promise<Handled<Account>>;
  /** Days of last use by key id. */
  lastUses(accountId: string): Promise<ReadonlyMap<string, string | null>>;
  /** Who a key speaks for, as log and clock have it now. Undefined: not (or no longer) valid. */
  authenticate(key: string): Promise<Identity | undefined>;
};

const shown = /^ap_([0-9a-f-]{36})_([\w-]{43})$/;
const recordOf = (value: Uint8Array): KeyRecord => keyRecord.parse(JSON.parse(Buffer.from(value).toString()));

/** API keys: what they may is on the account's stream, their secrets are hashed in the secret store. */
export const apiKeys = (deps: {
  readonly handling: Handling;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly random: Random;
}): ApiKeys => {
  const { handling, secrets, clock, random } = deps;

  const save = (keyId: string, record: KeyRecord, expected: number | 'absent', expiresAt: number): Promise<boolean> =>
    secrets.put(kind, keyId, Buffer.from(JSON.stringify(record)), expected, { owner: record.accountId, expiresAt });

  return {
    create: async (accountId, key, context, options) => {
      const secret = random.bytes(secretBytes);
      const before = await secrets.get(kind, key.keyId);
      const record = { accountId, hash: hashOf(secret), lastUsedOn: null };
      await save(key.keyId, record, before?.version ?? 'absent', Date.parse(key.expiresAt));
      const handled = await handling.handle(
        accountDecider,
        accountId,
        { type: 'CreateApiKey', ...key },
        context,
        options,
      );
      return { handled, key: `ap_${key.keyId}_${Buffer.from(secret).toString('base64url')}` };
    },
    revoke: async (accountId, keyId, context, options) => {
      const command = { type: 'RevokeApiKey', keyId } as const;
      const handled = await handling.handle(accountDecider, accountId, command, context, options);
      await secrets.remove(kind, keyId);
      return handled;
    },
    lastUses: async (accountId) =>
      new Map((await secrets.listByOwner(kind, accountId)).map(({ id, value }) => [id, recordOf(value).lastUsedOn])),
    authenticate: async (text) => {
      const [, keyId, secret] = shown.exec(text) ?? [];
      const stored = keyId === undefined ? undefined : await secrets.get(kind, keyId);
      if (keyId === undefined || secret === undefined || stored === undefined) return undefined;
      const record = recordOf(stored.value);
      if (!fits(Buffer.from(secret, 'base64url'), record.hash)) return undefined;
      const { state } = await handling.load(accountDecider, record.accountId);
      const key = state.status === 'registered' ? state.apiKeys.find((one) => one.keyId === keyId) : undefined;
      const now = new Date(clock.now()).toISOString();
      if (key === undefined || key.expiresAt <= now) return undefined;
      const today = now.slice(0, 10);
      // Of several at once one writes the day; that suffices.
      if (record.lastUsedOn !== today)
        await save(keyId, { ...record, lastUsedOn: today }, stored.version, Date.parse(key.expiresAt));
      const { accountId } = record;
      const roles = rolesOfKey(rolesOf(state), key.scopes);
      return { accountId, sessionId: keyId, roles, apiKey: { keyId, scopes: key.scopes } };
    },
  };
};
