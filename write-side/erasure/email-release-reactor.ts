import { reservationDecider } from '../../domain/reservation/reservation.ts';
import { hasAddress } from '../accounts/account-by-email.ts';
import { becauseOf } from '../handling/context.ts';
import type { Handling } from '../handling/handling.ts';
import type { Reactor } from '../reacting/reactor.ts';

/** Lets go of an address that an account has no more. A key is `<hash of the address>:<account id>`. */
export const emailReleaseReactor = (handling: Handling): Reactor => ({
  process: 'emailRelease',
  concerns: (event) =>
    event.type === 'AccountEmailChanged' ? [`${event.data.previousHash}:${event.data.accountId}`] : [],
  drive: async (key) => {
    const [emailHash = '', accountId = ''] = key.split(':');
    // Changed back meanwhile: it is the account's address again.
    if (await hasAddress(handling, accountId, emailHash)) return;
    const decider = reservationDecider('email');
    const { state, last } = await handling.load(decider, emailHash);
    if (state.status === 'free' || state.holderId !== accountId || last === undefined) return;
    const command = { type: 'ReleaseName', holderId: accountId } as const;
    await handling.handle(decider, emailHash, command, becauseOf(last, 'release'));
  },
});
