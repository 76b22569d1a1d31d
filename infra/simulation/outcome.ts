export type Failure = {
  /** Stable name of the rule that was broken. */
  readonly invariant: string;
  /** What was found, with ids. */
  readonly detail: string;
  /** What happened up to there, one line each: simulated time, who, what, answer. */
  readonly trace: readonly string[];
};

export type Outcome = {
  readonly seed: number;
  /** SHA-256 (hex) over every event of the log, every call, answer and fault of the run, in order: equal runs have equal hashes. */
  readonly traceHash: string;
  /** Commands that were sent to the door, refused and repeated ones included. */
  readonly commands: number;
  /** Events in the log at the end. */
  readonly events: number;
  /** Simulated time that passed. */
  readonly simulatedMs: number;
  /** Absent: everything held. */
  readonly failure?: Failure;
};
