import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../decider.ts';
import { DomainError } from '../errors.ts';
import { given } from '../given.ts';
import { valueAt } from '../keyed.ts';
import type { StockCommand } from './commands.ts';
import { stockDecider } from './decide.ts';
import type { StockEvent } from './events.ts';
import { remainingStock } from './state.ts';

const productId = 'p1';
const until = '2026-05-01T12:20:00.000Z';

const level = (n: number, quantity: number): StockEvent => ({
  type: 'StockLevelSet',
  data: { productId, level: n, quantity },
});
const reserved = (orderId: string, quantity = 1): StockEvent => ({
  type: 'StockReserved',
  data: { productId, orderId, quantity, until },
});
const confirmed = (orderId: string): StockEvent => ({ type: 'StockConfirmed', data: { productId, orderId } });
const released = (orderId: string): StockEvent => ({
  type: 'StockReleased',
  data: { productId, orderId, reason: 'declined' },
});
/** `at` is the vendor's setting that the buyer's side knows: its number and its quantity. */
const reserve = (orderId: string, quantity: number, at: readonly [number, number]): StockCommand => ({
  type: 'ReserveStock',
  productId,
  orderId,
  quantity,
  level: at[0],
  available: at[1],
  until,
});
const confirm = (orderId: string): StockCommand => ({ type: 'ConfirmStock', productId, orderId });
const release = (orderId: string): StockCommand => ({ type: 'ReleaseStock', productId, orderId, reason: 'declined' });
const stock = (...history: StockEvent[]) => given(stockDecider, ...history);

describe('reserving stock', () => {
  it('records the level that the vendor set, then the hold', () => {
    stock()
      .when(reserve('o1', 2, [1, 5]))
      .then(level(1, 5), reserved('o1', 2));
    stock(level(1, 5), reserved('o1', 2))
      .when(reserve('o2', 3, [1, 5]))
      .then(reserved('o2', 3));
  });

  it('refuses what is not there, and records no level then', () => {
    stock()
      .when(reserve('o1', 6, [1, 5]))
      .thenRefused('OUT_OF_STOCK');
    stock()
      .when(reserve('o1', 1, [1, 0]))
      .thenRefused('OUT_OF_STOCK');
    stock(level(1, 5), reserved('o1', 2))
      .when(reserve('o2', 4, [1, 5]))
      .thenRefused('OUT_OF_STOCK');
    stock(level(1, 1), reserved('o1'), confirmed('o1'))
      .when(reserve('o2', 1, [1, 1]))
      .thenRefused('OUT_OF_STOCK');
  });

  it.each([0, -1, 1.5])('refuses the quantity %d', (quantity) => {
    stock()
      .when(reserve('o1', quantity, [1, 5]))
      .thenRefused('INVALID_INPUT');
  });

  it('may use again what was released', () => {
    stock(level(1, 1), reserved('o1'), released('o1'))
      .when(reserve('o2', 1, [1, 1]))
      .then(reserved('o2'));
    stock(level(1, 1), reserved('o1'), released('o1'))
      .when(reserve('o1', 1, [1, 1]))
      .then(reserved('o1'));
  });

  it('for the same order again holds no more, also at a newer level', () => {
    stock(level(1, 5), reserved('o1', 2))
      .when(reserve('o1', 2, [1, 5]))
      .thenNothing();
    stock(level(1, 5), reserved('o1', 2), confirmed('o1'))
      .when(reserve('o1', 2, [2, 9]))
      .thenNothing();
  });
});

describe('a newer level', () => {
  it('counts anew: what was sold before does not count', () => {
    stock(level(1, 1), reserved('o1'), confirmed('o1'))
      .when(reserve('o2', 2, [2, 2]))
      .then(level(2, 2), reserved('o2', 2));
  });

  it('counts the holds that are still open, also once they are confirmed', () => {
    const open = [level(1, 2), reserved('o1', 2)];
    stock(...open)
      .when(reserve('o2', 1, [2, 2]))
      .thenRefused('OUT_OF_STOCK');
    stock(...open)
      .when(reserve('o2', 1, [2, 3]))
      .then(level(2, 3), reserved('o2', 1));
    stock(...open, level(2, 3), reserved('o2', 1), confirmed('o1'))
      .when(reserve('o3', 1, [2, 3]))
      .thenRefused('OUT_OF_STOCK');
  });

  it('is not undone by a buyer who knows an older one', () => {
    stock(level(2, 1), reserved('o1'))
      .when(reserve('o2', 1, [1, 100]))
      .thenRefused('OUT_OF_STOCK');
    stock(level(2, 5))
      .when(reserve('o2', 2, [1, 1]))
      .then(reserved('o2', 2));
  });

  it('below what is held leaves nothing, and says so with a number that is not negative', () => {
    const lowered = stock(level(1, 5), reserved('o1', 5), level(2, 1));
    expect(remainingStock(lowered.state())).toBe(-4);
    const { thenRefused } = lowered.when(reserve('o2', 1, [2, 1]));
    thenRefused('OUT_OF_STOCK');
    try {
      stockDecider.decide(reserve('o2', 1, [2, 1]), lowered.state());
      expect.unreachable();
    } catch (error) {
      expect(error instanceof DomainError && error.details).toEqual({ productId, remaining: 0 });
    }
  });
});

describe('confirming and releasing', () => {
  it('each happens once', () => {
    stock(level(1, 1), reserved('o1')).when(confirm('o1')).then(confirmed('o1'));
    stock(level(1, 1), reserved('o1'), confirmed('o1')).when(confirm('o1')).thenNothing();
    stock(level(1, 1), reserved('o1')).when(release('o1')).then(released('o1'));
    stock(level(1, 1), reserved('o1'), released('o1')).when(release('o1')).thenNothing();
  });

  it('what is sold is not released', () => {
    stock(level(1, 1), reserved('o1'), confirmed('o1')).when(release('o1')).thenNothing();
  });

  it('a released hold is confirmed all the same, for the money was taken', () => {
    const late = stock(level(1, 1), reserved('o1'), released('o1'), reserved('o2')).when(confirm('o1'));
    late.then(confirmed('o1'));
    expect(remainingStock(late.state())).toBe(-1);
  });

  it('what was never held is not released, and refused a confirmation', () => {
    stock().when(release('o1')).thenNothing();
    stock(level(1, 1)).when(release('o1')).thenNothing();
    stock().when(confirm('o1')).thenRefused('ORDER_STATE');
    stock(level(1, 1)).when(confirm('o1')).thenRefused('ORDER_STATE');
  });

  it('shows what remains', () => {
    expect(remainingStock(stock().state())).toBeUndefined();
    expect(remainingStock(stock(level(1, 9), reserved('o1', 2), reserved('o2', 3), confirmed('o2')).state())).toBe(4);
  });
});

describe('impossible events', () => {
  it.each([
    ['before any level', [reserved('o1'), confirmed('o1'), released('o1')], []],
    ['of orders that hold nothing', [level(1, 5), confirmed('o1'), released('o1')], [level(1, 5)]],
    ['an older level', [level(2, 5), level(1, 9), level(2, 9)], [level(2, 5)]],
    [
      'a second hold or confirmation',
      [level(1, 5), reserved('o1'), reserved('o1', 4), confirmed('o1'), confirmed('o1'), released('o1')],
      [level(1, 5), reserved('o1'), confirmed('o1')],
    ],
  ])('%s change nothing', (_, history, same) => {
    expect(stock(...history).state()).toEqual(stock(...same).state());
  });
});

describe('the limit', () => {
  const orderId = fc.constantFrom('o1', 'o2', 'o3', 'o4', 'o5', 'o6');
  const settings = [0, 7, 3, 5, 1];
  const step = fc.oneof(
    fc.record({
      type: fc.constant('reserve' as const),
      orderId,
      quantity: fc.integer({ min: 1, max: 4 }),
      level: fc.integer({ min: 1, max: settings.length - 1 }),
    }),
    fc.record({ type: fc.constantFrom('confirm' as const, 'release' as const), orderId }),
  );

  it('is never overshot by a reservation, under any interleaving of orders and settings', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const history: StockEvent[] = [];
        for (const { type, orderId: id, ...rest } of steps) {
          const command =
            'level' in rest
              ? reserve(id, rest.quantity, [rest.level, settings[rest.level] ?? 0])
              : type === 'confirm'
                ? confirm(id)
                : release(id);
          const state = fold(stockDecider, history);
          // the process confirms only what it holds
          if (type === 'confirm' && (state.status === 'none' || valueAt(state.holds, id)?.state !== 'held')) continue;
          try {
            const events = stockDecider.decide(command, state);
            history.push(...events);
            expect(stockDecider.decide(command, fold(stockDecider, history))).toEqual([]);
            if (events.some((event) => event.type === 'StockReserved'))
              expect(remainingStock(fold(stockDecider, history))).toBeGreaterThanOrEqual(0);
          } catch (error) {
            if (!(error instanceof DomainError) || error.code !== 'OUT_OF_STOCK') throw error;
          }
        }
        // counted by hand: what each level sold, of what it had
        let quantity = 0;
        const taken = new Map<string, number>();
        const sold = new Set<string>();
        for (const event of history) {
          if (event.type === 'StockLevelSet') {
            quantity = event.data.quantity;
            for (const id of sold) taken.delete(id);
          } else if (event.type === 'StockReserved') {
            taken.set(event.data.orderId, event.data.quantity);
            expect([...taken.values()].reduce((sum, units) => sum + units, 0)).toBeLessThanOrEqual(quantity);
          } else if (event.type === 'StockReleased') taken.delete(event.data.orderId);
          else sold.add(event.data.orderId);
        }
      }),
    );
  });
});
