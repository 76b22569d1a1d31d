import { expect, it } from 'vitest';
import { accountDecider } from '../../domain/account/account.ts';
import { reservationDecider } from '../../domain/reservation/reservation.ts';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import type { DocumentErasure } from '../../infra/documents/erasure.port.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { personKeys } from '../../infra/secrets/person-keys.ts';
import { openSqliteSecrets } from '../../infra/secrets/sqlite/open-sqlite-secrets.ts';
import { commandHandling } from '../handling/handling.ts';
import { idFrom } from '../handling/ids.ts';
import { erasureReactor } from './erasure-reactor.ts';

const clock = manualClock(Date.parse('2026-11-21T10:00:00.000Z'));
const random = seededRandom(7, clock);
const accountId = idFrom('dora');
const emailHash = 'h';
let commands = 0;
const context = () => {
  commands += 1;
  const commandId = idFrom('command', commands);
  return { commandId, correlationId: commandId, actorId: accountId, actorRole: 'customer' };
};

const erasedAccount = async () => {
  const secrets = openSqliteSecrets({ file: ':memory:', masterKey: new Uint8Array(32), random });
  const keys = personKeys(secrets, random);
  const store = openSqliteEventStore({ file: ':memory:', clock });
  const handling = commandHandling({ store, codec: eventCodec({ keys, random }), clock, random });
  const email = reservationDecider('email');
  const [now, until] = ['2026-11-21T10:00:00.000Z', '2026-11-21T10:05:00.000Z'];
  await handling.handle(email, emailHash, { type: 'HoldName', holderId: accountId, now, until }, context());
  await handling.handle(email, emailHash, { type: 'ConfirmName', holderId: accountId }, context());
  const register = {
    type: 'RegisterAccount',
    accountId,
    email: 'dora@example.test',
    emailHash,
    displayName: 'Dora',
  } as const;
  await handling.handle(accountDecider, accountId, register, context());
  await handling.handle(accountDecider, accountId, { type: 'EraseAccount' }, context());
  return { secrets, keys, handling };
};

it('scrubs the files of read models only when no generation can have written the person again', async () => {
  const { secrets, keys, handling } = await erasedAccount();
  let there = true;
  let reached = false;
  const seen: string[] = [];
  const erasure: DocumentErasure = {
    remove: async () => {
      there = false;
    },
    allReached: async () => {
      // A generation that was behind writes the person once more on its way.
      there = true;
      return reached;
    },
    scrub: async () => {
      seen.push(there ? 'scrubbed with the person' : 'scrubbed');
    },
  };
  const reactor = erasureReactor({
    ...{ handling, secrets, keys, clock, erasure },
    sessions: { endAll: async () => {} },
    erasures: { add: async () => {}, all: async () => [] },
  });
  const completed = async () => {
    const { state } = await handling.load(accountDecider, accountId);
    return state.status === 'erased' && state.completed;
  };
  await expect(reactor.drive(accountId)).rejects.toThrow('not there yet');
  expect([seen, await completed()]).toEqual([[], false]);
  reached = true;
  await reactor.drive(accountId);
  expect([seen, await completed()]).toEqual([['scrubbed'], true]);
});
