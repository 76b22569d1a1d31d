import type { Decider } from '../decider.ts';
import { domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
import { type ApiKey, maxApiKeys } from './api-key.ts';
import { type AccountEvent, type Role, roles } from './events.ts';

export type Account =
  | { readonly status: 'none' }
  | {
      readonly status: 'registered';
      readonly accountId: string;
      readonly email: string;
      readonly emailHash: string;
      readonly displayName: string;
      /** Without the implicit customer, in the order of the role table. */
      readonly roles: readonly Role[];
      /** Tokens of an older epoch are void. */
      readonly epoch: number;
      readonly vendorId?: string;
      readonly emailVerified: boolean;
      /** Those that were not revoked; taking a right away takes them all. Expired ones stay until they are. */
      readonly apiKeys: readonly ApiKey[];
    }
  /** `completed`: nothing of the person is left anywhere. */
  | {
      readonly status: 'erased';
      readonly accountId: string;
      readonly emailHash: string;
      readonly vendorId?: string;
      readonly completed: boolean;
    };

export type RegisteredAccount = Extract<Account, { readonly status: 'registered' }>;

export type AccountCommand =
  | {
      readonly type: 'RegisterAccount';
      readonly accountId: string;
      readonly email: string;
      readonly emailHash: string;
      readonly displayName: string;
      /** Granted at once: the first administrator. */
      readonly roles?: readonly Role[];
    }
  | { readonly type: 'SetRoles'; readonly roles: readonly Role[] }
  | { readonly type: 'LinkVendor'; readonly vendorId: string }
  /** Of the address that the mail went to: another one meanwhile is not verified by it. */
  | { readonly type: 'VerifyEmail'; readonly emailHash: string }
  | {
      readonly type: 'ChangeProfile';
      readonly displayName?: string | undefined;
      readonly address?: { readonly email: string; readonly emailHash: string } | undefined;
    }
  | ({ readonly type: 'CreateApiKey' } & ApiKey)
  | { readonly type: 'RevokeApiKey'; readonly keyId: string }
  | { readonly type: 'EraseAccount' }
  | { readonly type: 'CompleteErasure' };

const granted = (wanted: readonly Role[]): Role[] => roles.filter((r) => r !== 'customer' && wanted.includes(r));

/**
 * What the account may do now: `customer` first, then what was granted. `vendor` comes with the vendor, but an
 * administrator may take it away and give it back. Nothing for an account that does not exist.
 */
export const rolesOf = (account: Account): readonly Role[] =>
  account.status === 'registered' ? ['customer', ...account.roles] : [];

/** @throws DomainError NOT_FOUND, ACCOUNT_ERASED */
const existing = (account: Account): RegisteredAccount => {
  if (account.status === 'none') throw domainError('NOT_FOUND');
  if (account.status === 'erased') throw domainError('ACCOUNT_ERASED');
  return account;
};

const decide = (command: AccountCommand, account: Account): readonly AccountEvent[] => {
  switch (command.type) {
    case 'RegisterAccount': {
      const { type: _, roles: first = [], ...data } = command;
      if (account.status === 'erased') throw domainError('ACCOUNT_ERASED');
      if (account.status !== 'none') {
        if (account.accountId === data.accountId && account.emailHash === data.emailHash) return [];
        throw domainError('EMAIL_TAKEN');
      }
      const registered: AccountEvent = { type: 'AccountRegistered', data };
      const rights = granted(first);
      if (rights.length === 0) return [registered];
      return [
        registered,
        { type: 'AccountRolesChanged', data: { accountId: data.accountId, roles: rights, epoch: 0 } },
      ];
    }
    case 'SetRoles': {
      const { accountId, roles: present, epoch: before } = existing(account);
      const next = granted(command.roles);
      const taken = present.some((r) => !next.includes(r));
      if (!taken && next.length === present.length) return [];
      const epoch = taken ? before + 1 : before;
      return [{ type: 'AccountRolesChanged', data: { accountId, roles: next, epoch } }];
    }
    case 'LinkVendor': {
      const { accountId, vendorId } = existing(account);
      if (vendorId === command.vendorId) return [];
      if (vendorId !== undefined) throw domainError('VENDOR_EXISTS');
      return [{ type: 'AccountVendorLinked', data: { accountId, vendorId: command.vendorId } }];
    }
    case 'VerifyEmail': {
      const { accountId, emailHash, emailVerified } = existing(account);
      if (emailHash !== command.emailHash) throw domainError('LINK_EXPIRED');
      return emailVerified ? [] : [{ type: 'AccountEmailVerified', data: { accountId, emailHash } }];
    }
    case 'ChangeProfile': {
      const { accountId, emailHash: previousHash, email: previous, displayName: name } = existing(account);
      const { displayName = name, address = { email: previous, emailHash: previousHash } } = command;
      const events: AccountEvent[] = [];
      if (displayName !== name) events.push({ type: 'AccountRenamed', data: { accountId, displayName } });
      if (address.emailHash !== previousHash)
        events.push({ type: 'AccountEmailChanged', data: { accountId, ...address, previousHash } });
      return events;
    }
    case 'CreateApiKey': {
      const { accountId, apiKeys } = existing(account);
      const { type: _, ...key } = command;
      const living = apiKeys.filter(({ expiresAt }) => expiresAt > key.createdAt);
      if (living.length >= maxApiKeys) throw domainError('TOO_MANY_API_KEYS');
      return [{ type: 'ApiKeyCreated', data: { accountId, ...key, scopes: [...key.scopes] } }];
    }
    case 'RevokeApiKey': {
      const { accountId, apiKeys } = existing(account);
      const { keyId } = command;
      if (!apiKeys.some((key) => key.keyId === keyId)) throw domainError('NOT_FOUND');
      return [{ type: 'ApiKeyRevoked', data: { accountId, keyId } }];
    }
    case 'EraseAccount': {
      if (account.status === 'erased') return [];
      return [{ type: 'AccountErased', data: { accountId: existing(account).accountId } }];
    }
    case 'CompleteErasure': {
      if (account.status !== 'erased') throw domainError('NOT_FOUND');
      if (account.completed) return [];
      return [{ type: 'AccountErasureCompleted', data: { accountId: account.accountId } }];
    }
    default:
      return unreachable(command);
  }
};

const evolveRegistered = (account: RegisteredAccount, event: AccountEvent): Account => {
  switch (event.type) {
    case 'AccountRegistered':
    case 'AccountErasureCompleted':
      return account;
    case 'AccountRolesChanged': {
      const { roles: next, epoch } = event.data;
      return { ...account, roles: granted(next), epoch, apiKeys: epoch > account.epoch ? [] : account.apiKeys };
    }
    case 'AccountVendorLinked':
      return { ...account, vendorId: event.data.vendorId, roles: granted([...account.roles, 'vendor']) };
    case 'AccountEmailVerified':
      return { ...account, emailVerified: account.emailVerified || account.emailHash === event.data.emailHash };
    case 'AccountRenamed':
      return { ...account, displayName: event.data.displayName };
    case 'AccountEmailChanged': {
      const { email, emailHash } = event.data;
      return { ...account, email, emailHash, emailVerified: false };
    }
    case 'ApiKeyCreated': {
      const { accountId: _, ...key } = event.data;
      return { ...account, apiKeys: [...account.apiKeys, key] };
    }
    case 'ApiKeyRevoked':
      return { ...account, apiKeys: account.apiKeys.filter(({ keyId }) => keyId !== event.data.keyId) };
    case 'AccountErased': {
      const { accountId, emailHash, vendorId } = account;
      return {
        status: 'erased',
        accountId,
        emailHash,
        ...(vendorId === undefined ? {} : { vendorId }),
        completed: false,
      };
    }
    default:
      return unreachable(event);
  }
};

const evolve = (account: Account, event: AccountEvent): Account => {
  switch (account.status) {
    case 'none':
      if (event.type !== 'AccountRegistered') return account;
      return { status: 'registered', ...event.data, roles: [], epoch: 0, emailVerified: false, apiKeys: [] };
    case 'registered':
      return evolveRegistered(account, event);
    case 'erased':
      return event.type === 'AccountErasureCompleted' ? { ...account, completed: true } : account;
    default:
      return unreachable(account);
  }
};

/** Streams `account-<accountId>`. Who is the last administrator is not known here: LAST_ADMIN is decided outside. */
export const accountDecider: Decider<AccountCommand, Account, AccountEvent> = {
  category: 'account',
  initial: { status: 'none' },
  decide,
  evolve,
};
