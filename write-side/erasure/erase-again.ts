import { accountDecider } from '../../domain/account/account.ts';
import { idFrom } from '../handling/ids.ts';
import { type ErasureDeps, eraseSecrets } from './erasure-reactor.ts';

/**
 * At a start, before anybody is served: whoever is on the erasure list is erased, also when the files are those of an older
 * backup. Keys are gone when it resolves; what else an older log asks for is on the saga desk then.
 */
export const eraseAgain = async (deps: ErasureDeps): Promise<void> => {
  for (const { personId } of await deps.erasures.all()) {
    await eraseSecrets(deps, personId);
    const { state } = await deps.handling.load(accountDecider, personId);
    if (state.status !== 'registered') continue;
    const commandId = idFrom('erased again', personId);
    const context = { commandId, correlationId: commandId, actorId: 'system', actorRole: 'system' };
    await deps.handling.handle(accountDecider, personId, { type: 'EraseAccount' }, context);
  }
};
