import { domainError } from '../errors.ts';
import type { AddVersion, RecordScan } from './commands.ts';
import type { ProductEvent } from './events.ts';
import { type KnownProduct, versionOf } from './product.ts';
import { compareSemver, isSemver } from './semver.ts';

const MAX_VERSIONS = 500;

/**
 * A new version waits for its scan. The same version with the same bytes again is nothing, unless it was yanked.
 * @throws INVALID_INPUT, VERSION_EXISTS, VERSION_STATE, TOO_MANY_VERSIONS, VERSION_NOT_NEWER
 */
export const addVersion = (command: AddVersion, product: KnownProduct): readonly ProductEvent[] => {
  const { type: _, ...upload } = command;
  if (!isSemver(upload.version)) {
    const message = 'must be a semantic version like 1.0.0';
    throw domainError('INVALID_INPUT', undefined, { errors: [{ path: 'version', message }] });
  }
  const same = versionOf(product, upload.version);
  if (same !== undefined) {
    if (same.sha256 !== upload.sha256) throw domainError('VERSION_EXISTS');
    if (same.state === 'yanked') throw domainError('VERSION_STATE', 'The version was yanked');
    return [];
  }
  if (product.versions.length >= MAX_VERSIONS) throw domainError('TOO_MANY_VERSIONS');
  const newest = product.versions.at(-1);
  if (newest !== undefined && compareSemver(upload.version, newest.version) <= 0)
    throw domainError('VERSION_NOT_NEWER', `The newest version is ${newest.version}`);
  return [{ type: 'VersionUploaded', data: { productId: product.productId, ...upload } }];
};

/** The first verdict stands: for a version that is not scanning any more there is nothing to record. */
export const recordScan = (command: RecordScan, product: KnownProduct): readonly ProductEvent[] => {
  const { type: _, approvalRequired: __, findings, integrations, ...scan } = command;
  const version = versionOf(product, scan.version);
  if (version === undefined) throw domainError('NOT_FOUND');
  if (version.state !== 'scanning') return [];
  const data = { productId: product.productId, ...scan, findings: [...findings] };
  return [
    { type: 'VersionScanned', data: integrations === undefined ? data : { ...data, integrations: [...integrations] } },
  ];
};

/** Takes a version back, in whatever state it or the product is; again is nothing. */
export const yankVersion = (
  command: { readonly version: string; readonly reason?: string },
  product: KnownProduct,
): readonly ProductEvent[] => {
  const version = versionOf(product, command.version);
  if (version === undefined) throw domainError('NOT_FOUND');
  if (version.state === 'yanked') return [];
  const data = { productId: product.productId, version: version.version };
  return [{ type: 'VersionYanked', data: command.reason === undefined ? data : { ...data, reason: command.reason } }];
};
