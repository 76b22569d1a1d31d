import { afterEach, describe, expect, it } from 'vitest';
import { vendorAccountDecider } from '../../domain/vendor-account/decide.ts';
import { balancesOf } from '../../domain/vendor-account/state.ts';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import { systemClock } from '../../infra/clock/system-clock.ts';
import { eventCodec } from '../../infra/event-codec/event-codec.ts';
import type { EventStore } from '../../infra/event-store/port.ts';
import { openSqliteEventStore } from '../../infra/event-store/sqlite/sqlite-event-store.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { personKeys } from '../../infra/secrets/person-keys.ts';
import { openSqliteSecrets } from '../../infra/secrets/sqlite/open-sqlite-secrets.ts';
import type { CommandContext } from '../handling/context.ts';
import { commandHandling } from '../handling/handling.ts';
import { idFrom } from '../handling/ids.ts';
import { type PostingCommand, vendorBooks } from './vendor-books.ts';

const november = Date.parse('2026-11-30T12:00:00.000Z');
const day = 86_400_000;
const real = systemClock();
const random = seededRandom(7, real);
const secrets = openSqliteSecrets({ file: ':memory:', masterKey: new Uint8Array(32), random });
const codec = eventCodec({ keys: personKeys(secrets, random), random });
const stores: EventStore[] = [];
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

const vendorId = idFrom('vendor');
const none = { pending: 0, available: 0, reserved: 0, paidOut: 0 };
const of = (n: number) => ({ saleId: idFrom('sale', n), orderId: idFrom('order', n), causeId: idFrom('cause', n) });
const sale = (n: number): PostingCommand => ({
  type: 'RecordSale',
  ...of(n),
  vendorId,
  currency: 'USD',
  lines: [{ lineId: idFrom('line', n), net: 1000, commission: 100 }],
  maturesAt: '2026-11-30T12:00:00.000Z',
});
const mature = (n: number): PostingCommand => ({
  type: 'MatureSale',
  saleId: of(n).saleId,
  now: '2026-11-30T12:00:00.000Z',
});
const refund = (n: number): PostingCommand => ({
  type: 'RecordRefund',
  refundId: idFrom('refund', n),
  ...of(n),
  lines: [{ lineId: idFrom('line', n), net: 1000, commission: 100 }],
});
const dispute = (type: 'ReserveDispute' | 'ReleaseDispute' | 'ChargeDispute', n: number): PostingCommand => ({
  type,
  disputeId: `dp_${n}`,
  ...of(n),
});

/** Books on a log in memory, whose clock stands at the end of November until `monthsPass`. */
const world = () => {
  const clock = manualClock(november);
  const store = openSqliteEventStore({ file: ':memory:', clock: real });
  stores.push(store);
  /** One more process on the same log, with a memory of its own. */
  const process = () =>
    vendorBooks({ handling: commandHandling({ store, codec, clock: { ...real, now: clock.now }, random }), clock });
  let told = 0;
  const context = (): CommandContext => {
    const commandId = idFrom('command', told++);
    return { commandId, correlationId: commandId, actorId: 'system', actorRole: 'system' };
  };
  const books = process();
  return {
    books,
    process,
    context,
    tell: async (...commands: readonly PostingCommand[]): Promise<void> => {
      for (const command of commands) await books.handle(vendorId, command, context());
    },
    monthsPass: (months: number) => clock.advance(months * 31 * day),
    balances: async () => balancesOf((await books.open(vendorId)).state),
    typesIn: async (id: string): Promise<string[]> => {
      const types: string[] = [];
      for await (const batch of store.readStream(`${vendorAccountDecider.category}-${id}`))
        types.push(...batch.map(({ type }) => type));
      return types;
    },
  };
};

describe('the books of a vendor', () => {
  it('do not exist before the first sale', async () => {
    const { books, tell } = world();
    expect((await books.open(vendorId)).exists).toBe(false);
    await expect(tell(mature(1))).rejects.toMatchObject({ code: 'ORDER_STATE' });
  });

  it('are closed by whoever comes first in a new month, month after month', async () => {
    const { tell, monthsPass, typesIn, balances } = world();
    await tell(sale(1), mature(1));
    await monthsPass(3);
    await tell(sale(2));
    expect(await typesIn(vendorId)).toEqual([
      'BooksOpened',
      'SaleRecorded',
      'SaleMatured',
      'StatementIssued',
      'BooksClosed',
    ]);
    for (const month of ['2026-12', '2027-01'])
      expect(await typesIn(`${vendorId}.${month}`)).toEqual(['BooksOpened', 'StatementIssued', 'BooksClosed']);
    expect((await typesIn(`${vendorId}.2027-03`)).at(-1)).toBe('SaleRecorded');
    expect(await balances()).toEqual([{ currency: 'USD', ...none, pending: 900, available: 900 }]);
  });

  it('take a redelivery of what a closed month has seen as nothing', async () => {
    const { tell, monthsPass, balances } = world();
    const story = [sale(1), mature(1), dispute('ReserveDispute', 1), dispute('ReleaseDispute', 1), sale(2)];
    await tell(...story);
    const before = await balances();
    await monthsPass(1);
    await tell(...story, ...story);
    expect(await balances()).toEqual(before);
    await monthsPass(1);
    await tell(...story);
    expect(await balances()).toEqual(before);
  });

  it('find an old sale again, however long ago, for a late refund or dispute', async () => {
    const { tell, monthsPass, balances } = world();
    await tell(sale(1), mature(1), sale(2), mature(2));
    await monthsPass(14);
    await tell(refund(1), refund(1), dispute('ChargeDispute', 2));
    expect(await balances()).toEqual([{ currency: 'USD', ...none }]);
    await monthsPass(2);
    await tell(refund(1), dispute('ReserveDispute', 2), dispute('ChargeDispute', 2));
    expect(await balances()).toEqual([{ currency: 'USD', ...none }]);
  });

  it('give a payout of an earlier month back when it returns', async () => {
    const { tell, monthsPass, balances } = world();
    const payoutId = idFrom('payout');
    await tell(sale(1), mature(1));
    await tell({ type: 'ReservePayout', payoutId, amount: 900, currency: 'USD', payoutAccount: 'ba_ok' });
    await monthsPass(1);
    expect(await balances()).toEqual([{ currency: 'USD', ...none, reserved: 900 }]);
    await tell({ type: 'CompletePayout', payoutId, causeId: idFrom('paid') });
    await monthsPass(2);
    expect(await balances()).toEqual([{ currency: 'USD', ...none, paidOut: 900 }]);
    await tell({ type: 'ReleasePayout', payoutId, causeId: idFrom('returned'), reason: 'returned' });
    expect(await balances()).toEqual([{ currency: 'USD', ...none, available: 900 }]);
  });

  it('are closed once when many come at once, in several processes', async () => {
    const { tell, monthsPass, process, context, typesIn, balances } = world();
    await tell(sale(0));
    const others = [process(), process(), process()];
    for (const other of others) await other.open(vendorId);
    await monthsPass(1);
    await Promise.all(
      Array.from({ length: 12 }, (_, n) => (others[n % 3] ?? process()).handle(vendorId, sale(n % 6), context())),
    );
    expect((await typesIn(vendorId)).filter((type) => type === 'BooksClosed')).toHaveLength(1);
    const december = await typesIn(`${vendorId}.2026-12`);
    expect(december.filter((type) => type === 'BooksOpened')).toHaveLength(1);
    expect(december.filter((type) => type === 'SaleRecorded')).toHaveLength(5);
    const fresh = process();
    expect(balancesOf((await fresh.open(vendorId)).state)).toEqual([{ currency: 'USD', ...none, pending: 5400 }]);
    expect(await balances()).toBeDefined();
  });
});
