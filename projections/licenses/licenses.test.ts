import { describe, expect, it } from 'vitest';
import type { LicenseEvent } from '../../domain/license/events.ts';
import { sampleId as id, licenseId, lineOne, orderId } from '../../domain/order/samples.ts';
import { documentsOf, happenedAt, inStream } from '../given.ts';
import { licenses } from './licenses.ts';

const { lineId, productId, vendorId, title, tierId, activationLimit } = lineOne;
const issued: LicenseEvent = {
  type: 'LicenseIssued',
  data: {
    licenseId: licenseId(1),
    keyHash: 'h',
    orderId,
    ownerId: id(3),
    lineId,
    productId,
    vendorId,
    title,
    tierId,
    activationLimit,
  },
};
const because = (type: 'LicenseSuspended' | 'LicenseRestored' | 'LicenseRevoked'): LicenseEvent => ({
  type,
  data: { licenseId: licenseId(1), reason: 'dispute' },
});
const licenseAfter = async (...events: LicenseEvent[]) =>
  (await documentsOf(licenses, inStream(`license-${licenseId(1)}`, ...events))).get(licenseId(1));

describe('licences', () => {
  it('are active from their issue', async () => {
    expect(await licenseAfter(issued)).toEqual({
      ...{ id: licenseId(1), keyHash: 'h', orderId, ownerId: id(3), lineId, productId, vendorId, title, tierId },
      ...{ activationLimit, state: 'active', expiresAt: null, issuedAt: happenedAt(0), revision: '0' },
    });
  });
  it('follow disputes and refunds', async () => {
    expect(await licenseAfter(issued, because('LicenseSuspended'))).toMatchObject({ state: 'suspended' });
    expect(await licenseAfter(issued, because('LicenseSuspended'), because('LicenseRestored'))).toMatchObject({
      state: 'active',
    });
    expect(await licenseAfter(issued, because('LicenseRevoked'))).toMatchObject({ state: 'revoked', revision: '1' });
  });
  it('hold no machine: that is personal', async () => {
    const activated: LicenseEvent = {
      type: 'LicenseActivated',
      data: { licenseId: licenseId(1), ownerId: id(3), machine: 'mine' },
    };
    const license = await licenseAfter(issued, activated);
    expect(license?.revision).toBe('1');
    expect(JSON.stringify(license)).not.toContain('mine');
  });
});
