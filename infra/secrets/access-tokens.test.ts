import { createLocalJWKSet, generateKeyPair, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type ManualClock, manualClock } from '../clock/manual-clock.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { accessTokens } from './access-tokens.ts';
import type { SecretStore } from './port.ts';
import { openSqliteSecrets } from './sqlite/open-sqlite-secrets.ts';

const issuer = 'https://market.example';
const claims = { accountId: 'ada', sessionId: 's1', roles: ['customer', 'vendor'], epoch: 3 };
const day = 24 * 3_600_000;

let clock: ManualClock;
let secrets: SecretStore;
beforeEach(() => {
  clock = manualClock(1_764_000_000_000);
  const store = openSqliteSecrets({ file: ':memory:', masterKey: new Uint8Array(32), random: seededRandom(6, clock) });
  secrets = store;
  onTestFinished(() => store.close());
});
const start = (seed: number, options: { issuer?: string; audience?: string } = {}) =>
  accessTokens({ secrets, clock, random: seededRandom(seed, clock), issuer, ...options });

describe('access tokens', () => {
  it('say who it is, for 15 minutes by the clock', async () => {
    const tokens = await start(1);
    const { token, expiresIn } = await tokens.issue(claims);
    expect(expiresIn).toBe(900);
    expect(await tokens.verify(token)).toEqual(claims);
    await clock.advance(899_999);
    expect(await tokens.verify(token)).toEqual(claims);
    await clock.advance(1);
    expect(await tokens.verify(token)).toBeUndefined();
  });

  it('can be checked by anybody who has the JWK set, which holds no private key', async () => {
    const tokens = await start(1);
    const { token } = await tokens.issue(claims);
    const jwks = tokens.jwks();
    expect(jwks.keys).toEqual([
      { kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA', x: expect.any(String), kid: expect.any(String) },
    ]);
    const keySet: JSONWebKeySet = JSON.parse(JSON.stringify(jwks));
    const checked = await jwtVerify(token, createLocalJWKSet(keySet), { issuer, currentDate: new Date(clock.now()) });
    expect(checked.payload).toMatchObject({ sub: 'ada', iss: issuer, exp: 1_764_000_900, iat: 1_764_000_000 });
    expect(checked.protectedHeader).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt', kid: jwks.keys[0]?.kid });
  });

  it('are refused when anything of them was changed', async () => {
    const tokens = await start(1);
    const { token } = await tokens.issue(claims);
    const [header = '', , signature = ''] = token.split('.');
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const payload = { sub: 'ada', sid: 's1', roles: ['admin'], epoch: 3, iss: issuer, aud: issuer, iat: 0, exp: 9e9 };
    expect(await tokens.verify(`${header}.${encode(payload)}.${signature}`)).toBeUndefined();
    expect(await tokens.verify(`${encode({ alg: 'none' })}.${encode(payload)}.`)).toBeUndefined();
    for (const nonsense of ['', 'x', '..', 'a.b.c', `${token}x`, token.slice(0, -5)])
      expect(await tokens.verify(nonsense)).toBeUndefined();
  });

  it('are refused from another key, issuer or audience, or of another type', async () => {
    const tokens = await start(1);
    const kid = String(tokens.jwks().keys[0]?.kid);
    const { privateKey } = await generateKeyPair('EdDSA');
    const forged = await new SignJWT({ sid: 's1', roles: ['admin'], epoch: 3 })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
      .setSubject('ada')
      .setIssuer(issuer)
      .setAudience(issuer)
      .setIssuedAt(1_764_000_000)
      .setExpirationTime(1_764_000_900)
      .sign(privateKey);
    expect(await tokens.verify(forged)).toBeUndefined();
    const elsewhere = await (await start(1, { issuer: 'https://other.example', audience: issuer })).issue(claims);
    expect(await tokens.verify(elsewhere.token)).toBeUndefined();
    const forOthers = await (await start(1, { audience: 'https://other.example' })).issue(claims);
    expect(await tokens.verify(forOthers.token)).toBeUndefined();
  });

  it('stay valid over a restart', async () => {
    const { token } = await (await start(1)).issue(claims);
    expect(await (await start(2)).verify(token)).toEqual(claims);
  });

  it('are signed with the new key after a rotation, while those of the old one stay valid', async () => {
    const tokens = await start(1);
    const before = await tokens.issue(claims);
    await tokens.rotate();
    const after = await tokens.issue(claims);
    const [newest, older] = tokens.jwks().keys;
    const kidOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid;
    expect([kidOf(after.token), kidOf(before.token)]).toEqual([newest?.kid, older?.kid]);
    expect(await tokens.verify(before.token)).toEqual(claims);
    expect(await tokens.verify(after.token)).toEqual(claims);
    expect(await (await start(2)).verify(before.token)).toEqual(claims);
  });

  it('forget a key a day after it was retired', async () => {
    const tokens = await start(1);
    await tokens.rotate();
    await clock.advance(day - 1);
    await tokens.rotate();
    expect(tokens.jwks().keys).toHaveLength(3);
    await clock.advance(1);
    await tokens.rotate();
    expect(tokens.jwks().keys).toHaveLength(3);
  });

  it('are accepted in a process that has not seen the rotation, which looks for new keys every 30 s at most', async () => {
    const [rotating, other] = [await start(1), await start(2)];
    await rotating.rotate();
    const { token } = await rotating.issue(claims);
    expect(await other.verify(token)).toBeUndefined();
    await clock.advance(30_000);
    expect(await other.verify(token)).toEqual(claims);
    expect(other.jwks()).toEqual(rotating.jwks());
  });
});
