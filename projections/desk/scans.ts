import type { Projection } from '../definition.ts';
import { type At, type DeskDocument, idOf, soon } from './document.ts';

const scans = (
  before: DeskDocument | undefined,
  productId: string,
  versions: readonly string[],
  event: At,
): DeskDocument | undefined =>
  versions.length === 0
    ? undefined
    : {
        process: 'publication',
        key: productId,
        dueAt: soon(event),
        owes: ['scan'],
        since: before?.since ?? event.metadata.occurredAt,
        versions,
      };

/** A version that is no longer waited for: judged, or taken back by its vendor. */
const withoutVersion = (
  before: DeskDocument | undefined,
  event: At & { readonly data: { readonly productId: string; readonly version: string } },
): DeskDocument | undefined => {
  const versions = (before?.versions ?? []).filter((version) => version !== event.data.version);
  return scans(before, event.data.productId, versions, event);
};

const product = ({ data }: { readonly data: { readonly productId: string } }): string =>
  idOf('publication', data.productId);

/** Versions whose scan is owed, a document for each product. */
export const withScans = (desk: Projection<DeskDocument>): Projection<DeskDocument> =>
  desk
    .on('VersionUploaded', product, (before, event) =>
      scans(before, event.data.productId, [...(before?.versions ?? []), event.data.version], event),
    )
    .on('VersionScanned', product, withoutVersion)
    .on('VersionYanked', product, withoutVersion);
