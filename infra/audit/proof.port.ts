/** The head of the hash chain at one time, signed. Kept apart from log and read models: an older head convicts a rebuilt chain. */
export type SignedHead = {
  /** SHA-256 in hex; 64 zeros while there are no events. */
  readonly head: string;
  /** How many events it covers. */
  readonly events: number;
  /** Of the last of them; undefined while there are none. */
  readonly position: bigint | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly signedAt: number;
  /** Compact JWS (EdDSA) over the four above as JSON: `{ head, events, position, signedAt }`, position and time as texts. */
  readonly signature: string;
};

/** Where signed heads are kept for good. */
export type SignedHeads = {
  /** Durable when it resolves. A head that is there already stays as it is. */
  keep(head: SignedHead): Promise<void>;
  /** All of them by number of events, then time. */
  list(): Promise<readonly SignedHead[]>;
  /** Up to where the log was found to fit its chain; undefined: never looked at. */
  verifiedUpTo(): Promise<bigint | undefined>;
  setVerifiedUpTo(position: bigint | undefined): Promise<void>;
  close(): void;
};

/** Signs heads with a key of its own, which is never replaced: a head must be checkable for ever. */
export type HeadSigner = {
  sign(head: Omit<SignedHead, 'signature'>): Promise<string>;
  /** Whether the signature is ours and says the same. */
  fits(head: SignedHead): Promise<boolean>;
  /** The public key as members of a JWK set. */
  jwks(): readonly Record<string, unknown>[];
};

export type FirstBad = {
  readonly position: bigint;
  /** Absent where the chain does not tell which event it was. */
  readonly stream?: string;
  readonly revision?: bigint;
  readonly reason: string;
};

export type Verification = {
  readonly ok: boolean;
  /** Events found to be as they were recorded. */
  readonly verified: number;
  /** Positions, inclusive: what was looked at; undefined while there is nothing. */
  readonly from: bigint | undefined;
  readonly to: bigint | undefined;
  readonly firstBad?: FirstBad;
};

export type AuditProof = {
  /** The head of now, signed and kept. */
  head(): Promise<SignedHead>;
  verifiedUpTo(): Promise<bigint | undefined>;
  /**
   * Reads the log again, in pages, and compares it with the chain of the audit index and with the signed heads. Positions are
   * inclusive; what the index does not have yet is not looked at.
   */
  verify(range: { readonly from?: bigint; readonly to?: bigint }): Promise<Verification>;
};
