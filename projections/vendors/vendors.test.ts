import { describe, expect, it } from 'vitest';
import { sampleId as id } from '../../domain/order/samples.ts';
import type { VendorEvent } from '../../domain/vendor/events.ts';
import { documentsOf, happenedAt, inStream } from '../given.ts';
import { vendors } from './vendors.ts';

const vendorId = id(31);
const registered: VendorEvent = {
  type: 'VendorRegistered',
  data: { vendorId, ownerId: id(51), slug: 'ada', displayName: 'Ada', country: 'DE', defaultCurrency: 'EUR' },
};
const approved: VendorEvent = { type: 'VendorApproved', data: { vendorId } };
const suspended: VendorEvent = { type: 'VendorSuspended', data: { vendorId } };
const reinstated: VendorEvent = { type: 'VendorReinstated', data: { vendorId } };
const vendorAfter = async (...events: VendorEvent[]) =>
  (await documentsOf(vendors, inStream(`vendor-${vendorId}`, ...events))).get(vendorId);

describe('vendors', () => {
  it('are pending when they register', async () => {
    expect(await vendorAfter(registered)).toEqual({
      ...{ id: vendorId, ownerId: id(51), slug: 'ada', displayName: 'Ada', country: 'DE', defaultCurrency: 'EUR' },
      ...{ state: 'pending', payoutAccount: null, registeredAt: happenedAt(0), revision: '0' },
    });
  });
  it.each([
    ['approved', [approved]],
    ['suspended', [approved, suspended]],
    ['approved', [approved, suspended, reinstated]],
  ] as const)('are %s', async (state, events) => {
    expect(await vendorAfter(registered, ...events)).toMatchObject({ state, revision: String(events.length) });
  });
  it('keep where their payouts go', async () => {
    const set: VendorEvent = { type: 'VendorPayoutAccountSet', data: { vendorId, account: 'ba_ok' } };
    expect(await vendorAfter(registered, set)).toMatchObject({
      payoutAccount: 'ba_ok',
      state: 'pending',
      revision: '1',
    });
  });
  it('change their settings; their slug stays', async () => {
    const revised: VendorEvent = { type: 'VendorRevised', data: { vendorId, changes: { displayName: 'Ada Works' } } };
    expect(await vendorAfter(registered, revised)).toMatchObject({
      ...{ displayName: 'Ada Works', slug: 'ada', country: 'DE', defaultCurrency: 'EUR', revision: '1' },
    });
  });
  it('that nobody registered are not there', async () => expect(await vendorAfter(approved)).toBeUndefined());
});
