import { accountDecider } from '../../domain/account/account.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import { idFrom } from '../handling/ids.ts';
import { emailHashOf } from './account-by-email.ts';
import { type RegisterDeps, registerAccount } from './register.ts';

const anyAccount = async (store: EventStore): Promise<boolean> => {
  for await (const [first] of store.readAll({ filter: { categories: [accountDecider.category] }, batchSize: 1 })) {
    if (first !== undefined) return true;
  }
  return false;
};

/**
 * Makes the account of the first administrator while there is no account at all. Its ids are made from the address, so that
 * a start that crashed on the way is finished by the next.
 * @throws DomainError EMAIL_TAKEN while somebody is just registering the address
 */
export const ensureFirstAdministrator = async (
  deps: RegisterDeps & { readonly store: EventStore },
  administrator: { readonly email: string; readonly password: string; readonly displayName?: string },
): Promise<void> => {
  if (await anyAccount(deps.store)) return;
  const { email, password, displayName = 'Administrator' } = administrator;
  const commandId = idFrom('first administrator', emailHashOf(deps.keyedHash, email));
  const context = { commandId, correlationId: commandId, actorId: 'system', actorRole: 'system' };
  const accountId = idFrom(commandId, 'creates');
  await registerAccount(deps, { accountId, email, password, displayName, roles: ['admin'] }, context);
};
