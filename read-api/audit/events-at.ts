import type { EventStore, StoredEvent } from '../../infra/event-store/port.ts';

const pageSize = 200;
/** A turn of the event loop: others are served, and an abort is heard. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Positions nearer to each other are read in one go, with what lies between. */
const near = 8n;

/** Positions (ascending) that are read in one go. */
const runsOf = function* (positions: readonly bigint[]): Generator<readonly bigint[]> {
  let run: bigint[] = [];
  for (const position of positions) {
    const last = run.at(-1);
    if (last !== undefined && (position - last > near || run.length >= pageSize)) {
      yield run;
      run = [];
    }
    run.push(position);
  }
  if (run.length > 0) yield run;
};

/**
 * The events at these positions (ascending), in pages, with a turn of the event loop between two.
 * @throws Error when the log has none at one of them, and when `signal` aborts
 */
export const eventsAt = async function* (
  store: EventStore,
  positions: readonly bigint[],
  signal?: AbortSignal,
): AsyncGenerator<readonly StoredEvent[]> {
  let page: StoredEvent[] = [];
  for (const run of runsOf(positions)) {
    const [wanted, first, last] = [new Set(run), run[0] ?? 0n, run.at(-1) ?? 0n];
    const options = {
      batchSize: Number(last - first) + 1,
      ...(signal && { signal }),
      ...(first === 0n ? {} : { after: first - 1n }),
    };
    let seen = first - 1n;
    for await (const read of store.readAll(options)) {
      for (const event of read) if (wanted.delete(event.position)) page.push(event);
      seen = read.at(-1)?.position ?? seen;
      if (seen >= last) break;
    }
    const [missing] = wanted;
    if (missing !== undefined) throw new Error(`the log has no event at ${missing}`);
    if (page.length >= pageSize) {
      yield page;
      page = [];
      await nextTurn();
      signal?.throwIfAborted();
    }
  }
  if (page.length > 0) yield page;
};
