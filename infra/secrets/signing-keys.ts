import { createPrivateKey } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { z } from 'zod';
import type { Clock } from '../clock/port.ts';
import type { Random } from '../random/port.ts';
import type { SecretStore } from './port.ts';

const kind = 'signingKey';
const seedBytes = 32;
/** How long a key that signs no more still verifies: a token's life and the time until every process has seen the new one. */
const retiredKeyMs = 24 * 3_600_000;
/** RFC 8410: an Ed25519 private key is this and the seed. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

const signingKey = z.object({
  kid: z.string(),
  /** Private JWK (RFC 8037). */
  jwk: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() }),
  retiredAt: z.number().optional(),
});
export type SigningKey = z.infer<typeof signingKey>;
const keyRing = z.array(signingKey).min(1);

/** From the port's randomness, as webcrypto would take its own. */
const makeKey = async (random: Random): Promise<SigningKey> => {
  const der = Buffer.concat([pkcs8Prefix, random.bytes(seedBytes)]);
  const jwk = signingKey.shape.jwk.parse(
    createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' }),
  );
  return { kid: await calculateJwkThumbprint(jwk), jwk };
};

/** The Ed25519 keys of one purpose, newest first: it signs, all verify. */
export type SigningKeys = {
  /** Makes the first key when there is none. */
  load(): Promise<readonly SigningKey[]>;
  /** Puts a new key in front; keys retired a day ago are erased. */
  rotate(): Promise<readonly SigningKey[]>;
};

/** `id` names the purpose. */
export const signingKeys = (
  secrets: SecretStore,
  clock: Clock,
  random: Random,
  id: 'access' | 'audit',
): SigningKeys => {
  const read = async (): Promise<{ keys: readonly SigningKey[]; version: number | 'absent' }> => {
    const stored = await secrets.get(kind, id);
    return stored === undefined
      ? { keys: [], version: 'absent' }
      : { keys: keyRing.parse(JSON.parse(Buffer.from(stored.value).toString())), version: stored.version };
  };
  const write = (keys: readonly SigningKey[], version: number | 'absent'): Promise<boolean> =>
    secrets.put(kind, id, Buffer.from(JSON.stringify(keys)), version);

  const load = async (): Promise<readonly SigningKey[]> => {
    const { keys, version } = await read();
    if (keys.length > 0) return keys;
    const first = [await makeKey(random)];
    return (await write(first, version)) ? first : load();
  };
  const rotate = async (): Promise<readonly SigningKey[]> => {
    const { keys, version } = await read();
    const now = clock.now();
    const older = keys
      .map((key) => ({ ...key, retiredAt: key.retiredAt ?? now }))
      .filter(({ retiredAt }) => retiredAt + retiredKeyMs > now);
    const rotated = [await makeKey(random), ...older];
    return (await write(rotated, version)) ? rotated : rotate();
  };
  return { load, rotate };
};
