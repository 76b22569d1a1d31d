/** Randomness as a port: ids, nonces, tokens and jitter all come from here, so a seed can reproduce a run. */
export type Random = {
  /** `length` bytes, unpredictable in production. */
  bytes(length: number): Uint8Array;
  /** A float in [0, 1), for jitter only. */
  fraction(): number;
  /** A new UUIDv7 (time-ordered by the clock it was made with). */
  uuid(): string;
};
