import { accountDecider, type RegisteredAccount } from '../../domain/account/account.ts';
import { reservationDecider } from '../../domain/reservation/reservation.ts';
import type { KeyedHash } from '../../infra/secrets/port.ts';
import type { Handling } from '../handling/handling.ts';

/** Names the stream `email-<hash>`: hex, keyed, the same however the address is spaced or cased. */
export const emailHashOf = (keyedHash: KeyedHash, email: string): string =>
  Buffer.from(keyedHash('email', email.trim().toLowerCase())).toString('hex');

/** Whether the address is the account's: one that was erased, or has another one now, has it not. */
export const hasAddress = async (handling: Handling, accountId: string, emailHash: string): Promise<boolean> => {
  const { state } = await handling.load(accountDecider, accountId);
  return state.status === 'registered' && state.emailHash === emailHash;
};

/** The account whose address it is, decided on the log; undefined: nobody's. */
export const accountOf = async (
  deps: { readonly handling: Handling; readonly keyedHash: KeyedHash },
  email: string,
): Promise<RegisteredAccount | undefined> => {
  const emailHash = emailHashOf(deps.keyedHash, email);
  const { state: name } = await deps.handling.load(reservationDecider('email'), emailHash);
  if (name.status === 'free') return undefined;
  // Only held, and the account exists: a crash came before the confirmation. It is theirs all the same.
  const { state: account } = await deps.handling.load(accountDecider, name.holderId);
  return account.status === 'registered' && account.emailHash === emailHash ? account : undefined;
};
