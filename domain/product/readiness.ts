import { unreachable } from '../unreachable.ts';
import type { VendorStatus } from '../vendor/vendor.ts';
import type { Finding } from './events.ts';
import { newestVersion, type Product, type ProductFacts, type ProductVersion } from './product.ts';

const found = ({ kind, node }: Finding): string => (node === undefined ? kind : `${kind} in node "${node}"`);

/** Why a version can't be sold: sentences that name node and kind, never a value. Empty for a good or a scanning one. */
export const badVersion = ({ version, state, findings }: ProductVersion): readonly string[] => {
  if (state !== 'infected' && state !== 'blocked') return [];
  if (findings.length === 0) return [`Version ${version} is ${state}.`];
  return findings.map((finding) => `Version ${version} is ${state}: ${found(finding)}.`);
};

/** What the vendor still has to bring. A scan that runs is nothing that is missing. */
export const missing = (product: ProductFacts): readonly string[] => {
  const newest = newestVersion(product);
  return [
    ...(newest === undefined ? ['Upload a version.'] : badVersion(newest)),
    ...(product.listing.description === '' ? ['Write a description.'] : []),
    ...(product.listing.category === '' ? ['Choose a category.'] : []),
  ];
};

const vendorReasons = (vendor: VendorStatus): readonly string[] => {
  switch (vendor) {
    case 'approved':
      return [];
    case 'pending':
      return ['The vendor is not approved yet.'];
    case 'suspended':
      return ['The vendor is suspended.'];
    case 'none':
      return ['There is no vendor.'];
    default:
      return unreachable(vendor);
  }
};

/** What stands between the product and its sale, as sentences; empty: nothing that its vendor has to do. */
export const readiness = (product: Product, vendor: VendorStatus): readonly string[] => {
  if (product.status === 'none') return ['There is no product.'];
  if (product.status === 'retired') return ['The product is retired.'];
  const suspended = product.status === 'suspended' && product.cause === 'admin';
  return [
    ...vendorReasons(vendor),
    ...(suspended ? [`The product is suspended${product.reason === undefined ? '' : `: ${product.reason}`}.`] : []),
    ...missing(product),
  ];
};
