import type { Projection } from '../definition.ts';
import { type DeskDocument, gone, idOf, soon, waiting } from './document.ts';

/** Accounts that have to be erased, and e-mail addresses that become free. */
export const withAccounts = (desk: Projection<DeskDocument>): Projection<DeskDocument> =>
  desk
    .on(
      'AccountErased',
      ({ data }) => idOf('erasure', data.accountId),
      (_, event) => waiting('erasure', event.data.accountId, 'erase', soon(event), event),
    )
    .on('AccountErasureCompleted', ({ data }) => idOf('erasure', data.accountId), gone)
    .on(
      'AccountEmailChanged',
      ({ data }) => idOf('emailRelease', `${data.previousHash}:${data.accountId}`),
      (_, { data, metadata }) =>
        waiting('emailRelease', `${data.previousHash}:${data.accountId}`, 'release', soon({ metadata }), { metadata }),
    )
    .on(
      'NameReleased',
      ({ data, stream }) => idOf('emailRelease', `${stream.slice(stream.indexOf('-') + 1)}:${data.holderId}`),
      gone,
    );
