import { describe, expect, it } from 'vitest';
import { inOrder } from './in-order.ts';

const deferred = () => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};
const resultsOf = async <T>(results: AsyncIterable<T>): Promise<readonly T[]> => {
  const all: T[] = [];
  for await (const result of results) all.push(result);
  return all;
};

describe('work in order', () => {
  it('gives results in the order of the items, whichever is done first', async () => {
    const gates = [deferred(), deferred(), deferred()];
    const items = (async function* () {
      yield* [0, 1, 2];
    })();
    const all = resultsOf(inOrder(items, 3, async (n) => gates[n]?.opened.then(() => n)));
    for (const gate of gates.toReversed()) gate.open();
    expect(await all).toEqual([0, 1, 2]);
  });

  it('does no more at once than it may, and takes nothing that nobody waits for', async () => {
    let [running, most, taken] = [0, 0, 0];
    const items = (async function* () {
      for (; taken < 100; ) yield taken++;
    })();
    const results = inOrder(items, 4, async (n) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
      running -= 1;
      return n;
    });
    await results.next();
    expect(taken).toBeLessThanOrEqual(6);
    await resultsOf(results);
    expect([most, taken]).toEqual([4, 100]);
  });

  it('gives a result while the next item has not come', async () => {
    const later = deferred();
    const items = (async function* () {
      yield 1;
      await later.opened;
      yield 2;
    })();
    const results = inOrder(items, 4, async (n) => n);
    expect((await results.next()).value).toBe(1);
    later.open();
    expect((await results.next()).value).toBe(2);
  });

  it('fails with its source, and ends it when nobody wants more', async () => {
    const broken = (async function* () {
      yield 1;
      throw new Error('gone');
    })();
    await expect(resultsOf(inOrder(broken, 2, async (n) => n))).rejects.toThrow('gone');
    let ended = false;
    const endless = (async function* () {
      try {
        for (let n = 0; ; n += 1) yield n;
      } finally {
        ended = true;
      }
    })();
    for await (const n of inOrder(endless, 2, async (each) => each)) if (n === 3) break;
    await Promise.resolve();
    expect(ended).toBe(true);
  });
});
