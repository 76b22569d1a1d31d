import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../decider.ts';
import { DomainError } from '../errors.ts';
import { orderDecider } from './decider.ts';
import type { OrderEvent, OrderLine, RefundLine } from './events.ts';
import { leftOfLines, type RefundRequest, refundPlan } from './refund.ts';
import {
  disputeLost,
  disputeOpened,
  lineOne,
  lineTwo,
  orderFulfilled,
  orderPaid,
  orderPlaced,
  orderRefunded,
  paymentRequested,
  refundFailed,
  refundRequested,
  sampleId,
  sampleLine,
  untilSettled,
  wholeOf,
} from './samples.ts';
import { isPlaced, netOfLine, type PlacedOrder } from './state.ts';

const orderOf = (...history: readonly OrderEvent[]): PlacedOrder => {
  const order = fold(orderDecider, history);
  if (!isPlaced(order)) throw new Error('no order');
  return order;
};
const plan = (request: RefundRequest, ...history: readonly OrderEvent[]) =>
  refundPlan(orderOf(...(history.length > 0 ? history : untilSettled)), request);
const refusal = (deed: () => unknown): string | undefined => {
  try {
    deed();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return undefined;
};
const half = { lineId: lineOne.lineId, amount: 600, net: 500, commission: 50 };

describe('what a refund takes', () => {
  it('is all that is left, when nothing is said', () => {
    expect(plan({})).toEqual([wholeOf(lineOne), wholeOf(lineTwo)]);
    expect(plan({}, ...untilSettled, refundRequested([half]), orderRefunded([half]))).toEqual([half, wholeOf(lineTwo)]);
  });
  it('counts what is on its way as gone', () =>
    expect(plan({}, ...untilSettled, refundRequested([wholeOf(lineOne)]))).toEqual([wholeOf(lineTwo)]));
  it('does not count what failed', () =>
    expect(plan({}, ...untilSettled, refundRequested(), refundFailed())).toEqual([wholeOf(lineOne), wholeOf(lineTwo)]));
  it('is the whole of a named line, or a part of it by its own ratio', () => {
    expect(plan({ lines: [{ lineId: lineTwo.lineId }] })).toEqual([wholeOf(lineTwo)]);
    expect(plan({ lines: [{ lineId: lineOne.lineId, amount: 600 }] })).toEqual([half]);
  });
  it('is spread by what is left of the lines', () => {
    expect(plan({ amount: 900 })).toEqual([half, { lineId: lineTwo.lineId, amount: 300, net: 250, commission: 25 }]);
    expect(plan({ amount: 1 })).toEqual([{ lineId: lineOne.lineId, amount: 1, net: 1, commission: 0 }]);
    expect(plan({ amount: 1800 })).toEqual([wholeOf(lineOne), wholeOf(lineTwo)]);
  });
  it('has a free line only where it is named or the whole is meant', () => {
    const free = sampleLine(3, 0);
    const history = [orderPlaced([lineOne, free]), paymentRequested, orderPaid(1200)];
    expect(plan({ amount: 600 }, ...history)).toEqual([half]);
    expect(plan({ amount: 1200 }, ...history)).toEqual([wholeOf(lineOne), wholeOf(free)]);
    expect(plan({ lines: [{ lineId: free.lineId }] }, ...history)).toEqual([wholeOf(free)]);
    const gone = [...history, refundRequested([wholeOf(free)])];
    expect(plan({}, ...gone)).toEqual([wholeOf(lineOne)]);
    expect(refusal(() => plan({ lines: [{ lineId: free.lineId }] }, ...gone))).toBe('REFUND_EXCEEDS');
  });

  it.each<[string, RefundRequest, readonly OrderEvent[]]>([
    ['more than the order', { amount: 1801 }, untilSettled],
    ['more than a line', { lines: [{ lineId: lineOne.lineId, amount: 1201 }] }, untilSettled],
    ['a line that is gone', { lines: [{ lineId: lineOne.lineId }] }, [...untilSettled, refundRequested()]],
    ['anything when all is gone', {}, [...untilSettled, refundRequested()]],
    ['a cent when all is gone', { amount: 1 }, [...untilSettled, refundRequested()]],
    ['anything after a lost dispute', {}, [...untilSettled, disputeOpened(), disputeLost()]],
  ])('can not be %s', (_what, request, history) =>
    expect(refusal(() => plan(request, ...history))).toBe('REFUND_EXCEEDS'),
  );

  it.each<[string, RefundRequest]>([
    ['amount', { amount: 0 }],
    ['amount', { amount: -1 }],
    ['amount', { amount: 1.5 }],
    ['amount', { amount: 1, lines: [{ lineId: lineOne.lineId }] }],
    ['lines', { lines: [] }],
    ['lines.0.amount', { lines: [{ lineId: lineOne.lineId, amount: 0 }] }],
    ['lines.0.lineId', { lines: [{ lineId: sampleId(99) }] }],
    ['lines.1.lineId', { lines: [{ lineId: lineOne.lineId }, { lineId: lineOne.lineId }] }],
  ])('names what makes no sense: %s of %j', (path, request) => {
    const wrong = (): unknown => plan(request);
    expect(refusal(wrong)).toBe('INVALID_INPUT');
    expect(wrong).toThrowError(expect.objectContaining({ details: { errors: [expect.objectContaining({ path })] } }));
  });
});

describe('any sequence of refunds', () => {
  const line = (n: number) =>
    fc
      .record({
        net: fc.oneof(fc.constant(0), fc.nat(30), fc.nat(2_000_000)),
        taxBps: fc.nat(2700),
        commissionBps: fc.nat(10_000),
      })
      .map(
        ({ net, taxBps, commissionBps }): OrderLine => ({
          ...sampleLine(n, net, Math.round((net * taxBps) / 10_000)),
          commission: Math.round((net * commissionBps) / 10_000),
        }),
      );
  const wish = fc.record({
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    line: fc.option(fc.nat(2), { nil: undefined }),
    fails: fc.boolean(),
  });

  it('adds up to the lines, never negative, also when some fail', () => {
    fc.assert(
      fc.property(fc.tuple(line(1), line(2), line(3)), fc.array(wish, { maxLength: 12 }), (lines, wishes) => {
        const placed = orderPlaced([...lines]);
        const total = lines.reduce((sum, { total }) => sum + total, 0);
        let order = orderOf(placed, paymentRequested, orderPaid(total), orderFulfilled([]));
        const given: RefundLine[] = [];
        const refund = (request: RefundRequest, fails: boolean, n: number): void => {
          if (order.status === 'refunded' || leftOfLines(order).every(({ claimed }) => claimed)) return;
          const parts = refundPlan(order, request);
          for (const part of parts) {
            expect(part.commission).toBeGreaterThanOrEqual(0);
            expect(part.net).toBeGreaterThanOrEqual(part.commission);
            expect(part.amount).toBeGreaterThanOrEqual(part.net);
          }
          const id = sampleId(100 + n);
          const end = fails ? refundFailed(id) : orderRefunded(parts, id);
          const next = [refundRequested(parts, { id }), end].reduce(orderDecider.evolve, order);
          if (!isPlaced(next)) throw new Error('no order');
          order = next;
          if (!fails) given.push(...parts);
        };
        wishes.forEach(({ share, line: which, fails }, n) => {
          const left = leftOfLines(order);
          const lineLeft = which === undefined ? undefined : left[which];
          const most = lineLeft?.amount ?? left.reduce((sum, { amount }) => sum + amount, 0);
          const amount = Math.floor(most * share);
          if (amount < 1) return;
          refund(lineLeft ? { lines: [{ lineId: lineLeft.lineId, amount }] } : { amount }, fails, n);
        });
        refund({}, false, 99);
        for (const { lineId, total: whole, commission, ...rest } of lines) {
          const own = given.filter((part) => part.lineId === lineId);
          const sumOf = (key: 'amount' | 'net' | 'commission') => own.reduce((sum, part) => sum + part[key], 0);
          expect(sumOf('amount')).toBe(whole);
          expect(sumOf('net')).toBe(netOfLine({ lineId, total: whole, commission, ...rest }));
          expect(sumOf('commission')).toBe(commission);
        }
        expect(order.status).toBe('refunded');
      }),
    );
  });

  it('keeps each part within a cent of the ratio of what was left', () => {
    fc.assert(
      fc.property(line(1), fc.double({ min: 0.01, max: 1, noNaN: true }), (only, share) => {
        const amount = Math.ceil(only.total * share);
        if (amount === 0) return;
        const order = orderOf(orderPlaced([only]), paymentRequested, orderPaid(only.total));
        const [part] = refundPlan(order, { amount });
        expect(Math.abs((part?.net ?? 0) - (netOfLine(only) * amount) / only.total)).toBeLessThanOrEqual(0.5);
      }),
    );
  });
});
