import { z } from 'zod';
import { domainError } from '../../domain/errors.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { Random } from '../../infra/random/port.ts';
import type { AccessTokens, SecretStore } from '../../infra/secrets/port.ts';
import { livingSessions } from './living-sessions.ts';
import { fits, formatToken, hashOf, newToken, parseToken, type RefreshToken } from './refresh-token.ts';

const kind = 'session';
const day = 24 * 3_600_000;
/** Unused for so long, a session ends. */
const idleMs = 30 * day;
/** However much it is used, a session ends after so long. */
const longestMs = 90 * day;

/** Times are milliseconds since the Unix epoch. */
const sessionRecord = z.object({
  accountId: z.string(),
  familyHash: z.string(),
  turnHash: z.string(),
  openedAt: z.number(),
  refreshedAt: z.number(),
  expiresAt: z.number(),
});
type SessionRecord = z.infer<typeof sessionRecord>;

export type SignedIn = {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds until the access token expires. */
  readonly expiresIn: number;
  readonly tokenType: 'Bearer';
  readonly sessionId: string;
};

/** Times are milliseconds since the Unix epoch. */
export type Session = {
  readonly id: string;
  readonly openedAt: number;
  readonly refreshedAt: number;
  readonly expiresAt: number;
};

/** What a token says of an account, as the log has it now. */
export type AccountRights = { readonly roles: readonly string[]; readonly epoch: number };

export type Sessions = {
  open(accountId: string, roles: readonly string[], epoch: number): Promise<SignedIn>;
  /**
   * The next pair of tokens; the one shown is used up. A session ends 30 days after its last refresh and 90 days
   * after it was opened. A used token ends the session with everything it gave out, strictly: of two refreshes with one
   * token at once exactly one gets a pair, and the other one's answer ends that pair too. A client that did not
   * get its answer has to sign in again.
   * @throws DomainError TOKEN_REUSED, UNAUTHENTICATED (unknown, expired, ended, or no such account any more)
   */
  refresh(
    refreshToken: string,
    loadAccount: (accountId: string) => Promise<AccountRights | undefined>,
  ): Promise<SignedIn>;
  /** Access and refresh tokens of the session stop working at once. Ending what has ended is no error. */
  end(sessionId: string): Promise<void>;
  endAll(accountId: string): Promise<void>;
  /** Sessions that have not ended or expired, the oldest first. */
  list(accountId: string): Promise<readonly Session[]>;
  /** Asked on every request; answered from memory where possible (see `livingSessions`). */
  isAlive(sessionId: string): Promise<boolean>;
  /** See `livingSessions`. */
  watch(sessionId: string, ended: () => void): () => void;
};

const recordOf = (value: Uint8Array): SessionRecord => sessionRecord.parse(JSON.parse(Buffer.from(value).toString()));

/** Sessions in the secret store, owned by their account. */
export const sessions = (options: {
  readonly secrets: SecretStore;
  readonly tokens: AccessTokens;
  readonly clock: Clock;
  readonly random: Random;
}): Sessions => {
  const { secrets, tokens, clock, random } = options;

  /** When the session ends by itself; undefined when there is none. */
  const expiryOf = async (sessionId: string): Promise<number | undefined> => {
    const stored = await secrets.get(kind, sessionId);
    return stored && recordOf(stored.value).expiresAt;
  };
  const living = livingSessions(clock, expiryOf);

  const save = (sessionId: string, record: SessionRecord, expected: number | 'absent'): Promise<boolean> =>
    secrets.put(kind, sessionId, Buffer.from(JSON.stringify(record)), expected, {
      owner: record.accountId,
      expiresAt: record.expiresAt,
    });

  const signedIn = async (token: RefreshToken, accountId: string, rights: AccountRights): Promise<SignedIn> => {
    const { sessionId } = token;
    const { roles, epoch } = rights;
    const access = await tokens.issue({ accountId, sessionId, roles, epoch });
    return {
      accessToken: access.token,
      refreshToken: formatToken(token),
      expiresIn: access.expiresIn,
      tokenType: 'Bearer',
      sessionId,
    };
  };

  const end = (sessionId: string): Promise<void> => living.ending(() => secrets.remove(kind, sessionId));

  return {
    open: async (accountId, roles, epoch) => {
      const token = newToken(random.uuid(), random);
      const now = clock.now();
      const record = {
        accountId,
        familyHash: hashOf(token.family),
        turnHash: hashOf(token.turn),
        openedAt: now,
        refreshedAt: now,
        expiresAt: now + idleMs,
      };
      if (!(await save(token.sessionId, record, 'absent')))
        throw new Error(`session ${token.sessionId} exists already`);
      return signedIn(token, accountId, { roles, epoch });
    },

    refresh: async (refreshToken, loadAccount) => {
      // 1. Is it a token of a session that lives?
      const shown = parseToken(refreshToken);
      const stored = shown && (await secrets.get(kind, shown.sessionId));
      if (shown === undefined || stored === undefined) throw domainError('UNAUTHENTICATED');
      const { sessionId } = shown;
      const record = recordOf(stored.value);
      const now = clock.now();
      if (now >= record.expiresAt || !fits(shown.family, record.familyHash)) throw domainError('UNAUTHENTICATED');

      // 2. Was it used before?
      if (!fits(shown.turn, record.turnHash)) {
        await end(sessionId);
        throw domainError('TOKEN_REUSED');
      }

      // 3. What may the account do now?
      const rights = await loadAccount(record.accountId);
      if (rights === undefined) {
        await end(sessionId);
        throw domainError('UNAUTHENTICATED');
      }

      // 4. Use it up. The exact version lets one of several win; the others meet a used token, or an ended session.
      const next = newToken(sessionId, random, shown.family);
      const expiresAt = Math.min(now + idleMs, record.openedAt + longestMs);
      const renewed = { ...record, turnHash: hashOf(next.turn), refreshedAt: now, expiresAt };
      if (!(await save(sessionId, renewed, stored.version))) {
        const ended = (await secrets.get(kind, sessionId)) === undefined;
        await end(sessionId);
        throw domainError(ended ? 'UNAUTHENTICATED' : 'TOKEN_REUSED');
      }
      return signedIn(next, record.accountId, rights);
    },

    end,
    endAll: (accountId) => living.ending(() => secrets.removeByOwner(accountId, kind)),
    list: async (accountId) => {
      const stored = await secrets.listByOwner(kind, accountId);
      return stored
        .map(({ id, value }) => ({ id, record: recordOf(value) }))
        .filter(({ record }) => clock.now() < record.expiresAt)
        .map(({ id, record: { openedAt, refreshedAt, expiresAt } }) => ({ id, openedAt, refreshedAt, expiresAt }))
        .sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1));
    },
    isAlive: living.isAlive,
    watch: living.watch,
  };
};
