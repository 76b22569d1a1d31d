import type { FastifyInstance } from 'fastify';
import { accountDecider } from '../../domain/account/account.ts';
import type { Administrators } from '../accounts/administrators.ts';
import { livingAccount } from '../accounts/profile.ts';
import { type CommandRouteDeps, commandRoute, mainStream, noBody, noParams } from '../http/command-route.ts';
import { signedIn } from '../http/signed-in.ts';
import { assertNotBusy, type NotBusyDeps } from './not-busy.ts';

/**
 * `DELETE /me`: from the answer on the account signs in nowhere; the reactor `erasure` takes everything personal away. The
 * last administrator stays.
 */
export const eraseRoute = (
  app: FastifyInstance,
  deps: CommandRouteDeps & NotBusyDeps & { readonly administrators: Administrators },
): void => {
  commandRoute(app, deps, {
    method: 'DELETE',
    url: '/me',
    summary: 'Erase one’s person for good; amounts and tax facts stay',
    tag: 'Accounts',
    access: 'signedIn',
    ratePerMinute: 10,
    status: 202,
    body: noBody,
    params: noParams,
    refuses: ['ACCOUNT_BUSY', 'LAST_ADMIN', 'ACCOUNT_ERASED', 'READ_MODEL_BEHIND'],
    main: ({ identity }) => mainStream(accountDecider, signedIn(identity).accountId),
    run: async ({ identity, context, now, ifRevision }) => {
      const { accountId } = signedIn(identity);
      const options = ifRevision === undefined ? {} : { ifRevision };
      return deps.administrators.taking(accountId, async () => {
        await assertNotBusy(deps, await livingAccount(deps.handling, accountId), now);
        return deps.handling.handle(accountDecider, accountId, { type: 'EraseAccount' }, context, options);
      });
    },
  });
};
