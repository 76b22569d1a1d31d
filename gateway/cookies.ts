import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { cookieOf, sessionCookies } from '../infra/http/port.ts';

/** How browsers sign in: by http-only cookies, and a token beside them that a foreign page can't know. */
export type BrowserSessions = {
  /** Cookies come by https only, and have the names that prove it. */
  readonly secure: boolean;
  readonly csrfTokenOf: (sessionId: string) => string;
};

/** The access token that a browser sent along; undefined: none. */
export const accessCookieOf = (request: FastifyRequest, { secure }: BrowserSessions): string | undefined =>
  cookieOf(request.headers.cookie, sessionCookies(secure).access);

/** Whether the request proves that it was made by our own pages: it reads only, or it knows the session's token. */
export const isOurs = (request: FastifyRequest, sessionId: string, { csrfTokenOf }: BrowserSessions): boolean => {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  const given = request.headers['x-csrf-token'];
  if (typeof given !== 'string') return false;
  const [one, other] = [Buffer.from(given), Buffer.from(csrfTokenOf(sessionId))];
  return one.length === other.length && timingSafeEqual(one, other);
};
