import { type Account, accountDecider, type RegisteredAccount } from '../../domain/account/account.ts';
import { domainError } from '../../domain/errors.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { KeyedHash } from '../../infra/secrets/port.ts';
import { type CommandContext, stepOf } from '../handling/context.ts';
import type { Handled, Handling, HandlingOptions } from '../handling/handling.ts';
import { emailHashOf, hasAddress } from './account-by-email.ts';
import type { AccountMails } from './account-mails.ts';
import { assertHeld, confirmName, holdName } from './unique-name.ts';

type Deps = {
  readonly handling: Handling;
  readonly keyedHash: KeyedHash;
  readonly clock: Clock;
  readonly mails: AccountMails;
};

export type ProfileChange = { readonly displayName?: string | undefined; readonly email?: string | undefined };

/** The account as it signs in now. @throws DomainError UNAUTHENTICATED */
export const livingAccount = async (handling: Handling, accountId: string): Promise<RegisteredAccount> => {
  const { state } = await handling.load(accountDecider, accountId);
  if (state.status !== 'registered') throw domainError('UNAUTHENTICATED');
  return state;
};

/**
 * Changes name and address. A new address is held first and unverified; the mails go out before the change is recorded, so a
 * change that is in the log has its mails. The old address becomes free by the reactor `emailRelease`.
 * @throws DomainError EMAIL_TAKEN, CONTENTION, REVISION_MISMATCH
 */
export const changeProfile = async (
  deps: Deps,
  accountId: string,
  change: ProfileChange,
  context: CommandContext,
  options: HandlingOptions,
): Promise<Handled<Account>> => {
  const { handling, keyedHash, clock, mails } = deps;
  const { state: account, revision } = await handling.load(accountDecider, accountId);
  if (account.status !== 'registered') throw domainError('UNAUTHENTICATED');
  // Before any mail goes out; what changes from here on the append itself finds.
  if (options.ifRevision !== undefined && options.ifRevision !== revision) throw domainError('REVISION_MISMATCH');
  const { displayName, email = account.email } = change;
  const emailHash = emailHashOf(keyedHash, email);
  if (emailHash === account.emailHash)
    return handling.handle(accountDecider, accountId, { type: 'ChangeProfile', displayName }, context, options);

  // 1. The new address, for a minute.
  const isUsedBy = (id: string): Promise<boolean> => hasAddress(handling, id, emailHash);
  const name = { category: 'email', name: emailHash, holderId: accountId, isUsedBy } as const;
  const hold = await holdName(deps, name, context);
  if (hold === undefined) throw domainError('EMAIL_TAKEN');
  // Its own for good, but not its address: it was, and is just becoming free.
  if (hold.runsOutAt === Number.POSITIVE_INFINITY)
    throw domainError('CONTENTION', 'The address is just becoming free.');

  // 2. The mails.
  const to = { ...account, displayName: displayName ?? account.displayName };
  await mails.sendVerification({ ...to, email, emailHash }, context);
  await mails.sendAddressChanged(to, context);

  // 3. The change.
  assertHeld(clock, hold);
  const command = { type: 'ChangeProfile', displayName, address: { email, emailHash } } as const;
  const handled = await handling.handle(accountDecider, accountId, command, context, options);

  // 4. The address, for good. Where a crash leaves this out, the next one who wants the address does it.
  await confirmName(deps, name, stepOf(context, 'new address'));
  return handled;
};
