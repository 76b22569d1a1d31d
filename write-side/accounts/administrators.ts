import { accountDecider } from '../../domain/account/account.ts';
import { domainError } from '../../domain/errors.ts';
import type { EventCodec } from '../../infra/event-codec/port.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import type { Handling } from '../handling/handling.ts';

export type Administrators = {
  /**
   * Runs `take`, which may take the role from the account, unless nobody else has it. One at a time in this
   * process, so two administrators can't take it from each other; two processes at the very same moment could.
   * @throws DomainError LAST_ADMIN
   */
  taking<Result>(accountId: string, take: () => Promise<Result>): Promise<Result>;
};

/** Who has the role `admin`, decided on the log: role changes are read once, then only the new ones. */
export const administrators = (deps: {
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly handling: Handling;
}): Administrators => {
  const { store, codec, handling } = deps;
  const filter = { categories: ['account'], types: ['AccountRolesChanged'] };
  /** Accounts that had the role at some time. */
  const everGranted = new Set<string>();
  let readUpTo: bigint | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const readChanges = async (): Promise<void> => {
    for await (const batch of store.readAll({ filter, ...(readUpTo === undefined ? {} : { after: readUpTo }) })) {
      // One that can't be read counts as no administrator: it refuses more, never less.
      for (const decoded of await codec.decode(batch)) {
        if (!decoded.ok || decoded.event.type !== 'AccountRolesChanged') continue;
        if (decoded.event.data.roles.includes('admin')) everGranted.add(decoded.event.data.accountId);
      }
      readUpTo = batch.at(-1)?.position ?? readUpTo;
    }
  };

  const isAdministrator = async (accountId: string): Promise<boolean> => {
    const { state } = await handling.load(accountDecider, accountId);
    return state.status === 'registered' && state.roles.includes('admin');
  };

  const isLast = async (accountId: string): Promise<boolean> => {
    if (!(await isAdministrator(accountId))) return false;
    await readChanges();
    for (const other of everGranted) if (other !== accountId && (await isAdministrator(other))) return false;
    return true;
  };

  return {
    taking: (accountId, take) => {
      const mine = turn.then(async () => {
        if (await isLast(accountId)) throw domainError('LAST_ADMIN');
        return take();
      });
      // The next one's turn comes either way; how this one ended is told to its caller.
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
};
