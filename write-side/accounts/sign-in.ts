import { accountDecider, rolesOf } from '../../domain/account/account.ts';
import { domainError } from '../../domain/errors.ts';
import type { KeyedHash } from '../../infra/secrets/port.ts';
import type { Handling } from '../handling/handling.ts';
import { accountOf } from './account-by-email.ts';
import type { Credentials } from './credentials.ts';
import type { AccountRights, Sessions, SignedIn } from './sessions.ts';

export type SignInDeps = {
  readonly handling: Handling;
  readonly credentials: Credentials;
  readonly sessions: Sessions;
  readonly keyedHash: KeyedHash;
};

/** Opens a session. An unknown address takes as long as a wrong password. @throws DomainError INVALID_CREDENTIALS */
export const signIn = async (deps: SignInDeps, email: string, password: string): Promise<SignedIn> => {
  const account = await accountOf(deps, email);
  const right = await deps.credentials.verifyPassword(account?.accountId, password);
  if (account === undefined || !right) throw domainError('INVALID_CREDENTIALS');
  return deps.sessions.open(account.accountId, rolesOf(account), account.epoch);
};

/** The next tokens, with the rights as the log has them now. @throws DomainError TOKEN_REUSED, UNAUTHENTICATED */
export const refreshSession = (
  deps: Pick<SignInDeps, 'handling' | 'sessions'>,
  refreshToken: string,
): Promise<SignedIn> =>
  deps.sessions.refresh(refreshToken, async (accountId): Promise<AccountRights | undefined> => {
    const { state } = await deps.handling.load(accountDecider, accountId);
    return state.status === 'registered' ? { roles: rolesOf(state), epoch: state.epoch } : undefined;
  });
