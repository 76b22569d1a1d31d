import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderPlaced, sampleLine, sampleOrder } from '../order/samples.ts';
import { isCaptured, isLost, isPlaced, refundedLines } from '../order/state.ts';
import { type SampleWorld, sampleWorld } from './sample-world.ts';
import type { Step } from './steps.ts';

const everyStep: readonly Step['type'][] = [
  'payFree',
  'requestPayment',
  'chargeProvider',
  'confirmWithProvider',
  'abandonPayment',
  'reflectPayment',
  'issueLicenses',
  'confirmHolds',
  'releaseHolds',
  'settleVendors',
  'requestCompensation',
  'awaitOperator',
  'refundProvider',
  'reflectRefund',
  'settleRefund',
  'reflectDispute',
  'settleDispute',
];

/** Reads its choices from a tape; at the end of it every choice is the plain one. */
const tapeOf = (tape: readonly number[]) => {
  let at = 0;
  return (options: number): number => (options > 0 ? (tape[at++] ?? 0) % options : 0);
};

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);

const act = (world: SampleWorld, choose: (options: number) => number, n: number): void => {
  const steps = world.owed();
  const step = steps[choose(steps.length)];
  const what = choose(12);
  if (what <= 4 && step !== undefined) world.perform(step, choose(4) === 3);
  else if (what <= 6) world.deliverNotice();
  else if (what === 7) world.advanceProvider();
  else if (what === 8) {
    world.completeAction();
    world.attempt({ type: 'ReportConfirmation' });
  } else if (what === 9 && choose(3) === 2) world.attempt({ type: 'CancelOrder', reason: 'cancelled_by_buyer' });
  else if (what === 10) world.requestRefund(n);
  else if (what === 11 && choose(4) === 3) world.passDeadline();
  else world.dispute();
};

/** Everything outside comes to its end, and the reactor does what is owed: it has to stop. */
const drain = (world: SampleWorld): void => {
  world.passDeadline();
  for (let round = 0; round < 60; round++) {
    world.advanceProvider();
    world.closeDisputes();
    while (world.provider.notices.length > 0) world.deliverNotice();
    const steps = world.owed();
    if (steps.length === 0) return;
    for (const step of steps) world.perform(step, false);
  }
  throw new Error(`still owed: ${JSON.stringify(world.owed())}`);
};

const expectConsistent = (world: SampleWorld): void => {
  const order = world.order();
  if (!isPlaced(order)) throw new Error('the order is gone');
  const delivered = order.licenses !== undefined;
  const returned = refundedLines(order);
  expect(['fulfilled', 'partiallyRefunded', 'refunded', 'cancelled']).toContain(order.status);

  // money: what came in is known, and what went back is what the provider (or an operator's hand) gave back
  const captured = world.provider.charge?.type === 'captured';
  expect(isCaptured(order)).toBe(captured || (order.total === 0 && order.status !== 'cancelled'));
  const succeeded = order.refunds.filter((refund) => refund.state === 'succeeded');
  const atProvider = [...world.provider.refunds].filter(([, refund]) => refund.fact.type === 'succeeded');
  expect(sum(succeeded.filter((r) => !world.byHand.has(r.refundId)).map((r) => r.amount))).toBe(
    sum(atProvider.map(([, refund]) => refund.amount)),
  );
  expect(sum(succeeded.map((refund) => refund.amount))).toBeLessThanOrEqual(order.total);
  if (captured && !delivered) expect(isLost(order) || returned.length === order.lines.length).toBe(true);
  if (order.status === 'refunded') expect(isLost(order) || returned.length === order.lines.length).toBe(true);
  if (order.status === 'fulfilled') expect(succeeded).toEqual([]);

  // licences: exactly for lines that are paid and not given back
  for (const line of order.lines) {
    const entitled = delivered && !isLost(order) && !returned.includes(line.lineId);
    expect(world.licences.get(line.lineId) === 'active').toBe(entitled);
    expect(world.licences.get(line.lineId)).not.toBe('suspended');
  }

  // holds and ledgers followed
  expect(world.holds.state).toBe(delivered ? 'confirmed' : 'released');
  expect(world.posted.has('sale')).toBe(delivered);
  for (const refund of succeeded) expect(world.posted.has(refund.refundId)).toBe(delivered);
  for (const dispute of order.disputes) {
    expect(dispute.outcome).not.toBe('open');
    expect(world.posted.has(`${dispute.disputeId}/${dispute.outcome}`)).toBe(delivered);
  }
};

describe('the checkout process', () => {
  it('comes to one consistent end, whatever provider, buyer and crashes do', () => {
    const reached = new Set<string>();
    const performed = new Set<string>();
    const lines = fc.array(fc.constantFrom(0, 1, 333, 999), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(lines, fc.array(fc.nat(1000), { minLength: 60, maxLength: 260, size: 'max' }), (nets, tape) => {
        const choose = tapeOf(tape);
        const world = sampleWorld(choose);
        world.placeOrder(
          sampleOrder(
            nets.map((net, n) => sampleLine(n, net)),
            { couponCode: 'TEN' },
          ),
        );
        for (let n = 0; n < 45; n++) {
          act(world, choose, n);
          if (world.licences.size > 0) expect(isCaptured(world.order())).toBe(true);
        }
        drain(world);
        expectConsistent(world);
        reached.add(world.order().status);
        for (const type of world.performed) performed.add(type);
      }),
      { numRuns: 100000 },
    );
    // the runs are worth something only when they reach every end over every step
    expect([...reached].sort()).toEqual(['cancelled', 'fulfilled', 'partiallyRefunded', 'refunded']);
    expect([...performed].sort()).toEqual([...everyStep].sort());
  });

  it('fulfils a plain order by plain steps', () => {
    const world = sampleWorld(() => 0);
    const placed = orderPlaced();
    if (placed.type === 'OrderPlaced') world.placeOrder(placed.data);
    const done: string[] = [];
    for (let steps = world.owed(); steps.length > 0; steps = world.owed()) {
      for (const step of steps) {
        done.push(step.type);
        world.perform(step, false);
      }
    }
    expect(done).toEqual(['requestPayment', 'chargeProvider', 'reflectPayment', 'issueLicenses', 'settleVendors']);
    expect(world.order().status).toBe('fulfilled');
  });
});
