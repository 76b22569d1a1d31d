import { createHash, createHmac } from 'node:crypto';
import type { HeadSigner, SignedHead } from '../../audit/proof.port.ts';
import type { Clock } from '../../clock/port.ts';
import type { AccessClaims, AccessTokens, PasswordHasher } from '../../secrets/port.ts';

const key = 'the simulation has no secrets';
const ttlSeconds = 900;
const mac = (text: string): string => createHmac('sha256', key).update(text).digest('base64url');
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Access tokens in the shape of a JWT, signed at once instead of on another thread. */
export const plainTokens = (clock: Clock): AccessTokens => ({
  issue: async ({ accountId, ...claims }) => {
    const exp = Math.floor(clock.now() / 1000) + ttlSeconds;
    const signed = `${encoded({ alg: 'HS256' })}.${encoded({ ...claims, accountId, exp })}`;
    return { token: `${signed}.${mac(signed)}`, expiresIn: ttlSeconds };
  },
  verify: async (token) => {
    const [head, body, signature] = token.split('.');
    if (body === undefined || signature !== mac(`${head}.${body}`)) return undefined;
    const claims: AccessClaims & { readonly exp: number } = JSON.parse(Buffer.from(body, 'base64url').toString());
    const { accountId, sessionId, roles, epoch, exp } = claims;
    return exp * 1000 <= clock.now() ? undefined : { accountId, sessionId, roles, epoch };
  },
  jwks: () => ({ keys: [] }),
});

/** Passwords hashed at once. */
export const plainHasher: PasswordHasher = {
  hash: async (password) => createHash('sha256').update(password).digest('hex'),
  verify: async (password, hash) => createHash('sha256').update(password).digest('hex') === hash,
  needsRehash: () => false,
};

const textOf = ({ head, events, position, signedAt }: Omit<SignedHead, 'signature'>): string =>
  JSON.stringify([head, events, position === undefined ? null : String(position), signedAt]);

/** Heads of the audit chain, signed at once. */
export const plainSigner: HeadSigner = {
  sign: async (head) => mac(textOf(head)),
  fits: async (head) => head.signature === mac(textOf(head)),
  jwks: () => [],
};
