import { describe, expect, it } from 'vitest';
import { given } from '../given.ts';
import type { VendorEvent } from './events.ts';
import { type VendorChanges, vendorDecider } from './vendor.ts';

const vendorId = '0190a1b2-0000-7000-8000-0000000000a1';
const ownerId = '0190a1b2-0000-7000-8000-000000000001';
const data = {
  vendorId,
  ownerId,
  slug: 'alpha-automations',
  displayName: 'Alpha Automations',
  country: 'DE',
  defaultCurrency: 'EUR',
};
const registered: VendorEvent = { type: 'VendorRegistered', data };
const approved: VendorEvent = { type: 'VendorApproved', data: { vendorId } };
const suspended: VendorEvent = { type: 'VendorSuspended', data: { vendorId, reason: 'complaints' } };
const reinstated: VendorEvent = { type: 'VendorReinstated', data: { vendorId } };
const accountSet: VendorEvent = { type: 'VendorPayoutAccountSet', data: { vendorId, account: 'ba_ok' } };
const vendor = (...history: VendorEvent[]) => given(vendorDecider, ...history);

const register = { type: 'RegisterVendor', ...data } as const;
const approve = { type: 'ApproveVendor' } as const;
const suspend = { type: 'SuspendVendor', reason: 'complaints' } as const;
const reinstate = { type: 'ReinstateVendor' } as const;
const setAccount = { type: 'SetPayoutAccount', account: 'ba_ok' } as const;

describe('registering', () => {
  it('makes a pending vendor', () => {
    vendor()
      .when({ ...register, displayName: ' Alpha Automations ' })
      .then(registered);
    expect(vendor(registered).state().status).toBe('pending');
  });
  it('asked again is nothing', () => vendor(registered).when(register).thenNothing());
  it('over another’s vendor is refused', () =>
    vendor(registered)
      .when({ ...register, ownerId: vendorId })
      .thenRefused('VENDOR_EXISTS'));
  it.each(['   ', 'x'.repeat(121)])('needs a name of 1 to 120 characters', (displayName) =>
    vendor()
      .when({ ...register, displayName })
      .thenRefused('INVALID_INPUT'),
  );
});

describe('a pending vendor', () => {
  it('is approved', () => vendor(registered).when(approve).then(approved));
  it('is not suspended', () => vendor(registered).when(suspend).thenRefused('VENDOR_STATE'));
  it('is not reinstated', () => vendor(registered).when(reinstate).thenRefused('VENDOR_STATE'));
});

describe('an approved vendor', () => {
  it('is suspended', () => vendor(registered, approved).when(suspend).then(suspended));
  it('approved again is nothing', () => vendor(registered, approved).when(approve).thenNothing());
  it('reinstated is nothing', () => vendor(registered, approved).when(reinstate).thenNothing());
});

describe('a suspended vendor', () => {
  it('is reinstated', () => {
    vendor(registered, approved, suspended).when(reinstate).then(reinstated);
    expect(vendor(registered, approved, suspended, reinstated).state().status).toBe('approved');
  });
  it('suspended again is nothing', () => vendor(registered, approved, suspended).when(suspend).thenNothing());
  it('is not approved', () => vendor(registered, approved, suspended).when(approve).thenRefused('VENDOR_STATE'));
});

describe('the payout account', () => {
  it('is set, in any state', () => vendor(registered).when(setAccount).then(accountSet));
  it('set again is nothing', () => vendor(registered, accountSet).when(setAccount).thenNothing());
  it('is exposed', () => expect(vendor(registered, accountSet).state()).toMatchObject({ payoutAccount: 'ba_ok' }));
});

describe('its settings', () => {
  const revise = (changes: VendorChanges) => ({ type: 'ReviseVendor', changes }) as const;
  const revised = (changes: VendorChanges): VendorEvent => ({ type: 'VendorRevised', data: { vendorId, changes } });
  it('change, only what is another', () => {
    vendor(registered)
      .when(revise({ displayName: ' Alpha Works ', country: 'DE' }))
      .then(revised({ displayName: 'Alpha Works' }));
    vendor(registered, approved)
      .when(revise({ country: 'FR', defaultCurrency: 'USD' }))
      .then(revised({ country: 'FR', defaultCurrency: 'USD' }));
  });
  it('as they are, are nothing', () =>
    vendor(registered)
      .when(revise({ displayName: 'Alpha Automations', country: 'DE', defaultCurrency: 'EUR' }))
      .thenNothing());
  it('need a name', () => {
    for (const displayName of [' ', 'a'.repeat(121)])
      vendor(registered).when(revise({ displayName })).thenRefused('INVALID_INPUT');
  });
  it('are the vendor’s from then on; its slug stays', () =>
    expect(vendor(registered, revised({ displayName: 'Alpha Works', country: 'FR' })).state()).toMatchObject({
      ...{ displayName: 'Alpha Works', country: 'FR', defaultCurrency: 'EUR', slug: 'alpha-automations' },
    }));
  it('nothing happens to those of a vendor that is not there', () =>
    vendor()
      .when(revise({ country: 'FR' }))
      .thenRefused('NOT_FOUND'));
});

it.each([approve, suspend, reinstate, setAccount])('nothing happens to a vendor that is not there: $type', (command) =>
  vendor().when(command).thenRefused('NOT_FOUND'),
);

it('an impossible event changes nothing', () => {
  expect(vendor(approved, accountSet).state()).toEqual({ status: 'none' });
  expect(vendor(registered, suspended, reinstated, registered).state()).toEqual(vendor(registered).state());
});
