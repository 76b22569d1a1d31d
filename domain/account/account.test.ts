import { describe, expect, it } from 'vitest';
import { given } from '../given.ts';
import { accountDecider, rolesOf } from './account.ts';
import { rolesOfKey } from './api-key.ts';
import type { AccountEvent, Role } from './events.ts';

const accountId = '0190a1b2-0000-7000-8000-000000000001';
const vendorId = '0190a1b2-0000-7000-8000-0000000000a1';
const other = '0190a1b2-0000-7000-8000-0000000000a2';
const person = { accountId, email: 'ada@example.com', emailHash: 'h1', displayName: 'Ada Lovelace' };

const registered: AccountEvent = { type: 'AccountRegistered', data: person };
const rolesChanged = (roles: Role[], epoch: number): AccountEvent => ({
  type: 'AccountRolesChanged',
  data: { accountId, roles, epoch },
});
const vendorLinked: AccountEvent = { type: 'AccountVendorLinked', data: { accountId, vendorId } };
const account = (...history: AccountEvent[]) => given(accountDecider, ...history);
const register = { type: 'RegisterAccount', ...person } as const;
const setRoles = (...roles: Role[]) => ({ type: 'SetRoles', roles }) as const;

describe('registering', () => {
  it('makes a customer', () => {
    account().when(register).then(registered);
    expect(rolesOf(account(registered).state())).toEqual(['customer']);
  });
  it('can grant roles at once (first administrator), and takes no right away by it', () =>
    account()
      .when({ ...register, roles: ['customer', 'admin'] })
      .then(registered, rolesChanged(['admin'], 0)));
  it('asked again is nothing', () => account(registered).when(register).thenNothing());
  it('with another address is refused', () =>
    account(registered)
      .when({ ...register, emailHash: 'h2' })
      .thenRefused('EMAIL_TAKEN'));
});

describe('roles', () => {
  it('nobody has none', () => expect(rolesOf(account().state())).toEqual([]));
  it('given: the epoch stays, tokens live on', () =>
    account(registered)
      .when(setRoles('auditor', 'customer', 'auditor'))
      .then(rolesChanged(['auditor'], 0)));
  it('taken away: the epoch grows', () =>
    account(registered, rolesChanged(['admin', 'auditor'], 0))
      .when(setRoles('auditor'))
      .then(rolesChanged(['auditor'], 1)));
  it('swapped: the epoch grows', () =>
    account(registered, rolesChanged(['admin'], 3))
      .when(setRoles('operator'))
      .then(rolesChanged(['operator'], 4)));
  it('unchanged is nothing, in any order', () =>
    account(registered, rolesChanged(['admin', 'auditor'], 0))
      .when(setRoles('auditor', 'customer', 'admin'))
      .thenNothing());
  it('of nobody is refused', () => account().when(setRoles('admin')).thenRefused('NOT_FOUND'));
});

describe('the vendor of an account', () => {
  it('is linked and brings the role', () => {
    account(registered).when({ type: 'LinkVendor', vendorId }).then(vendorLinked);
    expect(rolesOf(account(registered, rolesChanged(['admin'], 0), vendorLinked).state())).toEqual([
      'customer',
      'vendor',
      'admin',
    ]);
  });
  it('linked again is nothing', () =>
    account(registered, vendorLinked).when({ type: 'LinkVendor', vendorId }).thenNothing());
  it('is one at most', () =>
    account(registered, vendorLinked).when({ type: 'LinkVendor', vendorId: other }).thenRefused('VENDOR_EXISTS'));
  it('of nobody is refused', () => account().when({ type: 'LinkVendor', vendorId }).thenRefused('NOT_FOUND'));
  it('stays linked when an administrator takes the role, and gets it back', () => {
    const without = account(registered, vendorLinked).when(setRoles()).state();
    expect(without).toMatchObject({ vendorId, epoch: 1 });
    expect(rolesOf(without)).toEqual(['customer']);
    account(registered, vendorLinked, rolesChanged([], 1))
      .when(setRoles('vendor'))
      .then(rolesChanged(['vendor'], 1));
  });
});

const verified: AccountEvent = { type: 'AccountEmailVerified', data: { accountId, emailHash: 'h1' } };
const moved: AccountEvent = {
  type: 'AccountEmailChanged',
  data: { accountId, email: 'king@example.com', emailHash: 'h2', previousHash: 'h1' },
};
const renamed: AccountEvent = { type: 'AccountRenamed', data: { accountId, displayName: 'Ada King' } };
const erased: AccountEvent = { type: 'AccountErased', data: { accountId } };
const completed: AccountEvent = { type: 'AccountErasureCompleted', data: { accountId } };

describe('the address', () => {
  it('is verified once', () => {
    account(registered).when({ type: 'VerifyEmail', emailHash: 'h1' }).then(verified);
    account(registered, verified).when({ type: 'VerifyEmail', emailHash: 'h1' }).thenNothing();
  });
  it('that it was before is not verified any more', () =>
    account(registered, moved).when({ type: 'VerifyEmail', emailHash: 'h1' }).thenRefused('LINK_EXPIRED'));
  it('that is new is unverified', () =>
    expect(account(registered, verified, moved).state()).toMatchObject({ emailHash: 'h2', emailVerified: false }));
  it('of nobody is refused', () => account().when({ type: 'VerifyEmail', emailHash: 'h1' }).thenRefused('NOT_FOUND'));
});

describe('the profile', () => {
  const address = { email: 'king@example.com', emailHash: 'h2' };
  it('changes name and address, each when it is another', () => {
    account(registered).when({ type: 'ChangeProfile', displayName: 'Ada King', address }).then(renamed, moved);
    account(registered).when({ type: 'ChangeProfile', displayName: 'Ada King' }).then(renamed);
    account(registered).when({ type: 'ChangeProfile', address }).then(moved);
  });
  it('that is the same is nothing', () =>
    account(registered, renamed, moved)
      .when({ type: 'ChangeProfile', displayName: 'Ada King', address })
      .thenNothing());
});

describe('API keys', () => {
  const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T10:00:00.000Z`;
  const keyId = (n: number) => `0190a1b2-0000-7000-8000-0000000001${String(n).padStart(2, '0')}`;
  const key = (n: number, expiresAt = at(28)): Extract<AccountEvent, { type: 'ApiKeyCreated' }> => ({
    type: 'ApiKeyCreated',
    data: { accountId, keyId: keyId(n), name: 'A job', scopes: ['read'], createdAt: at(1), expiresAt },
  });
  const create = (n: number, createdAt = at(1)) => {
    const { accountId: _, ...data } = key(n).data;
    return { type: 'CreateApiKey', ...data, createdAt } as const;
  };
  const twenty = (expiresAt?: string) => Array.from({ length: 20 }, (_, n) => key(n, expiresAt));

  it('are made and taken back', () => {
    account(registered).when(create(1)).then(key(1));
    account(registered, key(1))
      .when({ type: 'RevokeApiKey', keyId: keyId(1) })
      .then({ type: 'ApiKeyRevoked', data: { accountId, keyId: keyId(1) } });
  });
  it('that are not there can’t be taken back', () =>
    account(registered)
      .when({ type: 'RevokeApiKey', keyId: keyId(1) })
      .thenRefused('NOT_FOUND'));
  it('are twenty at most; expired ones do not count', () => {
    account(registered, ...twenty())
      .when(create(20))
      .thenRefused('TOO_MANY_API_KEYS');
    const next = { ...key(20), data: { ...key(20).data, createdAt: at(3) } };
    account(registered, ...twenty(at(2)))
      .when(create(20, at(3)))
      .then(next);
  });
  it('end with a right that is taken away, not with one that is given', () => {
    expect(account(registered, key(1), rolesChanged(['auditor'], 0)).state()).toMatchObject({ apiKeys: [{}] });
    expect(account(registered, key(1), rolesChanged([], 1)).state()).toMatchObject({ apiKeys: [] });
  });
  it('have a guarded role only by account and scope', () => {
    expect(rolesOfKey(['customer', 'vendor', 'admin', 'auditor'], ['read'])).toEqual(['customer', 'vendor']);
    expect(rolesOfKey(['customer', 'admin'], ['admin', 'operator'])).toEqual(['customer', 'admin']);
  });
});

describe('erasing', () => {
  it('ends the account for good, and nothing personal is left in its state', () => {
    account(registered).when({ type: 'EraseAccount' }).then(erased);
    account(registered, erased).when({ type: 'EraseAccount' }).thenNothing();
    const state = account(registered, renamed, vendorLinked, erased).state();
    expect(state).toEqual({ status: 'erased', accountId, emailHash: 'h1', vendorId, completed: false });
    expect(rolesOf(state)).toEqual([]);
  });
  it('is complete once', () => {
    account(registered, erased).when({ type: 'CompleteErasure' }).then(completed);
    account(registered, erased, completed).when({ type: 'CompleteErasure' }).thenNothing();
    account(registered).when({ type: 'CompleteErasure' }).thenRefused('NOT_FOUND');
  });
  it('of nobody is refused', () => account().when({ type: 'EraseAccount' }).thenRefused('NOT_FOUND'));
  it('leaves an account that takes no command', () => {
    const gone = account(registered, erased);
    gone.when(register).thenRefused('ACCOUNT_ERASED');
    gone.when(setRoles('admin')).thenRefused('ACCOUNT_ERASED');
    gone.when({ type: 'LinkVendor', vendorId }).thenRefused('ACCOUNT_ERASED');
    gone.when({ type: 'ChangeProfile', displayName: 'Eve' }).thenRefused('ACCOUNT_ERASED');
    gone.when({ type: 'VerifyEmail', emailHash: 'h1' }).thenRefused('ACCOUNT_ERASED');
  });
});

it('an impossible event changes nothing', () => {
  expect(account(vendorLinked, rolesChanged(['admin'], 1)).state()).toEqual({ status: 'none' });
  const twice = account(registered, { type: 'AccountRegistered', data: { ...person, displayName: 'Eve' } });
  expect(twice.state()).toEqual(account(registered).state());
});
