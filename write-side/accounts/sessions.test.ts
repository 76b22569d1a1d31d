import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type ManualClock, manualClock } from '../../infra/clock/manual-clock.ts';
import type { Random } from '../../infra/random/port.ts';
import { seededRandom } from '../../infra/random/seeded-random.ts';
import { accessTokens } from '../../infra/secrets/access-tokens.ts';
import type { AccessTokens, SecretStore } from '../../infra/secrets/port.ts';
import { openSqliteSecrets } from '../../infra/secrets/sqlite/open-sqlite-secrets.ts';
import { type Sessions, type SignedIn, sessions } from './sessions.ts';

const day = 24 * 3_600_000;
const start = 1_764_000_000_000;
const rights = { roles: ['customer', 'vendor'], epoch: 2 };
const loadAccount = async () => rights;

let clock: ManualClock;
let random: Random;
let secrets: SecretStore;
let tokens: AccessTokens;
let all: Sessions;

beforeEach(async () => {
  clock = manualClock(start);
  random = seededRandom(9, clock);
  const store = openSqliteSecrets({ file: ':memory:', masterKey: new Uint8Array(32), random });
  onTestFinished(() => store.close());
  secrets = store;
  tokens = await accessTokens({ secrets, clock, random, issuer: 'market' });
  all = sessions({ secrets, tokens, clock, random });
});

const signIn = () => all.open('ada', ['customer'], 1);
const refresh = ({ refreshToken }: { refreshToken: string }) => all.refresh(refreshToken, loadAccount);
const refused = (attempt: Promise<unknown>, code: string) => expect(attempt).rejects.toMatchObject({ code });
const changed = (token: string, at: number) =>
  token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);

describe('a session', () => {
  it('opens with a pair of tokens', async () => {
    const pair = await signIn();
    expect(pair).toMatchObject({ expiresIn: 900, tokenType: 'Bearer' });
    expect(pair.refreshToken.startsWith(`${pair.sessionId}.`)).toBe(true);
    expect(await tokens.verify(pair.accessToken)).toEqual({
      accountId: 'ada',
      sessionId: pair.sessionId,
      roles: ['customer'],
      epoch: 1,
    });
    expect(await all.isAlive(pair.sessionId)).toBe(true);
  });

  it('goes on with a new pair that says what the account may do now', async () => {
    const first = await signIn();
    const second = await refresh(first);
    expect(second.sessionId).toBe(first.sessionId);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await tokens.verify(second.accessToken)).toMatchObject({ accountId: 'ada', ...rights });
    expect((await refresh(second)).sessionId).toBe(first.sessionId);
  });

  it('stores nothing that a refresh token could be made from', async () => {
    const { sessionId, refreshToken } = await signIn();
    const secret = Buffer.from(refreshToken.split('.')[1] ?? '', 'base64url');
    const stored = Buffer.from((await secrets.get('session', sessionId))?.value ?? []).toString();
    for (const part of [secret.subarray(0, 16), secret.subarray(16)])
      for (const encoding of ['base64url', 'hex', 'base64'] as const)
        expect(stored).not.toContain(part.toString(encoding));
  });

  it('survives a restart', async () => {
    const pair = await signIn();
    const restarted = sessions({ secrets, tokens, clock, random });
    expect(await restarted.isAlive(pair.sessionId)).toBe(true);
    expect((await restarted.refresh(pair.refreshToken, loadAccount)).sessionId).toBe(pair.sessionId);
  });
});

describe('a used refresh token', () => {
  it('ends its session and every token of it', async () => {
    const first = await signIn();
    const second = await refresh(first);
    expect(await all.isAlive(first.sessionId)).toBe(true);
    await refused(refresh(first), 'TOKEN_REUSED');
    expect(await all.isAlive(first.sessionId)).toBe(false);
    await refused(refresh(second), 'UNAUTHENTICATED');
  });

  it('is known for one however long ago it was used', async () => {
    const first = await signIn();
    let last = first;
    for (let i = 0; i < 50; i += 1) last = await refresh(last);
    await refused(refresh(first), 'TOKEN_REUSED');
    await refused(refresh(last), 'UNAUTHENTICATED');
  });

  it('leaves the other sessions of the account alone', async () => {
    const [first, other] = [await signIn(), await signIn()];
    await refresh(first);
    await refused(refresh(first), 'TOKEN_REUSED');
    expect((await refresh(other)).sessionId).toBe(other.sessionId);
  });

  it('shown 10 times at once gives one pair at most, and ends the session', async () => {
    const first = await signIn();
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => refresh(first)));
    const pairs = answers.filter((answer): answer is PromiseFulfilledResult<SignedIn> => answer.status === 'fulfilled');
    expect(pairs).toHaveLength(1);
    const codes = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason.code] : []));
    expect(codes).toContain('TOKEN_REUSED');
    expect(codes.filter((code) => code !== 'TOKEN_REUSED' && code !== 'UNAUTHENTICATED')).toEqual([]);
    expect(await all.isAlive(first.sessionId)).toBe(false);
    for (const { value } of pairs) await refused(refresh(value), 'UNAUTHENTICATED');
  });
});

describe('no refresh token', () => {
  it('is nonsense, or of a session that there is not', async () => {
    const { refreshToken } = await signIn();
    for (const nonsense of ['', '.', 'abc', `${refreshToken}x`, refreshToken.slice(0, -1)])
      await refused(refresh({ refreshToken: nonsense }), 'UNAUTHENTICATED');
    const elsewhere = `${random.uuid()}.${refreshToken.split('.')[1]}`;
    await refused(refresh({ refreshToken: elsewhere }), 'UNAUTHENTICATED');
  });

  it('is a guess by somebody who knows the session id, and it does not end the session', async () => {
    const pair = await signIn();
    await refused(refresh({ refreshToken: changed(pair.refreshToken, 40) }), 'UNAUTHENTICATED');
    expect(await all.isAlive(pair.sessionId)).toBe(true);
    expect((await refresh(pair)).sessionId).toBe(pair.sessionId);
  });

  it('is one of an account that is no more', async () => {
    const pair = await signIn();
    await refused(
      all.refresh(pair.refreshToken, async () => undefined),
      'UNAUTHENTICATED',
    );
    expect(await all.isAlive(pair.sessionId)).toBe(false);
  });
});

describe('time', () => {
  it('ends a session 30 days after its last refresh', async () => {
    const [idle, used] = [await signIn(), await signIn()];
    await clock.advance(20 * day);
    const refreshed = await refresh(used);
    await clock.advance(10 * day);
    expect([await all.isAlive(idle.sessionId), await all.isAlive(used.sessionId)]).toEqual([false, true]);
    await refused(refresh(idle), 'UNAUTHENTICATED');
    expect((await all.list('ada')).map(({ id }) => id)).toEqual([used.sessionId]);
    expect((await refresh(refreshed)).sessionId).toBe(used.sessionId);
  });

  it('ends a session 90 days after it was opened, however much it is used', async () => {
    let pair = await signIn();
    for (let i = 0; i < 8; i += 1) {
      await clock.advance(10 * day);
      pair = await refresh(pair);
    }
    await clock.advance(10 * day - 1);
    expect(await all.isAlive(pair.sessionId)).toBe(true);
    await clock.advance(1);
    expect(await all.isAlive(pair.sessionId)).toBe(false);
    await refused(refresh(pair), 'UNAUTHENTICATED');
    await secrets.removeExpired(clock.now());
    expect(await secrets.get('session', pair.sessionId)).toBeUndefined();
  });
});

describe('signing out', () => {
  it('ends one session at once, also where it was just seen alive', async () => {
    const [one, other] = [await signIn(), await signIn()];
    expect(await all.isAlive(one.sessionId)).toBe(true);
    await all.end(one.sessionId);
    await all.end(one.sessionId);
    expect(await all.isAlive(one.sessionId)).toBe(false);
    await refused(refresh(one), 'UNAUTHENTICATED');
    expect(await all.isAlive(other.sessionId)).toBe(true);
  });

  it('everywhere ends all sessions of the account and nobody else', async () => {
    const mine = [await signIn(), await signIn()];
    const bobs = await all.open('bob', ['customer'], 1);
    for (const { sessionId } of [...mine, bobs]) await all.isAlive(sessionId);
    await all.endAll('ada');
    for (const { sessionId } of mine) expect(await all.isAlive(sessionId)).toBe(false);
    expect(await all.list('ada')).toEqual([]);
    expect(await all.isAlive(bobs.sessionId)).toBe(true);
  });

  it('beats a refresh that is under way', async () => {
    const pair = await signIn();
    const refreshing = all.refresh(pair.refreshToken, async () => {
      await all.end(pair.sessionId);
      return rights;
    });
    await refused(refreshing, 'UNAUTHENTICATED');
    expect(await all.isAlive(pair.sessionId)).toBe(false);
  });

  it('is not undone by a question that was under way', async () => {
    const gate = Promise.withResolvers<void>();
    const slow: SecretStore = {
      ...secrets,
      get: async (kind, id) => {
        const found = await secrets.get(kind, id);
        await gate.promise;
        return found;
      },
    };
    const slowly = sessions({ secrets: slow, tokens, clock, random });
    const pair = await slowly.open('ada', ['customer'], 1);
    const asked = slowly.isAlive(pair.sessionId);
    await slowly.end(pair.sessionId);
    gate.resolve();
    await asked;
    expect(await slowly.isAlive(pair.sessionId)).toBe(false);
  });
});

it('lists the sessions of an account with their times, the oldest first', async () => {
  const first = await signIn();
  await clock.advance(day);
  const second = await signIn();
  await clock.advance(day);
  await refresh(first);
  expect(await all.list('ada')).toEqual([
    { id: first.sessionId, openedAt: start, refreshedAt: start + 2 * day, expiresAt: start + 32 * day },
    { id: second.sessionId, openedAt: start + day, refreshedAt: start + day, expiresAt: start + 31 * day },
  ]);
});
