type Entry = { readonly at: number; readonly tie: number; readonly n: number; run: (() => void) | undefined };

/** Simulated time: what is to happen, by when. Nothing here knows real time. */
export type Timeline = {
  /** Milliseconds since the beginning of the simulation; never goes back. */
  now(): number;
  /** Runs `callback` in `ms` milliseconds; the returned function cancels it. Of several due at once the order is drawn. */
  after(ms: number, callback: () => void): () => void;
  /** Lets things happen, each at its time, until `enough` answers true or nothing is left to happen. */
  run(enough: () => boolean): Promise<void>;
};

/** More turns than anything that ends by itself takes. */
const mostTurns = 200_000;

/**
 * Turns of the event loop until all that what just happened set off (promises, ticks, immediates) has come to rest. One timeline at a
 * time in one thread: two would wait for each other's turns.
 * @throws Error for what turns round for ever without letting time pass
 */
const rest = async (): Promise<void> => {
  for (let turns = 0; turns < mostTurns; turns++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (!process.getActiveResourcesInfo().includes('Immediate')) return;
  }
  throw new Error('the world does not come to rest, and lets no time pass');
};

const before = (a: Entry, b: Entry): boolean =>
  a.at !== b.at ? a.at < b.at : a.tie !== b.tie ? a.tie < b.tie : a.n < b.n;

/** `fraction` orders what is due at once: the same numbers, the same order. */
export const openTimeline = (fraction: () => number): Timeline => {
  const heap: Entry[] = [];
  let now = 0;
  let scheduled = 0;

  const push = (entry: Entry): void => {
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(entry, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  };

  const pop = (): Entry | undefined => {
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      if (left === undefined) break;
      const [child, where] = right !== undefined && before(right, left) ? [right, 2 * at + 2] : [left, 2 * at + 1];
      if (!before(child, last)) break;
      heap[at] = child;
      at = where;
    }
    heap[at] = last;
    return top;
  };

  return {
    now: () => now,
    after: (ms, callback) => {
      scheduled += 1;
      const entry: Entry = { at: now + Math.max(0, ms), tie: fraction(), n: scheduled, run: callback };
      push(entry);
      return () => {
        entry.run = undefined;
      };
    },
    run: async (enough) => {
      await rest();
      while (!enough()) {
        const next = pop();
        if (next === undefined) return;
        const { run } = next;
        if (run === undefined) continue;
        now = next.at;
        run();
        await rest();
      }
    },
  };
};
