import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crashAt } from './test-crash.ts';
import { injected, posted } from './test-door.ts';
import { signedIn } from './test-market.ts';
import { dispute, ended, openStage, type Stage } from './test-stage.ts';
import { tell } from './test-story.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.remove());

type Chaos = { readonly delayMs: number; readonly copies: number; readonly shuffle: boolean };

/** How the mixed story ends when the provider's webhooks misbehave, and how many were brought to the door. */
const endWith = async (chaos: Chaos | undefined) => {
  const outside = crashAt(Number.POSITIVE_INFINITY);
  let deliveries = 0;
  const system = await stage.start({
    wrap: (ports) =>
      outside.wrap({
        ...ports,
        payments: (deliver) =>
          ports.payments((...message) => {
            deliveries += 1;
            return deliver(...message);
          }),
      }),
  });
  const door = injected(system);
  const { market } = stage;
  const story = async (): Promise<void> => {
    if (chaos !== undefined) await posted(door, '/simulator/webhooks', chaos, { token: await signedIn(door, 'admin') });
    const disputes = (['winning_evidence', 'losing_evidence'] as const).map((evidence) =>
      dispute(door, market, outside.provider(), evidence),
    );
    await Promise.all([tell(door, market), ...disputes]);
  };
  await door.pumped(story());
  const end = await ended(system);
  await system.dispose();
  return { end, deliveries };
};

describe('webhooks that are late, doubled and out of order', () => {
  it.each([
    { delayMs: 0, copies: 3, shuffle: true },
    { delayMs: 3_000, copies: 3, shuffle: true },
    { delayMs: 20_000, copies: 2, shuffle: false },
  ])('%j lead to the same orders, payments and ledgers', async (chaos) => {
    const calm = await endWith(undefined);
    const wild = await endWith(chaos);
    expect(wild.end).toEqual(calm.end);
    expect(wild.deliveries).toBeGreaterThanOrEqual(chaos.copies * calm.deliveries);
  });
});
