/**
 * What must never lie in the log or a read model: keys of persons, password hashes, sessions, server keys.
 * Values are opaque bytes here; adapters wrap them with the master key. Erasing really erases.
 */
export type Secret = { readonly id: string; readonly value: Uint8Array; readonly version: number };

export type SecretStore = {
  get(kind: string, id: string): Promise<Secret | undefined>;
  getMany(kind: string, ids: readonly string[]): Promise<ReadonlyMap<string, Secret>>;
  /**
   * Writes durably when the present version is `expected` (`absent`: no such secret); false when it is not. The first
   * version is 1, each put adds 1. What was there before is erased, its options with it.
   * `owner` groups the secrets of one person; `expiresAt` (ms) lets `removeExpired` take it away.
   */
  put(
    kind: string,
    id: string,
    value: Uint8Array,
    expected: number | 'absent',
    options?: { readonly owner?: string; readonly expiresAt?: number },
  ): Promise<boolean>;
  remove(kind: string, id: string): Promise<void>;
  /** By id, ascending. */
  listByOwner(kind: string, owner: string): Promise<readonly Secret[]>;
  /** All kinds, or one. */
  removeByOwner(owner: string, kind?: string): Promise<void>;
  /** Those whose `expiresAt` is `nowMs` or before. Until then nothing is hidden because of its age. */
  removeExpired(nowMs: number): Promise<void>;
  close(): Promise<void>;
};

/** Keys under which personal data in events is encrypted: 32 bytes a person. Deleting one erases the person. */
export type PersonKeys = {
  /** Makes the key when there is none yet. @throws DomainError ACCOUNT_ERASED when the person was erased */
  obtain(personId: string): Promise<Uint8Array>;
  /** Undefined value: erased or never made. */
  find(personIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | undefined>>;
  /** Durable when it resolves; for good: no key is ever made for this person again. */
  erase(personId: string): Promise<void>;
  /** Lets go of what this process remembers: another one erased the person. */
  forget(personId: string): void;
};

/** Keyed hashes with the server's own keys: licence keys, e-mail reservations, download links. Sync: keys are loaded at start. */
export type KeyedHash = (purpose: 'email' | 'licenseKey' | 'download' | 'request' | 'csrf', text: string) => Uint8Array;

/** argon2id. Promises may settle in any order in production; a simulator answers deterministically. */
export type PasswordHasher = {
  /** A PHC string that carries its own parameters and salt. */
  hash(password: string): Promise<string>;
  /** @throws Error when `hash` is none of ours */
  verify(password: string, hash: string): Promise<boolean>;
  /** True when `hash` was made with other parameters than `hash()` uses now. */
  needsRehash(hash: string): boolean;
};

export type AccessClaims = {
  readonly accountId: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
  /** The account's epoch when the token was issued. */
  readonly epoch: number;
};

/** Access tokens: EdDSA JWT. */
export type AccessTokens = {
  issue(claims: AccessClaims): Promise<{ readonly token: string; readonly expiresIn: number }>;
  /** Undefined: not ours, tampered with or expired. */
  verify(token: string): Promise<AccessClaims | undefined>;
  /** The JWK set of the public keys. */
  jwks(): { readonly keys: readonly Record<string, unknown>[] };
};
