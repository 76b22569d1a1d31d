/** One event of the log as auditors look for it. Its data stays in the event store. */
export type AuditRow = {
  /** 1, 2, …: the event's number in the whole log, without gaps. */
  readonly n: number;
  readonly position: bigint;
  readonly stream: string;
  readonly category: string;
  readonly revision: bigint;
  readonly id: string;
  readonly type: string;
  /** Of the metadata; undefined where it holds none (or can't be read). */
  readonly actorId: string | undefined;
  readonly correlationId: string | undefined;
  readonly causationId: string | undefined;
  readonly commandId: string | undefined;
  readonly occurredAt: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly recordedAt: number;
  /** Head of the hash chain (see `hash-chain.ts`) once this event is in it: SHA-256 in hex. */
  readonly chain: string;
};

export type AuditQuery = {
  readonly stream?: string;
  readonly category?: string;
  readonly type?: string;
  readonly actorId?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  /** Recorded at or after, milliseconds since the Unix epoch. */
  readonly from?: number;
  /** Recorded before, milliseconds since the Unix epoch. */
  readonly to?: number;
  /** Inclusive. */
  readonly minPosition?: bigint;
  /** `n` of the last row of the page before. */
  readonly after?: number;
  readonly limit: number;
};

/** The number and the whereabouts of every event, the undecodable ones included: a read model fed like the others. */
export type AuditIndex = {
  /** In log order. */
  find(query: AuditQuery): Promise<readonly AuditRow[]>;
  /** How many events there are at or before `position`, as far as the index goes. */
  countUpTo(position: bigint): Promise<number>;
  checkpoint(): Promise<bigint | undefined>;
};
