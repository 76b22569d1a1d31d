/** Counters that several processes share, for rate limits. May be lost at a restart. */
export type Counters = {
  /**
   * Counts one hit on `key` within the present window of `windowMs` and answers how many there were, this one included, and
   * when the window ends (ms since the epoch).
   */
  hit(key: string, windowMs: number): Promise<{ readonly count: number; readonly resetsAt: number }>;
};
