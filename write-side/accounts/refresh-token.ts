import { createHash, timingSafeEqual } from 'node:crypto';
import type { Random } from '../../infra/random/port.ts';

const familyBytes = 16;
const turnBytes = 32;

/**
 * A refresh token is `<sessionId>.<secret>`; the secret is base64url of two parts: `family`, the same for all tokens of
 * a session, and `turn`, new for each. Whoever shows the family with another turn holds a used token; whoever
 * only knows a session id can't pretend to, so nobody's session is ended by a guess. Hashes of the two are all that
 * is stored, however often a session is refreshed.
 */
export type RefreshToken = { readonly sessionId: string; readonly family: Uint8Array; readonly turn: Uint8Array };

/** The first token of a session, or the next one of `family`. */
export const newToken = (sessionId: string, random: Random, family = random.bytes(familyBytes)): RefreshToken => ({
  sessionId,
  family,
  turn: random.bytes(turnBytes),
});

export const formatToken = ({ sessionId, family, turn }: RefreshToken): string =>
  `${sessionId}.${Buffer.concat([family, turn]).toString('base64url')}`;

/** Undefined: not of our form. */
export const parseToken = (text: string): RefreshToken | undefined => {
  const [, sessionId, secret] = /^([0-9a-f-]{36})\.([\w-]{64})$/.exec(text) ?? [];
  if (sessionId === undefined || secret === undefined) return undefined;
  const bytes = Buffer.from(secret, 'base64url');
  return { sessionId, family: bytes.subarray(0, familyBytes), turn: bytes.subarray(familyBytes) };
};

/** SHA-256 in base64url: enough for secrets that are random. */
export const hashOf = (part: Uint8Array): string => createHash('sha256').update(part).digest('base64url');

/** Compares in constant time. */
export const fits = (part: Uint8Array, hash: string): boolean => {
  const [given, stored] = [Buffer.from(hashOf(part)), Buffer.from(hash)];
  return given.length === stored.length && timingSafeEqual(given, stored);
};
