import { type CryptoKey, errors, importJWK, type JWTHeaderParameters, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../clock/port.ts';
import type { Random } from '../random/port.ts';
import type { AccessTokens, SecretStore } from './port.ts';
import { type SigningKey, signingKeys } from './signing-keys.ts';

const alg = 'EdDSA';
const typ = 'at+jwt';
/** How often, at most, a token with an unknown key id makes us look for keys that another process made. */
const reloadEveryMs = 30_000;

const payloadSchema = z.object({
  sub: z.string(),
  sid: z.string(),
  roles: z.array(z.string()),
  epoch: z.number().int(),
});

type LoadedKey = { readonly kid: string; readonly x: string; readonly sign: CryptoKey; readonly verify: CryptoKey };

/** `importJWK` gives bytes for symmetric keys only. */
const importKey = async (jwk: Parameters<typeof importJWK>[0]): Promise<CryptoKey> => {
  const key = await importJWK(jwk, alg);
  if (key instanceof Uint8Array) throw new Error('a signing key is no Ed25519 key');
  return key;
};

const loadKey = async ({ kid, jwk: { d, ...publicJwk } }: SigningKey): Promise<LoadedKey> => ({
  kid,
  x: publicJwk.x,
  sign: await importKey({ ...publicJwk, d }),
  verify: await importKey(publicJwk),
});

/**
 * Access tokens as EdDSA JWTs (`typ` `at+jwt`; `iss` and `aud` are `issuer`). The key pair is made at the first start
 * and kept in `secrets`; `rotate` puts a new one in front, tokens of the older ones stay valid until they expire.
 */
export const accessTokens = async (options: {
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly issuer: string;
  readonly audience?: string;
  readonly ttlSeconds?: number;
}): Promise<AccessTokens & { rotate(): Promise<void> }> => {
  const { secrets, clock, random, issuer, audience = issuer, ttlSeconds = 900 } = options;
  const ring = signingKeys(secrets, clock, random, 'access');
  let keys: readonly LoadedKey[] = await Promise.all((await ring.load()).map(loadKey));
  let reloadedAt = clock.now();

  const verifyingKey = async ({ kid }: JWTHeaderParameters): Promise<CryptoKey> => {
    const known = keys.find((key) => key.kid === kid);
    if (known !== undefined) return known.verify;
    if (clock.now() >= reloadedAt + reloadEveryMs) {
      reloadedAt = clock.now();
      keys = await Promise.all((await ring.load()).map(loadKey));
      const found = keys.find((key) => key.kid === kid);
      if (found !== undefined) return found.verify;
    }
    throw new errors.JWKSNoMatchingKey();
  };

  return {
    issue: async ({ accountId, sessionId, roles, epoch }) => {
      const [newest] = keys;
      if (newest === undefined) throw new Error('there is no key to sign with');
      const now = Math.floor(clock.now() / 1000);
      const token = await new SignJWT({ sid: sessionId, roles: [...roles], epoch })
        .setProtectedHeader({ alg, typ, kid: newest.kid })
        .setSubject(accountId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(now)
        .setExpirationTime(now + ttlSeconds)
        .sign(newest.sign);
      return { token, expiresIn: ttlSeconds };
    },
    verify: async (token) => {
      try {
        const { payload } = await jwtVerify(token, verifyingKey, {
          algorithms: [alg],
          typ,
          issuer,
          audience,
          currentDate: new Date(clock.now()),
          requiredClaims: ['exp', 'iat', 'sub'],
        });
        const claims = payloadSchema.safeParse(payload);
        if (!claims.success) return undefined;
        const { sub, sid, roles, epoch } = claims.data;
        return { accountId: sub, sessionId: sid, roles, epoch };
      } catch (error) {
        // What jose refuses is the token's fault; anything else is ours.
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
    jwks: () => ({ keys: keys.map(({ kid, x }) => ({ kty: 'OKP', crv: 'Ed25519', x, kid, alg, use: 'sig' })) }),
    rotate: async () => {
      keys = await Promise.all((await ring.rotate()).map(loadKey));
    },
  };
};
