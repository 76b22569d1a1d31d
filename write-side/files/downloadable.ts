import { domainError } from '../../domain/errors.ts';
import { type IssuedLicense, licenseDecider, stateAt } from '../../domain/license/license.ts';
import { productDecider } from '../../domain/product/decider.ts';
import { type KnownProduct, newestClean, type ProductVersion, versionOf } from '../../domain/product/product.ts';
import type { ObjectStore } from '../../infra/objects/port.ts';
import type { Handling } from '../handling/handling.ts';

export type Downloadable = { readonly product: KnownProduct; readonly version: ProductVersion };

type Deps = { readonly handling: Handling; readonly objects: ObjectStore };

/** What is on sale (or was last), else the newest clean version. @throws DomainError NO_FILE */
const defaultVersion = (product: KnownProduct): ProductVersion => {
  const onSale = product.saleVersion === null ? undefined : versionOf(product, product.saleVersion);
  const version = onSale?.state === 'clean' ? onSale : newestClean(product);
  if (version === undefined) throw domainError('NO_FILE');
  return version;
};

/** @throws DomainError NOT_FOUND, VERSION_STATE */
const namedVersion = (product: KnownProduct, name: string): ProductVersion => {
  const version = versionOf(product, name);
  if (version === undefined) throw domainError('NOT_FOUND', `There is no version ${name}`);
  if (version.state !== 'clean')
    throw domainError('VERSION_STATE', `The version is ${version.state}`, { state: version.state });
  return version;
};

/** The licence itself, whoever asks. @throws DomainError NOT_FOUND */
export const issuedLicense = async (handling: Handling, licenseId: string): Promise<IssuedLicense> => {
  const { state } = await handling.load(licenseDecider, licenseId);
  if (state.status === 'none') throw domainError('NOT_FOUND');
  return state;
};

/**
 * The version that a licence lets its owner have now. Owners keep every version, also after the product was taken off sale,
 * until the version is yanked. Without a name it is the one on sale. `now` is RFC 3339.
 * @throws DomainError LICENSE_STATE, NO_FILE, VERSION_STATE, NOT_FOUND
 */
export const downloadable = async (
  { handling, objects }: Deps,
  license: IssuedLicense,
  name: string | undefined,
  now: string,
): Promise<Downloadable> => {
  const state = stateAt(license, now);
  if (state !== 'active') throw domainError('LICENSE_STATE', `The licence is ${state}`, { state });
  const { state: product } = await handling.load(productDecider, license.productId);
  if (product.status === 'none') throw domainError('NO_FILE');
  const version = name === undefined ? defaultVersion(product) : namedVersion(product, name);
  const stored = await objects.size(version.objectKey);
  if (stored !== version.size) throw new Error(`object ${version.objectKey} has ${stored} bytes, not ${version.size}`);
  return { product, version };
};
