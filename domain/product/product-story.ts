import { given } from '../given.ts';
import type { VendorStatus } from '../vendor/vendor.ts';
import { productDecider } from './decider.ts';
import type { ProductEvent } from './events.ts';
import type { ListingBody } from './listing.ts';

/** Events of one product, for the specifications beside this file. */
export const productId = '0190a1b2-0000-7000-8000-0000000000b1';
export const vendorId = '0190a1b2-0000-7000-8000-0000000000a1';

export const body: ListingBody = {
  title: 'Invoice sorter',
  description: 'Sorts invoices.',
  kind: 'n8n-workflow',
  category: 'Finance',
  tags: ['Invoices'],
  price: { amount: 1999, currency: 'USD' },
};
export const drafted: ProductEvent = {
  type: 'ProductDrafted',
  data: {
    productId,
    vendorId,
    slug: 'invoice-sorter',
    title: 'Invoice sorter',
    summary: 'Sorts invoices.',
    description: 'Sorts invoices.',
    integrations: [],
    kind: 'n8n-workflow',
    category: 'Finance',
    tags: ['invoices'],
    currency: 'USD',
    tiers: [{ id: 'standard', name: 'Standard', price: 1999, activationLimit: 3 }],
    stock: null,
  },
};
export const uploaded = (version: string): ProductEvent => ({
  type: 'VersionUploaded',
  data: {
    productId,
    version,
    objectKey: `products/${version}`,
    sha256: `sha-${version}`,
    size: 10,
    fileName: 'workflow.json',
  },
});
type Scan = Extract<ProductEvent, { type: 'VersionScanned' }>['data'];
const scanned = (version: string, verdict: Scan['verdict'], findings: Scan['findings']): ProductEvent => ({
  type: 'VersionScanned',
  data: { productId, version, verdict, engine: 'built-in', findings },
});
export const clean = (version: string): ProductEvent => scanned(version, 'clean', []);
export const infected = (version: string): ProductEvent => scanned(version, 'infected', [{ kind: 'EICAR-Test-File' }]);
export const leak = { kind: 'live-secret', node: 'Slack', path: 'nodes.3.parameters', text: 'xoxb-…' };
export const blocked = (version: string): ProductEvent => scanned(version, 'blocked', [leak]);
export const yanked = (version: string): ProductEvent => ({ type: 'VersionYanked', data: { productId, version } });
export const submitted: ProductEvent = { type: 'ProductSubmitted', data: { productId } };
export const approved: ProductEvent = { type: 'ProductApproved', data: { productId } };
export const rejectedBy = (by: 'admin' | 'scan', ...reasons: string[]): ProductEvent => ({
  type: 'ProductRejected',
  data: { productId, by, reasons },
});
export const published = (version: string): ProductEvent => ({
  type: 'ProductPublished',
  data: { productId, version },
});
export const released = (version: string): ProductEvent => ({
  type: 'ProductVersionReleased',
  data: { productId, version },
});
export const suspended = (reason: string): ProductEvent => ({ type: 'ProductSuspended', data: { productId, reason } });
export const reinstated = (reason?: string): ProductEvent => ({
  type: 'ProductReinstated',
  data: reason === undefined ? { productId } : { productId, reason },
});
export const retired: ProductEvent = { type: 'ProductRetired', data: { productId } };

export const product = (...history: ProductEvent[]) => given(productDecider, ...history);

export const submit = (vendorStatus: VendorStatus = 'approved', approvalRequired = true) =>
  ({ type: 'SubmitProduct', vendorStatus, approvalRequired }) as const;
export const scan = (version: string, verdict: 'clean' | 'infected' | 'blocked' = 'clean', approvalRequired = true) =>
  ({
    type: 'RecordScan',
    version,
    verdict,
    engine: 'built-in',
    findings: verdict === 'clean' ? [] : verdict === 'blocked' ? [leak] : [{ kind: 'EICAR-Test-File' }],
    approvalRequired,
  }) as const;
export const approve = { type: 'ApproveProduct', approvalRequired: true } as const;
export const reject = { type: 'RejectProduct', reason: 'not ours' } as const;
export const suspend = { type: 'SuspendProduct', reason: 'complaint' } as const;
export const yank = (version: string) => ({ type: 'YankVersion', version, approvalRequired: true }) as const;

export const withOne = [drafted, uploaded('1.0.0')];
export const onSale = [...withOne, clean('1.0.0'), submitted, approved, published('1.0.0')];
export const leakReason = 'Version 1.0.0 is blocked: live-secret in node "Slack".';
export const empty = suspended('No version is left to sell');
