import { accountDecider } from '../../domain/account/account.ts';
import { reservationDecider } from '../../domain/reservation/reservation.ts';
import { vendorDecider } from '../../domain/vendor/vendor.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { DocumentErasure } from '../../infra/documents/erasure.port.ts';
import type { ErasureList } from '../../infra/erasures/port.ts';
import type { PersonKeys, SecretStore } from '../../infra/secrets/port.ts';
import type { Sessions } from '../accounts/sessions.ts';
import { becauseOf } from '../handling/context.ts';
import type { Handling } from '../handling/handling.ts';
import type { Reactor } from '../reacting/reactor.ts';

export type ErasureDeps = {
  readonly handling: Handling;
  readonly sessions: Pick<Sessions, 'endAll'>;
  readonly secrets: SecretStore;
  readonly keys: PersonKeys;
  readonly erasures: ErasureList;
  readonly erasure: DocumentErasure;
  readonly clock: Clock;
};

/** The one read model that holds personal data. */
const people = 'people';

/** What is erased outside the log: safe to do any number of times. */
export const eraseSecrets = async (
  deps: Pick<ErasureDeps, 'sessions' | 'secrets' | 'keys'>,
  personId: string,
): Promise<void> => {
  await deps.sessions.endAll(personId);
  // Password, mailed tokens, API keys, and the mails in the outbox.
  await deps.secrets.removeByOwner(personId);
  await deps.keys.erase(personId);
};

/**
 * Takes everything personal of an erased account away, keyed by account id: the list that outlives backups first, then keys and
 * secrets, the address, the read models. Every step may be done again; the log says when all of them are done.
 */
export const erasureReactor = (deps: ErasureDeps): Reactor => {
  const { handling, erasures, erasure, clock } = deps;
  return {
    process: 'erasure',
    concerns: (event) => (event.type === 'AccountErased' ? [event.data.accountId] : []),
    drive: async (accountId) => {
      const { state, position, last } = await handling.load(accountDecider, accountId);
      if (state.status !== 'erased' || state.completed || last === undefined) return;

      // 1. Whoever restores a backup from here on erases again.
      await erasures.add({ personId: accountId, at: new Date(clock.now()).toISOString() });

      // 2. Keys and secrets, and what was read with them.
      await eraseSecrets(deps, accountId);
      await handling.forgetPersonal();

      // 3. The address becomes free; the vendor sells no more, under its own name.
      const release = { type: 'ReleaseName', holderId: accountId } as const;
      await handling.handle(reservationDecider('email'), state.emailHash, release, becauseOf(last, 'release address'));
      if (state.vendorId !== undefined) {
        const { state: vendor } = await handling.load(vendorDecider, state.vendorId);
        const suspend = { type: 'SuspendVendor', reason: 'The account was erased.' } as const;
        if (vendor.status === 'approved')
          await handling.handle(vendorDecider, state.vendorId, suspend, becauseOf(last, 'suspend vendor'));
      }

      // 4. The read models, at once; their bytes once no generation can write the person again.
      await erasure.remove(people, accountId);
      if (!(await erasure.allReached(people, position))) throw new Error('a generation of the people is not there yet');
      await erasure.remove(people, accountId);
      await erasure.scrub();

      // 5. Nothing is left.
      await handling.handle(
        accountDecider,
        accountId,
        { type: 'CompleteErasure' },
        becauseOf(last, 'complete erasure'),
      );
    },
  };
};
