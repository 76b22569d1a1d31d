import type { IssuedLicense, LicenseState } from '../../domain/license/license.ts';
import { stateAt } from '../../domain/license/license.ts';
import type { LicenseDocument } from '../../projections/licenses/licenses.ts';
import type { Machine } from '../../projections/people/people.ts';

/** The licence as the rules know it, from its read model and its owner's machines. */
export const issuedLicense = (license: LicenseDocument, machines: readonly Machine[]): IssuedLicense => ({
  status: license.state,
  licenseId: license.id,
  keyHash: license.keyHash,
  orderId: license.orderId,
  lineId: license.lineId,
  productId: license.productId,
  vendorId: license.vendorId,
  ownerId: license.ownerId,
  title: license.title,
  tierId: license.tierId,
  activationLimit: license.activationLimit,
  ...(license.expiresAt === null ? {} : { expiresAt: license.expiresAt }),
  activations: machines.map(({ machine, name }) => (name === null ? { machine } : { machine, name })),
});

/** The state at `now` (RFC 3339, UTC, milliseconds). */
export const licenseStateAt = (license: LicenseDocument, now: string): LicenseState =>
  stateAt(issuedLicense(license, []), now);
