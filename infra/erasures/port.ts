export type Erasure = {
  readonly personId: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
};

/**
 * Who was erased, kept apart from everything that is backed up: after a backup was restored the same persons are erased
 * again. Holds ids and times only.
 */
export type ErasureList = {
  /** Durable when it resolves. Adding somebody again is nothing. */
  add(erasure: Erasure): Promise<void>;
  all(): Promise<readonly Erasure[]>;
};
