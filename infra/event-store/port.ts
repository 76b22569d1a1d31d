/**
 * The event store port. Streams hold bytes; what they mean is the codec's business.
 * Shaped so that SQLite and EventStoreDB both fit: revisions are per stream and gap-free, positions are global,
 * increasing, and may have gaps.
 */

/** Exact revision of the last event of the stream, or `no_stream`. `any` does not exist on purpose (DESIGN.md 4). */
export type ExpectedRevision = bigint | 'no_stream';

export type NewEvent = {
  /** UUID, lower case. Ids may repeat in a log; idempotency compares the ids at the expected slots only. */
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
};

export type StoredEvent = NewEvent & {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  /** Milliseconds since the Unix epoch, from the store's clock. */
  readonly recordedAt: number;
};

/** Revision and position of the last event of the append. */
export type Appended = { readonly revision: bigint; readonly position: bigint };

/** Both given: events that match both. An empty list matches nothing. */
export type EventFilter = {
  /** Stream categories (the part of the name before the first dash). Absent: all. */
  readonly categories?: readonly string[];
  /** Event types. Absent: all. */
  readonly types?: readonly string[];
};

export type ReadAllOptions = {
  /** Exclusive: events strictly after this position. Absent: from the beginning. */
  readonly after?: bigint;
  readonly filter?: EventFilter;
  /** Largest batch that is yielded, default 1000. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
};

export type ReadStreamOptions = {
  /** Inclusive first revision, default 0. With `backwards`: the highest revision read, default the last. */
  readonly from?: bigint;
  readonly backwards?: boolean;
  /** At most so many events. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
};

export type SubscriptionBatch = {
  /** May be empty: the first batch at the head after catching up says so by `live: true`. */
  readonly events: readonly StoredEvent[];
  /**
   * Everything up to here was looked at (also what the filter left out): where a checkpoint may go once the
   * events are handled. Undefined only while the log is empty.
   */
  readonly position: bigint | undefined;
  /** True when at the time of reading nothing was left behind this batch. */
  readonly live: boolean;
};

export type EventStore = {
  /**
   * Appends all `events` or none, durable before the promise resolves.
   * Calls keep their order: un-awaited appends to one stream with revisions that follow each other all succeed.
   * A retry with the same ids at the same expected revision answers with the original revision and position.
   * @throws WrongExpectedRevision when the stream is elsewhere (nothing written)
   * @throws StreamDeleted when the stream was tombstoned
   * @throws StoreUnavailable when the outcome is unknown: retry with the same ids and revision
   * @throws TypeError, RangeError for what no caller may send: no events, an id that is no lower-case UUID, an empty name or type
   */
  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended>;
  /**
   * Events of one stream in order, in batches; a missing stream yields nothing. An aborted `signal` throws its reason, so
   * that half a stream is never taken for the whole (the same for `readAll`).
   * @throws StreamDeleted when the stream was tombstoned
   */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<readonly StoredEvent[]>;
  /** Events of all streams in log order, in batches, up to the end as it is while reading. */
  readAll(options?: ReadAllOptions): AsyncIterable<readonly StoredEvent[]>;
  /**
   * Catch-up, then live, for ever; ends (without error) when `signal` aborts. Only durable events are seen, each once,
   * in order. Slow consumers read from the log: nothing is dropped or buffered without bound.
   */
  subscribe(options: ReadAllOptions & { readonly signal: AbortSignal }): AsyncIterable<SubscriptionBatch>;
  /** Position of the last event, undefined while the log is empty. */
  head(): Promise<bigint | undefined>;
  /** Refuses new appends, finishes those under way, frees the store. */
  close(): Promise<void>;
};

export class WrongExpectedRevision extends Error {
  override readonly name = 'WrongExpectedRevision';
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly actual: ExpectedRevision;
  constructor(stream: string, expected: ExpectedRevision, actual: ExpectedRevision) {
    super(`stream ${stream}: expected revision ${expected}, actual ${actual}`);
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}

export class StreamDeleted extends Error {
  override readonly name = 'StreamDeleted';
  readonly stream: string;
  constructor(stream: string) {
    super(`stream ${stream} is deleted for good`);
    this.stream = stream;
  }
}

/** The store did not answer: whether the append happened is unknown. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** `order` of `order-0197…`; the whole name when it has no dash. */
export const categoryOf = (stream: string): string => {
  const dash = stream.indexOf('-');
  return dash < 0 ? stream : stream.slice(0, dash);
};
