import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieOf, sessionCookies } from '../../infra/http/port.ts';
import type { KeyedHash } from '../../infra/secrets/port.ts';
import type { SignedIn } from './sessions.ts';

/** A session's own CSRF token: made from its id, so that nothing has to be kept. */
export const csrfTokenOf = (keyedHash: KeyedHash, sessionId: string): string =>
  Buffer.from(keyedHash('csrf', sessionId)).toString('base64url');

/** As long as an unused session lives; the access token inside its cookie ends by itself. Seconds. */
const maxAge = 30 * 24 * 3_600;

/** The cookies of a browser's session: http-only, never sent along by foreign pages. `secure`: over https only. */
export const browserCookies = (secure: boolean) => {
  const names = sessionCookies(secure);
  const cookie = (name: string, value: string, seconds: number): string =>
    `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return {
    set: (reply: FastifyReply, { accessToken, refreshToken, expiresIn }: SignedIn): void => {
      reply.header('set-cookie', [
        cookie(names.access, accessToken, expiresIn),
        cookie(names.refresh, refreshToken, maxAge),
      ]);
    },
    clear: (reply: FastifyReply): void => {
      reply.header('set-cookie', [cookie(names.access, '', 0), cookie(names.refresh, '', 0)]);
    },
    refreshTokenOf: (request: FastifyRequest): string | undefined => cookieOf(request.headers.cookie, names.refresh),
  };
};
