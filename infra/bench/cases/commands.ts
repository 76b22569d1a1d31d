import { join } from 'node:path';
import { cartDecider } from '../../../domain/cart/cart.ts';
import { commandHandling } from '../../../write-side/handling/handling.ts';
import { idFrom } from '../../../write-side/handling/ids.ts';
import { systemClock } from '../../clock/system-clock.ts';
import { eventCodec } from '../../event-codec/event-codec.ts';
import type { NewEvent } from '../../event-store/port.ts';
import { openSqliteEventStore } from '../../event-store/sqlite/sqlite-event-store.ts';
import { systemRandom } from '../../random/system-random.ts';
import { personKeys } from '../../secrets/person-keys.ts';
import { openSqliteSecrets } from '../../secrets/sqlite/open-sqlite-secrets.ts';
import { anyScale, type Case, interleaved, type Plan, perSecond } from '../bench.ts';
import { rowOf } from '../figures.ts';
import { openRawAppends } from '../reference/raw-appends.ts';
import { productIdAt } from '../seed/products.ts';

const clock = systemClock();
const random = systemRandom(clock);
const accountAt = (writer: number): string => idFrom('bench', 'account', writer);
const item = (writer: number, turn: number) =>
  ({
    type: 'SetCartItem',
    accountId: accountAt(writer),
    ...{ productId: productIdAt(writer), tierId: 'standard', quantity: 1 + (turn % 900) },
  }) as const;

/** What commands and appends write here: the events of carts. */
const world = (plan: Plan) => {
  const dir = plan.folder();
  const secrets = openSqliteSecrets({ file: join(dir, 'secrets.db'), masterKey: new Uint8Array(32), random });
  const codec = eventCodec({ keys: personKeys(secrets, random), random });
  const store = openSqliteEventStore({ file: join(dir, 'log.db'), clock });
  const raw = openRawAppends(join(dir, 'raw.db'));
  const encoded = async (writer: number): Promise<NewEvent> => {
    const [event] = cartDecider.decide(item(writer, 1), cartDecider.initial);
    if (event === undefined) throw new Error('nothing was decided');
    const id = random.uuid();
    const occurredAt = new Date(clock.now()).toISOString();
    const metadata = {
      commandId: id,
      correlationId: id,
      actorId: accountAt(writer),
      actorRole: 'customer',
      occurredAt,
    };
    const [bytes] = await codec.encode(`cart-${accountAt(writer)}`, [{ id, event }], metadata);
    if (bytes === undefined) throw new Error('nothing was encoded');
    return bytes;
  };
  return {
    ...{ codec, store, raw, encoded },
    close: async () => {
      raw.close();
      await store.close();
      await secrets.close();
    },
  };
};

const all = (writers: number): readonly number[] => Array.from({ length: writers }, (_, writer) => writer);

const rawRate = async (plan: Plan, writers: number, { raw, encoded }: ReturnType<typeof world>): Promise<number> => {
  const events = await Promise.all(all(writers).map(encoded));
  return perSecond(plan.seconds, async () => {
    raw.append(events);
    return writers;
  });
};

/** So many writers at once, each its next when its last is done, for the plan's seconds; how many a second. */
const writersRate = async (plan: Plan, writers: number, one: (writer: number, turn: number) => Promise<unknown>) => {
  const started = performance.now();
  let done = 0;
  const write = async (writer: number): Promise<void> => {
    for (let turn = 0; performance.now() - started < plan.seconds * 1000; turn += 1, done += 1) await one(writer, turn);
  };
  await Promise.all(all(writers).map(write));
  return done / ((performance.now() - started) / 1000);
};

/** The event store by itself: one event an append, each writer in a stream of its own. */
export const appends: Case = {
  name: 'appends',
  about: 'durable appends/s beside raw SQLite (as many inserts in one transaction as there are writers)',
  run: async (plan) => {
    const rows = [];
    for (const writers of [1, 64]) {
      const bench = world(plan);
      const events = await Promise.all(all(writers).map(bench.encoded));
      const revisions = new Map<number, bigint>();
      let round = 0;
      const subject = (): Promise<number> => {
        round += 1;
        revisions.clear();
        return writersRate(plan, writers, async (writer) => {
          const event = events[writer];
          if (event === undefined) throw new Error('a writer without its event');
          const before = revisions.get(writer);
          const { revision } = await bench.store.append(`cart-${round}.${writer}`, before ?? 'no_stream', [
            { ...event, id: random.uuid() },
          ]);
          revisions.set(writer, revision);
        });
      };
      const rounds = await interleaved(plan.rounds, subject, () => rawRate(plan, writers, bench));
      rows.push(rowOf({ name: `durable appends, ${writers} at once`, scale: anyScale, unit: '/s' }, rounds));
      await bench.close();
    }
    return rows;
  },
};

/** Commands through the handler, one event each, every writer on a stream of its own. */
export const commands: Case = {
  name: 'commands',
  about: 'commands/s through the handler beside raw durable appends at the same concurrency',
  run: async (plan) => {
    const rows = [];
    for (const writers of [1, 64]) {
      const bench = world(plan);
      const handling = commandHandling({ store: bench.store, codec: bench.codec, clock, random });
      let turns = 0;
      const subject = (): Promise<number> =>
        writersRate(plan, writers, (writer) => {
          const commandId = random.uuid();
          const actorId = accountAt(writer);
          const context = { commandId, correlationId: commandId, actorId, actorRole: 'customer' };
          return handling.handle(cartDecider, actorId, item(writer, ++turns), context);
        });
      const rounds = await interleaved(plan.rounds, subject, () => rawRate(plan, writers, bench));
      const goal = { of: 'ratio', atLeast: 0.5 } as const;
      rows.push(rowOf({ name: `handler commands, ${writers} at once`, scale: anyScale, unit: '/s', goal }, rounds));
      await bench.close();
    }
    return rows;
  },
};
