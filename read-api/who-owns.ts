import { domainError } from '../domain/errors.ts';
import type { Identity } from '../infra/http/port.ts';
import { type VendorDocument, vendors } from '../projections/vendors/vendors.ts';
import type { ReadModels } from './read-models.ts';

/** Whether the vendor is the caller's: the owner, with the role that the vendor brought. */
export const isOwnVendor = (vendor: VendorDocument | undefined, identity: Identity | undefined): boolean =>
  identity?.roles.includes('vendor') === true && vendor?.ownerId === identity.accountId;

export const isAdmin = (identity: Identity | undefined): boolean => identity?.roles.includes('admin') === true;

/** The caller's account id. @throws DomainError UNAUTHENTICATED */
export const accountOf = (identity: Identity | undefined): string => {
  if (identity === undefined) throw domainError('UNAUTHENTICATED');
  return identity.accountId;
};

/** The vendor of that id. @throws DomainError NOT_FOUND when it is not the caller's own */
export const ownVendor = async (
  models: ReadModels,
  identity: Identity | undefined,
  vendorId: string,
): Promise<VendorDocument> => {
  const vendor = await models.get(vendors, vendorId);
  if (vendor === undefined || !isOwnVendor(vendor, identity)) throw domainError('NOT_FOUND');
  return vendor;
};

/** The caller's vendor, if there is one. */
export const vendorOf = async (
  models: ReadModels,
  identity: Identity | undefined,
): Promise<VendorDocument | undefined> => {
  if (identity === undefined || !identity.roles.includes('vendor')) return undefined;
  const [vendor] = await models.find(vendors, { where: { ownerId: identity.accountId }, limit: 1 });
  return vendor;
};
