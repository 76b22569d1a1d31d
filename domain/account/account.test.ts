import { describe, expect, it } from 'vitest';
import { given } from '../given.ts';
import { accountDecider, rolesOf } from './account.ts';
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

it('an impossible event changes nothing', () => {
  expect(account(vendorLinked, rolesChanged(['admin'], 1)).state()).toEqual({ status: 'none' });
  const twice = account(registered, { type: 'AccountRegistered', data: { ...person, displayName: 'Eve' } });
  expect(twice.state()).toEqual(account(registered).state());
});
