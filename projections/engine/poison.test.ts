import { describe, expect, it } from 'vitest';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import { openSqliteReadModels } from '../../infra/documents/sqlite/open-read-models.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { oneKey } from '../../infra/secrets/one-key.ts';
import { engineSpec } from './engine-spec.ts';
import { append, appendPoison, created, FORBIDDEN_ORDER, rebuildOf, reserved } from './engine-world.ts';

const clock = manualClock(1_700_000_000_000);
const random = seededRandom(7, clock);
const codec = eventCodec({ keys: oneKey, random });

const { world, start, stop, reached, held, statusOf } = engineSpec((folder) => {
  const store = openSqliteEventStore({ file: `${folder}/log.db`, clock, durable: false });
  const readModels = openSqliteReadModels({ file: `${folder}/read.db` });
  const { sink, documents } = readModels;
  return {
    world: { store, sink, documents, audit: readModels.audit('audit'), codec, clock, random },
    close: async () => {
      await store.close();
      readModels.close();
    },
  };
});

describe('an event that cannot be applied', () => {
  it('parks with the rest of its stream when it cannot be read, and the rest goes on', async () => {
    await start();
    await append(world(), 'coupon-A', created('A'), reserved('A'));
    const poison = await appendPoison(world(), 'coupon-A');
    await append(world(), 'coupon-A', reserved('A'));
    await reached(await append(world(), 'coupon-B', created('B'), reserved('B')));
    expect(await held('A')).toBe(1);
    expect(await held('B')).toBe(1);
    const letters = await world().sink.deadLetters({ limit: 10 });
    expect(letters).toMatchObject([
      { position: poison, stream: 'coupon-A', revision: 2n, documentId: null, eventType: 'CouponReserved' },
      { stream: 'coupon-A', revision: 3n, documentId: null, reason: 'waits behind an earlier event of its stream' },
    ]);
    expect(await statusOf()).toMatchObject({ state: 'live' });
  });

  it('parks with the rest of its document when a fold refuses it, also after a restart', async () => {
    await start();
    await append(world(), 'coupon-A', created('A'));
    await append(world(), 'coupon-A', reserved('A', FORBIDDEN_ORDER));
    await reached(await append(world(), 'coupon-A', reserved('A')));
    await stop();
    await start();
    await reached(await append(world(), 'coupon-A', reserved('A')));
    expect(await held('A')).toBe(0);
    const letters = await world().sink.deadLetters({ limit: 10 });
    expect(letters.map((letter) => [letter.documentId, letter.reason])).toEqual([
      ['A', 'that order is forbidden'],
      ['A', 'waits behind an earlier event of its document'],
      ['A', 'waits behind an earlier event of its document'],
    ]);
  });

  it('is passed over where it cannot matter: of another category, or of a known type that nobody here handles', async () => {
    await start();
    await appendPoison(world(), 'stock-A', 'StockHeld');
    await appendPoison(world(), 'coupon-A', 'CouponConfirmed');
    await reached(await appendPoison(world(), 'coupon-B', 'CouponInvented'));
    expect(await world().sink.deadLetters({ limit: 10 })).toMatchObject([{ eventType: 'CouponInvented' }]);
  });

  it('stops a rebuild, which says which event it was; readers keep what they have', async () => {
    const engine = await start();
    await append(world(), 'coupon-A', created('A'));
    await appendPoison(world(), 'coupon-B');
    const warned = engine.warned();
    await reached(await append(world(), 'projection-uses', rebuildOf('uses', 2)));
    await warned;
    const status = await statusOf();
    expect(status).toMatchObject({ state: 'stopped', generation: 1, rebuild: { generation: 2, state: 'stopped' } });
    expect(status?.lastError).toContain('coupon-B revision 0');
    await reached(await append(world(), 'coupon-A', reserved('A')));
    expect(await held('A')).toBe(1);
  });
});
