import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendContract } from './contract-append.ts';
import { all, someEvents, type World } from './contract-kit.ts';
import { readContract } from './contract-read.ts';
import { subscribeContract } from './contract-subscribe.ts';
import type { EventStore } from './port.ts';

/** What a test run needs of an adapter: an open store, the same log opened again, and the end of it. */
export type EventStoreUnderTest = {
  readonly store: EventStore;
  /** Closes the store that is open and opens the same log again. */
  reopen(): Promise<EventStore>;
  /** Closes what is open and removes the log. */
  dispose(): Promise<void>;
};

/**
 * What every event store promises, as a vitest suite. The log may hold events of others: streams and categories are new in
 * every test. That nothing is shown before it is durable is the adapter's own test: only it knows where to look.
 */
export const eventStoreContract = (name: string, make: () => Promise<EventStoreUnderTest>): void => {
  describe(`event store contract: ${name}`, () => {
    let under: EventStoreUnderTest;
    let world: World;

    beforeEach(async () => {
      under = await make();
      const category = `c${randomUUID().replaceAll('-', '')}`;
      world = { store: under.store, category, stream: `${category}-${randomUUID()}`, reopen: () => under.reopen() };
    });
    afterEach(() => under.dispose());

    appendContract(() => world);
    readContract(() => world);
    subscribeContract(() => world);

    it('finishes what is under way when it is closed, and refuses what comes later', async () => {
      const { store, stream } = world;
      const underWay = store.append(stream, 'no_stream', someEvents(2));
      const closed = store.close();
      expect((await underWay).revision).toBe(1n);
      await closed;
      await expect(store.append(stream, 1n, someEvents(1))).rejects.toMatchObject({ name: 'StoreUnavailable' });
      const again = await world.reopen();
      expect(await all(again.readStream(stream))).toHaveLength(2);
    });
  });
};
