import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Deliver } from '../payments/simulated/delivery.ts';
import { crashAt } from './test-crash.ts';
import { injected, posted } from './test-door.ts';
import { signedIn } from './test-market.ts';
import { dispute, ended, openStage, type Stage } from './test-stage.ts';
import { refundInParts, tell } from './test-story.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.remove());

type Chaos = { readonly delayMs: number; readonly copies: number; readonly shuffle: boolean };
/** Stands in the way of the webhooks. */
type Way = (deliver: Deliver) => Deliver;

/** How the mixed story ends when the provider's webhooks misbehave, and how many were brought to the door. */
const endWith = async (chaos: Chaos | undefined, way: Way = (deliver) => deliver) => {
  const outside = crashAt(Number.POSITIVE_INFINITY);
  let deliveries = 0;
  const system = await stage.start({
    wrap: (ports) =>
      outside.wrap({
        ...ports,
        payments: (deliver) => {
          const through = way(deliver);
          return ports.payments((...message) => {
            deliveries += 1;
            return through(...message);
          });
        },
      }),
  });
  const door = injected(system);
  const { market } = stage;
  const story = async (): Promise<void> => {
    if (chaos !== undefined) await posted(door, '/simulator/webhooks', chaos, { token: await signedIn(door, 'admin') });
    const disputes = (['winning_evidence', 'losing_evidence'] as const).map((evidence) =>
      dispute(door, market, outside.provider(), evidence),
    );
    await Promise.all([tell(door, market), refundInParts(door, market), ...disputes]);
  };
  await door.pumped(story());
  const end = await ended(system);
  await system.dispose();
  return { end, deliveries };
};

/** Of everything that the story is about there has to be something, or the comparison says nothing. */
const expectEverything = ({ orders, payouts }: Awaited<ReturnType<typeof endWith>>['end']): void => {
  const all = Object.values(orders);
  const refunds = all.flatMap((order) => order.refunds.map(({ state }) => state));
  const outcomes = all.flatMap((order) => order.disputes.map(({ outcome }) => outcome));
  const statuses = all.map(({ status }) => status);
  expect([...new Set(statuses)].sort()).toEqual(['cancelled', 'fulfilled', 'partiallyRefunded', 'refunded']);
  expect([...new Set(refunds)].sort()).toEqual(['failed', 'succeeded']);
  expect([...new Set(outcomes)].sort()).toEqual(['lost', 'open', 'won']);
  expect(Object.values(payouts).sort()).toEqual(['failed', 'paid', 'returned']);
};

let calm: Awaited<ReturnType<typeof endWith>>;
beforeAll(async () => {
  calm = await endWith(undefined);
  expectEverything(calm.end);
});

describe('webhooks that are late, doubled and out of order', () => {
  it.each([
    { delayMs: 0, copies: 3, shuffle: true },
    { delayMs: 3_000, copies: 3, shuffle: true },
    { delayMs: 20_000, copies: 2, shuffle: false },
  ])('%j lead to the same orders, payments and ledgers', async (chaos) => {
    const wild = await endWith(chaos);
    expect(wild.end).toEqual(calm.end);
    expect(wild.deliveries).toBeGreaterThanOrEqual(chaos.copies * calm.deliveries);
  });
});

describe('webhooks that do not come through', () => {
  it('the first time, or whose answer is lost the second time, come again and lead to the same end', async () => {
    const tries = new Map<string, number>();
    const way: Way = (deliver) => async (rawBody, headers) => {
      const body = Buffer.from(rawBody).toString();
      const nth = (tries.get(body) ?? 0) + 1;
      tries.set(body, nth);
      if (nth === 1) return { status: 503 };
      const answer = await deliver(rawBody, headers);
      return nth === 2 ? { status: 500 } : answer;
    };
    const wild = await endWith(undefined, way);
    expect(wild.end).toEqual(calm.end);
    expect([...tries.values()].every((nth) => nth >= 3)).toBe(true);
  });

  it('at all, about charges and refunds, are made up for by asking', async () => {
    let lost = 0;
    const way: Way = (deliver) => async (rawBody, headers) => {
      if (!/"object":"(charge|refund)"/.test(Buffer.from(rawBody).toString())) return deliver(rawBody, headers);
      lost += 1;
      return { status: 200 };
    };
    expect((await endWith(undefined, way)).end).toEqual(calm.end);
    expect(lost).toBeGreaterThan(10);
  });
});
