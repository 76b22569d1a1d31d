import type { Recorded } from '../../domain/event/recorded.ts';
import { projection } from '../definition.ts';

export type LicenseDocument = {
  readonly id: string;
  readonly keyHash: string;
  readonly orderId: string;
  readonly lineId: string;
  readonly productId: string;
  readonly vendorId: string;
  readonly ownerId: string;
  readonly title: string;
  readonly tierId: string;
  readonly activationLimit: number;
  /** `expired` follows from `expiresAt` when it is read. */
  readonly state: 'active' | 'suspended' | 'revoked';
  readonly expiresAt: string | null;
  readonly issuedAt: string;
  readonly revision: string;
};

type OfLicense = Recorded<{ readonly type: string; readonly data: { readonly licenseId: string } }>;
const licenseId = (event: OfLicense): string => event.data.licenseId;
const inState =
  (state: LicenseDocument['state']) =>
  (license: LicenseDocument | undefined, event: OfLicense): LicenseDocument | undefined =>
    license && { ...license, state, revision: event.revision.toString() };
const touched = (license: LicenseDocument | undefined, event: OfLicense): LicenseDocument | undefined =>
  license && { ...license, revision: event.revision.toString() };

/** Licences, found by owner, by order, and by the hash of their key. Machines are personal: see people. */
export const licenses = projection<LicenseDocument>('licenses', {
  version: 1,
  sink: 'documents',
  indexes: [['keyHash'], ['ownerId', 'issuedAt'], ['orderId']],
})
  .on('LicenseIssued', licenseId, (_, { data, metadata, revision }) => ({
    id: data.licenseId,
    keyHash: data.keyHash,
    orderId: data.orderId,
    lineId: data.lineId,
    productId: data.productId,
    vendorId: data.vendorId,
    ownerId: data.ownerId,
    title: data.title,
    tierId: data.tierId,
    activationLimit: data.activationLimit,
    state: 'active',
    expiresAt: data.expiresAt ?? null,
    issuedAt: metadata.occurredAt,
    revision: revision.toString(),
  }))
  .on('LicenseActivated', licenseId, touched)
  .on('LicenseDeactivated', licenseId, touched)
  .on('LicenseSuspended', licenseId, inState('suspended'))
  .on('LicenseRestored', licenseId, inState('active'))
  .on('LicenseRevoked', licenseId, inState('revoked'));
