import type { VendorStatus } from '../vendor/vendor.ts';
import type { Finding } from './events.ts';
import type { ListingBody } from './listing.ts';

/** Whether the market wants an administrator's consent (PRODUCT_APPROVAL) is data of every command it decides. */
type ByApproval = { readonly approvalRequired: boolean };

export type DraftProduct = {
  readonly type: 'DraftProduct';
  readonly productId: string;
  readonly vendorId: string;
  /** Already reserved. */
  readonly slug: string;
  readonly listing: ListingBody;
};
export type AddVersion = {
  readonly type: 'AddVersion';
  readonly version: string;
  readonly objectKey: string;
  readonly sha256: string;
  readonly size: number;
  readonly fileName: string;
  readonly notes?: string;
};
export type RecordScan = ByApproval & {
  readonly type: 'RecordScan';
  readonly version: string;
  readonly verdict: 'clean' | 'infected' | 'blocked';
  readonly findings: readonly Finding[];
  readonly engine: string;
  readonly nodeCount?: number;
  readonly integrations?: readonly string[];
  readonly previewKey?: string;
};
export type ProductCommand =
  | DraftProduct
  | { readonly type: 'ReviseProduct'; readonly changes: Partial<ListingBody> }
  | AddVersion
  | RecordScan
  | (ByApproval & { readonly type: 'YankVersion'; readonly version: string; readonly reason?: string })
  | (ByApproval & { readonly type: 'SubmitProduct'; readonly vendorStatus: VendorStatus })
  | (ByApproval & { readonly type: 'ApproveProduct'; readonly reason?: string })
  | { readonly type: 'RejectProduct'; readonly reason: string }
  | { readonly type: 'SuspendProduct'; readonly reason?: string }
  | { readonly type: 'RetireProduct' };
