import type { Decider } from '../decider.ts';
import { domainError } from '../errors.ts';
import { unreachable } from '../unreachable.ts';
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
    };

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
  | { readonly type: 'LinkVendor'; readonly vendorId: string };

const granted = (wanted: readonly Role[]): Role[] => roles.filter((r) => r !== 'customer' && wanted.includes(r));

/**
 * What the account may do now: `customer` first, then what was granted. `vendor` comes with the vendor, but an
 * administrator may take it away and give it back. Nothing for an account that does not exist.
 */
export const rolesOf = (account: Account): readonly Role[] =>
  account.status === 'none' ? [] : ['customer', ...account.roles];

const decide = (command: AccountCommand, account: Account): readonly AccountEvent[] => {
  switch (command.type) {
    case 'RegisterAccount': {
      const { type: _, roles: first = [], ...data } = command;
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
      if (account.status === 'none') throw domainError('NOT_FOUND');
      const next = granted(command.roles);
      const taken = account.roles.some((r) => !next.includes(r));
      if (!taken && next.length === account.roles.length) return [];
      const epoch = taken ? account.epoch + 1 : account.epoch;
      return [{ type: 'AccountRolesChanged', data: { accountId: account.accountId, roles: next, epoch } }];
    }
    case 'LinkVendor': {
      if (account.status === 'none') throw domainError('NOT_FOUND');
      if (account.vendorId === command.vendorId) return [];
      if (account.vendorId !== undefined) throw domainError('VENDOR_EXISTS');
      return [{ type: 'AccountVendorLinked', data: { accountId: account.accountId, vendorId: command.vendorId } }];
    }
    default:
      return unreachable(command);
  }
};

const evolve = (account: Account, event: AccountEvent): Account => {
  switch (event.type) {
    case 'AccountRegistered':
      return account.status === 'none' ? { status: 'registered', ...event.data, roles: [], epoch: 0 } : account;
    case 'AccountRolesChanged':
      return account.status === 'none'
        ? account
        : { ...account, roles: granted(event.data.roles), epoch: event.data.epoch };
    case 'AccountVendorLinked':
      return account.status === 'none'
        ? account
        : { ...account, vendorId: event.data.vendorId, roles: granted([...account.roles, 'vendor']) };
    default:
      return unreachable(event);
  }
};

/** Streams `account-<accountId>`. Who is the last administrator is not known here: LAST_ADMIN is decided outside. */
export const accountDecider: Decider<AccountCommand, Account, AccountEvent> = {
  category: 'account',
  initial: { status: 'none' },
  decide,
  evolve,
};
