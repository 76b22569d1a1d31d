import { afterEach, describe, expect, it } from 'vitest';
import { accountDecider } from '../../domain/account/account.ts';
import { couponDecider } from '../../domain/coupon/decide.ts';
import { couponUses } from '../../domain/coupon/state.ts';
import { DomainError } from '../../domain/errors.ts';
import { orderDecider } from '../../domain/order/decider.ts';
import { vendorAccountDecider } from '../../domain/vendor-account/decide.ts';
import { systemClock } from '../../infra/clock/system-clock.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import { type EventStore, StoreUnavailable } from '../../infra/event-store/port.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { personKeys } from '../../infra/secrets/person-keys.ts';
import { openSqliteSecrets } from '../../infra/secrets/sqlite/open-sqlite-secrets.ts';
import type { CommandContext } from './context.ts';
import { commandHandling, type Handling } from './handling.ts';
import { idFrom } from './ids.ts';
import { UnreadableStream } from './stream-cache.ts';

const clock = systemClock();
const random = seededRandom(7, clock);
const secrets = openSqliteSecrets({ file: ':memory:', masterKey: new Uint8Array(32), random });
const codec = eventCodec({ keys: personKeys(secrets, random), random });

const stores: EventStore[] = [];
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

/** A store in memory; `wrap` puts faults in front of it. */
const world = (wrap: (store: EventStore) => EventStore = (store) => store) => {
  const store = openSqliteEventStore({ file: ':memory:', clock });
  stores.push(store);
  const handlingOn = (): Handling => commandHandling({ store: wrap(store), codec, clock, random });
  return { store, handling: handlingOn(), another: handlingOn };
};

const maker = idFrom('maker');
const context = (name: string, more: Partial<CommandContext> = {}): CommandContext => ({
  commandId: idFrom('command', name),
  correlationId: idFrom('command', name),
  actorId: maker,
  actorRole: 'vendor',
  ...more,
});
const create = (maxRedemptions: number) =>
  ({ type: 'CreateCoupon', code: 'TEN', makerId: maker, percentOff: 10, maxRedemptions }) as const;
const reserve = (n: number) =>
  ({
    type: 'ReserveCoupon',
    code: 'TEN',
    orderId: idFrom('order', n),
    customerId: idFrom('customer', n),
    now: '2026-11-21T10:00:00.000Z',
    until: '2026-11-21T10:01:00.000Z',
  }) as const;
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const eventsOf = async (store: EventStore): Promise<string[]> => {
  const types: string[] = [];
  for await (const batch of store.readStream('coupon-TEN')) types.push(...batch.map((event) => event.type));
  return types;
};
const codeOf = (outcome: PromiseSettledResult<unknown>): string =>
  outcome.status === 'fulfilled'
    ? 'ok'
    : outcome.reason instanceof DomainError
      ? outcome.reason.code
      : String(outcome.reason);
const tally = (outcomes: readonly PromiseSettledResult<unknown>[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[codeOf(outcome)] = (counts[codeOf(outcome)] ?? 0) + 1;
  return counts;
};

describe('command handling', () => {
  it('lets 10 of 100 at once use a coupon of 10 uses, and tells the other 90', async () => {
    const { handling, store } = world();
    await handling.handle(couponDecider, 'TEN', create(10), context('create'));
    const outcomes = await Promise.allSettled(
      range(100).map((n) => handling.handle(couponDecider, 'TEN', reserve(n), context(`r${n}`))),
    );
    expect(tally(outcomes)).toEqual({ ok: 10, COUPON_EXHAUSTED: 90 });
    expect((await eventsOf(store)).filter((type) => type === 'CouponReserved')).toHaveLength(10);
  });

  it('keeps the limit when two processes race on one store', async () => {
    const { handling, another } = world();
    const other = another();
    await handling.handle(couponDecider, 'TEN', create(10), context('create'));
    const outcomes = await Promise.allSettled(
      range(40).map((n) => (n % 2 === 0 ? handling : other).handle(couponDecider, 'TEN', reserve(n), context(`r${n}`))),
    );
    expect(tally(outcomes)).toEqual({ ok: 10, COUPON_EXHAUSTED: 30 });
    const { state } = await another().load(couponDecider, 'TEN');
    expect(couponUses(state).held).toBe(10);
  });

  it('answers a command that the stream holds with its own revision and position, whatever came after', async () => {
    const { handling, another } = world();
    await handling.handle(couponDecider, 'TEN', create(10), context('create'));
    const first = await handling.handle(couponDecider, 'TEN', reserve(1), context('r1'));
    await handling.handle(couponDecider, 'TEN', reserve(2), context('r2'));
    for (const process of [handling, another()]) {
      const again = await process.handle(couponDecider, 'TEN', reserve(1), context('r1'));
      expect(again).toMatchObject({ revision: first.revision, position: first.position, replayed: true });
    }
  });

  it('answers a command that changes nothing with the position of what it was decided on, although that is still on its way', async () => {
    const { handling } = world();
    await handling.handle(couponDecider, 'TEN', create(10), context('create'));
    const [first, again, read] = await Promise.all([
      handling.handle(couponDecider, 'TEN', reserve(1), context('one')),
      handling.handle(couponDecider, 'TEN', reserve(1), context('the same once more')),
      handling.load(couponDecider, 'TEN'),
    ]);
    expect([again.revision, again.position]).toEqual([first.revision, first.position]);
    expect([read.revision, read.position]).toEqual([first.revision, first.position]);
  });

  it('gives twins at the same moment one event and one answer', async () => {
    const { handling, store } = world();
    const [one, two] = await Promise.all([
      handling.handle(couponDecider, 'TEN', create(1), context('create')),
      handling.handle(couponDecider, 'TEN', create(1), context('create')),
    ]);
    expect([one.replayed, two.replayed]).toEqual([false, true]);
    expect(two.position).toBe(one.position);
    expect(await eventsOf(store)).toEqual(['CouponCreated']);
  });

  it('appends a command once, although one that was decided on it was refused while its own append was tried again', async () => {
    const gate = Promise.withResolvers<void>();
    const again = Promise.withResolvers<void>();
    const first = idFrom('coupon-TEN', context('first').commandId, 0);
    let tries = 0;
    let refused = false;
    const { store } = world();
    const held: EventStore = {
      ...store,
      append: async (stream, expected, events) => {
        const isFirst = events[0]?.id === first;
        if (isFirst) tries += 1;
        if (isFirst && tries === 1) throw new StoreUnavailable('no answer');
        // The second one at revision 1 is refused: the first one is not there yet. All else waits.
        if (tries > 0 && (isFirst || expected !== 1n || refused)) {
          if (isFirst) again.resolve();
          await gate.promise;
        } else refused = tries > 0;
        return store.append(stream, expected, events);
      },
    };
    const impatient = { ...clock, sleep: async () => {} };
    const handling = commandHandling({ store: held, codec, clock: impatient, random });
    await handling.handle(couponDecider, 'TEN', create(10), context('create'));
    const one = handling.handle(couponDecider, 'TEN', reserve(1), context('first'));
    const other = handling.handle(couponDecider, 'TEN', reserve(2), context('second'));
    /** Time for whoever would read the stream now, without the first one. */
    const aWhile = async (): Promise<void> => {
      for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    };
    await again.promise;
    await aWhile();
    const twin = handling.handle(couponDecider, 'TEN', reserve(1), context('first'));
    await aWhile();
    gate.resolve();
    const answers = await Promise.all([one, other, twin]);
    expect(await eventsOf(store)).toEqual(['CouponCreated', 'CouponReserved', 'CouponReserved']);
    expect(answers.map(({ revision }) => revision)).toEqual([1n, 2n, 1n]);
  });

  it('refuses a command id that came with another body', async () => {
    const { handling } = world();
    await handling.handle(couponDecider, 'TEN', create(1), context('create', { bodyHash: 'a' }));
    await expect(
      handling.handle(couponDecider, 'TEN', create(1), context('create', { bodyHash: 'b' })),
    ).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    await expect(handling.recorded(couponDecider, 'TEN', context('create', { bodyHash: 'a' }))).resolves.toMatchObject({
      replayed: true,
    });
  });

  it('honours If-Match', async () => {
    const { handling } = world();
    await handling.handle(couponDecider, 'TEN', create(10), context('create'));
    const stale = handling.handle(couponDecider, 'TEN', reserve(1), context('r1'), { ifRevision: 4n });
    await expect(stale).rejects.toMatchObject({ code: 'REVISION_MISMATCH' });
    await expect(
      handling.handle(couponDecider, 'TEN', reserve(1), context('r1'), { ifRevision: 0n }),
    ).resolves.toMatchObject({ revision: 1n });
  });

  it.each(['before', 'after'] as const)('appends once when the store fails %s the append', async (moment) => {
    let failures = 0;
    const { handling, store } = world((inner) => ({
      ...inner,
      readStream: (...args) => inner.readStream(...args),
      append: async (...args) => {
        if (failures-- > 0) {
          if (moment === 'after') await inner.append(...args);
          throw new StoreUnavailable('no answer');
        }
        return inner.append(...args);
      },
    }));
    // the coupon has to be there first: a reservation that overtakes its creation is rightly refused
    failures = 1;
    const created = await handling.handle(couponDecider, 'TEN', create(10), context('create'));
    failures = 2;
    const reserved = await Promise.all(
      range(5).map((n) => handling.handle(couponDecider, 'TEN', reserve(n), context(`r${n}`))),
    );
    const answers = [created, ...reserved];
    expect(answers.map((answer) => answer.revision).toSorted((a, b) => Number(a - b))).toEqual([
      0n,
      1n,
      2n,
      3n,
      4n,
      5n,
    ]);
    expect(await eventsOf(store)).toHaveLength(6);
  });

  it('decides again what it refused because of an append that then failed', async () => {
    let conflicts = 1;
    const { handling, store, another } = world((inner) => ({
      ...inner,
      readStream: (...args) => inner.readStream(...args),
      append: async (...args) => {
        const [stream, expected] = args;
        if (expected === 0n && conflicts-- > 0)
          await inner.append(
            stream,
            0n,
            await codec.encode(
              stream,
              [{ id: idFrom('else'), event: { type: 'CouponClosed', data: { code: 'TEN' } } }],
              { ...context('else'), occurredAt: '2026-11-21T10:00:00.000Z' },
            ),
          );
        return inner.append(...args);
      },
    }));
    await handling.handle(couponDecider, 'TEN', create(1), context('create'));
    const outcomes = await Promise.allSettled(
      [1, 2].map((n) => handling.handle(couponDecider, 'TEN', reserve(n), context(`r${n}`))),
    );
    expect(outcomes.map(codeOf)).toEqual(['COUPON_NOT_ACTIVE', 'COUPON_NOT_ACTIVE']);
    expect(await eventsOf(store)).toEqual(['CouponCreated', 'CouponClosed']);
    expect((await another().load(couponDecider, 'TEN')).state.status).toBe('closed');
  });

  it('gives up with UNAVAILABLE at the deadline and may be asked again', async () => {
    let down = true;
    const store = openSqliteEventStore({ file: ':memory:', clock });
    stores.push(store);
    const failing: EventStore = {
      ...store,
      readStream: (...args) => store.readStream(...args),
      append: (...args) => (down ? Promise.reject(new StoreUnavailable('down')) : store.append(...args)),
    };
    const handling = commandHandling({ store: failing, codec, clock, random, deadlineMs: 30 });
    await expect(handling.handle(couponDecider, 'TEN', create(1), context('create'))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    down = false;
    await expect(handling.handle(couponDecider, 'TEN', create(1), context('create'))).resolves.toMatchObject({
      revision: 0n,
    });
  });

  it('decides nothing on a stream that it cannot read', async () => {
    const { handling, store } = world();
    const bytes = new TextEncoder().encode('{}');
    await store.append('coupon-TEN', 'no_stream', [
      { id: idFrom('poison'), type: 'CouponBentIntoShape', data: bytes, metadata: bytes },
    ]);
    await expect(handling.handle(couponDecider, 'TEN', create(1), context('create'))).rejects.toBeInstanceOf(
      UnreadableStream,
    );
    expect(await eventsOf(store)).toEqual(['CouponBentIntoShape']);
  });

  /** A store that tells which streams were read. */
  const watchedStore = () => {
    const read: string[] = [];
    const { store } = world();
    const watched: EventStore = {
      ...store,
      readStream: (stream, ...options) => {
        read.push(stream);
        return store.readStream(stream, ...options);
      },
    };
    return { watched, read };
  };

  it('keeps no more streams in memory than it was told to, those used last', async () => {
    const { watched, read } = watchedStore();
    const handling = commandHandling({ store: watched, codec, clock, random, cacheCapacity: 2 });
    for (const id of ['A', 'B', 'A', 'C', 'A', 'C', 'B']) await handling.load(couponDecider, id);
    expect(read).toEqual(['coupon-A', 'coupon-B', 'coupon-C', 'coupon-B']);
  });

  it('forgets what may say something about a person when one is erased, and keeps the rest', async () => {
    const { watched, read } = watchedStore();
    const handling = commandHandling({ store: watched, codec, clock, random });
    const looked = async (): Promise<void> => {
      await handling.load(couponDecider, 'A');
      await handling.load(accountDecider, 'A');
      await handling.load(orderDecider, 'A');
      await handling.load(vendorAccountDecider, 'A');
    };
    await looked();
    await handling.forgetPersonal();
    read.length = 0;
    await looked();
    expect(read).toEqual(['account-A', 'order-A']);
  });
});
