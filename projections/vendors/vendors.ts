import type { Recorded } from '../../domain/event/recorded.ts';
import { projection } from '../definition.ts';

export type VendorDocument = {
  readonly id: string;
  readonly ownerId: string;
  readonly slug: string;
  readonly displayName: string;
  readonly country: string;
  readonly defaultCurrency: string;
  readonly state: 'pending' | 'approved' | 'suspended';
  readonly payoutAccount: string | null;
  readonly registeredAt: string;
  readonly revision: string;
};

type OfVendor = Recorded<{ readonly type: string; readonly data: { readonly vendorId: string } }>;
const vendorId = (event: OfVendor): string => event.data.vendorId;
const inState =
  (state: VendorDocument['state']) =>
  (vendor: VendorDocument | undefined, event: OfVendor): VendorDocument | undefined =>
    vendor && { ...vendor, state, revision: event.revision.toString() };

/** Vendors: their public page, and who owns them. */
export const vendors = projection<VendorDocument>('vendors', {
  version: 2,
  sink: 'documents',
  indexes: [['slug'], ['ownerId'], ['state', 'registeredAt'], ['registeredAt']],
})
  .on('VendorRegistered', vendorId, (_, event) => ({
    id: event.data.vendorId,
    ownerId: event.data.ownerId,
    slug: event.data.slug,
    displayName: event.data.displayName,
    country: event.data.country,
    defaultCurrency: event.data.defaultCurrency,
    state: 'pending',
    payoutAccount: null,
    registeredAt: event.metadata.occurredAt,
    revision: event.revision.toString(),
  }))
  .on('VendorApproved', vendorId, inState('approved'))
  .on('VendorSuspended', vendorId, inState('suspended'))
  .on('VendorReinstated', vendorId, inState('approved'))
  .on(
    'VendorPayoutAccountSet',
    vendorId,
    (vendor, event) => vendor && { ...vendor, payoutAccount: event.data.account, revision: event.revision.toString() },
  )
  .on(
    'VendorRevised',
    vendorId,
    (vendor, { data: { changes }, revision }) =>
      vendor && {
        ...vendor,
        displayName: changes.displayName ?? vendor.displayName,
        country: changes.country ?? vendor.country,
        defaultCurrency: changes.defaultCurrency ?? vendor.defaultCurrency,
        revision: revision.toString(),
      },
  );
