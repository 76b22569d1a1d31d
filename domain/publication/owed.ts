import type { Product } from '../product/product.ts';

/** A version whose bytes are to be scanned; the verdict is recorded with RecordScan. */
export type PublicationOwes = {
  readonly step: 'scan';
  readonly version: string;
  readonly objectKey: string;
  readonly sha256: string;
};

/**
 * What the publication process has still to do: one scan for every version that waits for its verdict. All else about
 * publication is decided by the product itself in the append of the verdict or the approval.
 */
export const owed = (product: Product): readonly PublicationOwes[] =>
  product.status === 'none'
    ? []
    : product.versions
        .filter(({ state }) => state === 'scanning')
        .map(({ version, objectKey, sha256 }) => ({ step: 'scan', version, objectKey, sha256 }));
