import { idFrom } from '../handling/ids.ts';
import { accountOf, emailHashOf } from './account-by-email.ts';
import { type RegisterDeps, registerAccount } from './register.ts';

/**
 * Makes the account of the first administrator, once: while the address has no account. Its ids are made from the address,
 * so that a start that crashed on the way is finished by the next. Somebody's account of that address is left as it
 * is, roles and password included.
 * @throws DomainError EMAIL_TAKEN while somebody is just registering the address
 */
export const ensureFirstAdministrator = async (
  deps: RegisterDeps,
  administrator: { readonly email: string; readonly password: string; readonly displayName?: string },
): Promise<void> => {
  const { email, password, displayName = 'Administrator' } = administrator;
  if ((await accountOf(deps, email)) !== undefined) return;
  const commandId = idFrom('first administrator', emailHashOf(deps.keyedHash, email));
  const context = { commandId, correlationId: commandId, actorId: 'system', actorRole: 'system' };
  const accountId = idFrom(commandId, 'creates');
  await registerAccount(deps, { accountId, email, password, displayName, roles: ['admin'] }, context);
};
