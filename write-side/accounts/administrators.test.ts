import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { accountDecider } from '../../domain/account/account.ts';
import type { Role } from '../../domain/account/events.ts';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { oneKey } from '../../infra/secrets/one-key.ts';
import { commandHandling, type Handling } from '../handling/handling.ts';
import { type Administrators, administrators } from './administrators.ts';

const clock = manualClock(1_764_000_000_000);
const random = seededRandom(5, clock);
const [ada, bob] = [random.uuid(), random.uuid()];

let handling: Handling;
let all: Administrators;

const context = () => ({
  commandId: random.uuid(),
  correlationId: random.uuid(),
  actorId: 'system',
  actorRole: 'system',
});
const setRoles = (accountId: string, ...roles: Role[]) =>
  handling.handle(accountDecider, accountId, { type: 'SetRoles', roles }, context());
const take = (accountId: string) => all.taking(accountId, () => setRoles(accountId));

beforeEach(async () => {
  const store = openSqliteEventStore({ file: ':memory:', clock, durable: false });
  onTestFinished(() => store.close());
  const codec = eventCodec({ keys: oneKey, random });
  handling = commandHandling({ store, codec, clock, random });
  all = administrators({ store, codec, handling });
  for (const accountId of [ada, bob]) {
    const person = { accountId, email: 'x@example.com', emailHash: accountId, displayName: 'X' };
    await handling.handle(accountDecider, accountId, { type: 'RegisterAccount', ...person }, context());
  }
  await setRoles(ada, 'admin');
});

it('the last administrator keeps the role', async () => {
  await expect(take(ada)).rejects.toMatchObject({ code: 'LAST_ADMIN' });
  expect((await take(bob)).state).toMatchObject({ roles: [] });
});

it('one of two may lose it, and then the other one is the last', async () => {
  await expect(take(ada)).rejects.toMatchObject({ code: 'LAST_ADMIN' });
  await setRoles(bob, 'admin');
  expect((await take(ada)).state).toMatchObject({ roles: [] });
  await expect(take(bob)).rejects.toMatchObject({ code: 'LAST_ADMIN' });
});

it('two that take it from each other at the same moment leave one', async () => {
  await setRoles(bob, 'admin');
  const answers = await Promise.allSettled([take(ada), take(bob)]);
  expect(answers).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'LAST_ADMIN' } }]);
});

it('a change that fails does not stand in the way of the next', async () => {
  await setRoles(bob, 'admin');
  await expect(all.taking(ada, () => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer');
  expect((await take(ada)).state).toMatchObject({ roles: [] });
});
