import { decodeJwt } from 'jose';
import { accountDecider } from '../../domain/account/account.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { Identity } from '../../infra/http/port.ts';
import type { AccessClaims, AccessTokens } from '../../infra/secrets/port.ts';
import { boundedMap } from '../bounded.ts';
import type { Handling } from '../handling/handling.ts';
import type { Sessions } from './sessions.ts';

const rememberedTokens = 10_000;

/** `verify` that checks a signature once: the answer is remembered until the token expires. */
const remembering = (tokens: AccessTokens, clock: Clock) => {
  const verified = boundedMap<{ readonly claims: AccessClaims; readonly expiresAt: number }>(rememberedTokens);
  return async (token: string): Promise<AccessClaims | undefined> => {
    const known = verified.get(token);
    if (known !== undefined) {
      if (clock.now() < known.expiresAt) return known.claims;
      verified.delete(token);
    }
    const claims = await tokens.verify(token);
    const { exp } = claims === undefined ? {} : decodeJwt(token);
    if (claims === undefined || exp === undefined) return claims;
    verified.set(token, { claims, expiresAt: exp * 1000 });
    return claims;
  };
};

/**
 * Who an access token speaks for, asked on every request: the token is ours and in time, its session lives and its
 * account's epoch is the token's. Roles are the token's: one that was taken away ended the token by the epoch, one that
 * was given needs the next token. Undefined: not (or no longer) valid.
 */
export const authenticator = (deps: {
  readonly tokens: AccessTokens;
  readonly sessions: Pick<Sessions, 'isAlive'>;
  readonly handling: Pick<Handling, 'load'>;
  readonly clock: Clock;
}): ((accessToken: string) => Promise<Identity | undefined>) => {
  const verify = remembering(deps.tokens, deps.clock);
  return async (accessToken) => {
    const claims = await verify(accessToken);
    if (claims === undefined) return undefined;
    const { accountId, sessionId, roles, epoch } = claims;
    if (!(await deps.sessions.isAlive(sessionId))) return undefined;
    const { state } = await deps.handling.load(accountDecider, accountId);
    return state.status === 'registered' && state.epoch === epoch ? { accountId, sessionId, roles } : undefined;
  };
};
