import { accountDecider } from '../../domain/account/account.ts';
import { DomainError, domainError } from '../../domain/errors.ts';
import { slugCandidate, slugify } from '../../domain/slug/slugify.ts';
import { type Vendor, vendorDecider } from '../../domain/vendor/vendor.ts';
import type { Clock } from '../../infra/clock/port.ts';
import { assertHeld, confirmName, type Hold, holdName } from '../accounts/unique-name.ts';
import { type CommandContext, stepOf } from '../handling/context.ts';
import type { Handled, Handling, HandlingOptions } from '../handling/handling.ts';
import { idFrom } from '../handling/ids.ts';
import { NO_REVISION } from '../handling/stream-cache.ts';

type Deps = { readonly handling: Handling; readonly clock: Clock };

export type VendorRegistration = {
  readonly ownerId: string;
  readonly displayName: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** ISO 4217. */
  readonly defaultCurrency: string;
};

/** An account has one vendor at most, so the vendor's id is made from the account's: every attempt means the same one. */
export const vendorIdOf = (accountId: string): string => idFrom('vendor of', accountId);

/** Holds the first of `slug`, `slug-2`, `slug-3`… that is free or the vendor's own already. */
const holdSlug = async (
  deps: Deps,
  slug: string,
  vendorId: string,
  context: CommandContext,
): Promise<{ readonly slug: string; readonly hold: Hold }> => {
  for (let n = 1; ; n += 1) {
    const candidate = slugCandidate(slug, n);
    const isUsedBy = async (holderId: string): Promise<boolean> => {
      const { state } = await deps.handling.load(vendorDecider, holderId);
      return state.status !== 'none' && state.slug === candidate;
    };
    const name = { category: 'vendorSlug', name: candidate, holderId: vendorId, isUsedBy } as const;
    const hold = await holdName(deps, name, context);
    if (hold !== undefined) return { slug: candidate, hold };
  }
};

/**
 * Makes the vendor of an account, over several streams; after a crash at any line any further attempt of the account, also
 * with other data, comes to its end.
 * @throws DomainError VENDOR_EXISTS, NOT_FOUND (no such account), CONTENTION, IDEMPOTENCY_KEY_REUSED, REVISION_MISMATCH
 */
export const registerVendor = async (
  deps: Deps,
  registration: VendorRegistration,
  context: CommandContext,
  { ifRevision = NO_REVISION }: HandlingOptions = {},
): Promise<Handled<Vendor>> => {
  const { handling, clock } = deps;
  const { ownerId, displayName, country, defaultCurrency } = registration;
  const vendorId = vendorIdOf(ownerId);
  if ((await handling.load(vendorDecider, vendorId)).exists) throw domainError('VENDOR_EXISTS');

  // 1. The account's one vendor. Brings the role, with the next token.
  await handling.handle(accountDecider, ownerId, { type: 'LinkVendor', vendorId }, stepOf(context, 'link'));

  // 2. A name for its page, for a minute.
  const { slug, hold } = await holdSlug(deps, slugify(displayName), vendorId, context);

  // 3. The vendor. Another attempt of the account at the same moment may be first; the slug held here becomes free.
  assertHeld(clock, hold);
  const vendor = { vendorId, ownerId, slug, displayName, country, defaultCurrency };
  const handled = await handling
    .handle(vendorDecider, vendorId, { type: 'RegisterVendor', ...vendor }, context, { ifRevision })
    .catch((error: unknown) => {
      const exists = error instanceof DomainError && error.code === 'REVISION_MISMATCH' && ifRevision === NO_REVISION;
      throw exists ? domainError('VENDOR_EXISTS') : error;
    });

  // 4. The name, for good. Where a crash leaves this out, the next one who wants the name does it.
  await confirmName(deps, { category: 'vendorSlug', name: slug, holderId: vendorId }, context);
  return handled;
};
