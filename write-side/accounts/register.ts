import { type Account, accountDecider } from '../../domain/account/account.ts';
import type { Role } from '../../domain/account/events.ts';
import { domainError } from '../../domain/errors.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { KeyedHash } from '../../infra/secrets/port.ts';
import type { CommandContext } from '../handling/context.ts';
import type { Handled, Handling, HandlingOptions } from '../handling/handling.ts';
import { emailHashOf, hasAddress } from './account-by-email.ts';
import type { AccountMails } from './account-mails.ts';
import type { Credentials } from './credentials.ts';
import { assertHeld, confirmName, holdName } from './unique-name.ts';

export type RegisterDeps = {
  readonly handling: Handling;
  readonly credentials: Credentials;
  readonly keyedHash: KeyedHash;
  readonly clock: Clock;
  /** Absent: the address is not asked to be confirmed (the first administrator). */
  readonly mails?: Pick<AccountMails, 'sendVerification'>;
};

export type Registration = {
  readonly accountId: string;
  /** As typed; addresses that differ in case or outer spaces only are one. */
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
  /** Granted at once: the first administrator. */
  readonly roles?: readonly Role[];
};

/**
 * Makes an account, over several streams. After a crash at any line the same registration (same account id and context)
 * comes to its end; another one for the address may come a minute later, unless the account was made by then.
 * @throws DomainError EMAIL_TAKEN, CONTENTION, IDEMPOTENCY_KEY_REUSED, REVISION_MISMATCH
 */
export const registerAccount = async (
  deps: RegisterDeps,
  registration: Registration,
  context: CommandContext,
  options?: HandlingOptions,
): Promise<Handled<Account>> => {
  const { handling, credentials, keyedHash, clock } = deps;
  const { accountId, password, displayName, roles } = registration;
  const email = registration.email.trim();
  const emailHash = emailHashOf(keyedHash, email);
  const exists = async (id: string): Promise<boolean> => (await handling.load(accountDecider, id)).exists;

  // 1. The address, for a minute.
  const isUsedBy = (id: string): Promise<boolean> => hasAddress(handling, id, emailHash);
  const name = { category: 'email', name: emailHash, holderId: accountId, isUsedBy } as const;
  const hold = await holdName(deps, name, context);
  if (hold === undefined) throw domainError('EMAIL_TAKEN');

  // 2. The password, before the account: an account that exists can sign in. One that exists keeps its own.
  if (!(await exists(accountId))) await credentials.setPassword(accountId, password);

  // 3. The mail, before the account: one that exists was sent its mail, and a crash here leaves a token that is good for nothing.
  const person = { accountId, email, emailHash, displayName };
  await deps.mails?.sendVerification(person, context);

  // 4. The account.
  assertHeld(clock, hold);
  const command = { type: 'RegisterAccount', ...person, ...(roles === undefined ? {} : { roles }) } as const;
  const handled = await handling.handle(accountDecider, accountId, command, context, options);

  // 5. The address, for good. Where a crash leaves this out, the next one who wants the address does it.
  await confirmName(deps, name, context);
  return handled;
};
