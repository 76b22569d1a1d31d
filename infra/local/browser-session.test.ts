import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registered } from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

const password = 'a long enough passphrase 42';
let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.dispose());

type Method = 'GET' | 'POST' | 'PATCH';
const call = async (
  method: Method,
  path: string,
  headers: Record<string, string>,
  payload?: object,
  at: TestSystem = system,
) => {
  const reply = await at.app.inject({
    method,
    url: `/api/v1${path}`,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
  const body: Record<string, unknown> = reply.body === '' ? {} : reply.json();
  const set = [reply.headers['set-cookie'] ?? []].flat();
  return { status: reply.statusCode, body, set };
};
/** What a browser would send back. */
const cookiesOf = (set: readonly string[]): string => set.map((line) => line.split(';')[0]).join('; ');

const opened = async (name: string) => {
  const { email } = await registered(system, name);
  const { body, set } = await call('POST', '/auth/login', { 'x-session': 'cookie' }, { email, password });
  return { email, cookie: cookiesOf(set), set, csrf: String(body.csrfToken) };
};

describe('a browser’s session', () => {
  it('is two http-only cookies that foreign pages do not send', async () => {
    const { set } = await opened('cookies');
    expect(set.map((line) => line.split('=')[0])).toEqual(['access', 'refresh']);
    for (const line of set) expect(line).toMatch(/; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
  });

  it('comes only to who asks for it', async () => {
    const { email } = await opened('plain');
    const { body, set } = await call('POST', '/auth/login', {}, { email, password });
    expect(set).toEqual([]);
    expect(body).not.toHaveProperty('csrfToken');
  });

  it('reads with the cookie alone, and changes nothing without the CSRF token', async () => {
    const { cookie, csrf, email } = await opened('reader');
    const rename = { displayName: 'Renamed' };
    expect((await call('GET', '/me', { cookie })).body).toMatchObject({ email });
    const refused = { status: 403, body: { code: 'CSRF_FAILED' } };
    expect(await call('PATCH', '/me', { cookie }, rename)).toMatchObject(refused);
    expect(await call('PATCH', '/me', { cookie, 'x-csrf-token': 'guessed' }, rename)).toMatchObject(refused);
    const foreign = (await opened('other')).csrf;
    expect(await call('PATCH', '/me', { cookie, 'x-csrf-token': foreign }, rename)).toMatchObject(refused);
    expect((await call('PATCH', '/me', { cookie, 'x-csrf-token': csrf }, rename)).status).toBe(200);
  });

  it('is refreshed by its cookie, for the page that asks', async () => {
    const { cookie, email } = await opened('fresh');
    const foreign = await call('POST', '/auth/refresh', { cookie });
    expect(foreign).toMatchObject({ status: 400, set: [] });
    const { status, set, body } = await call('POST', '/auth/refresh', { cookie, 'x-session': 'cookie' });
    expect(status).toBe(200);
    expect(cookiesOf(set)).not.toBe(cookie);
    expect(typeof body.csrfToken).toBe('string');
    expect((await call('GET', '/me', { cookie: cookiesOf(set) })).body).toMatchObject({ email });
  });

  it('ends with the logout, which takes the cookies away', async () => {
    const { cookie, csrf } = await opened('leaving');
    expect(await call('POST', '/auth/logout', { cookie })).toMatchObject({ status: 403 });
    const { status, set } = await call('POST', '/auth/logout', { cookie, 'x-csrf-token': csrf });
    expect(status).toBe(204);
    expect(set).toEqual([
      expect.stringMatching(/^access=; .*Max-Age=0/),
      expect.stringMatching(/^refresh=; .*Max-Age=0/),
    ]);
    expect((await call('GET', '/me', { cookie })).status).toBe(401);
  });

  it('does not stand in the way of a token, nor of signing in anew', async () => {
    const { cookie, email } = await opened('again');
    const login = await call('POST', '/auth/login', { cookie }, { email, password });
    expect(login.status).toBe(200);
    const authorization = `Bearer ${String(login.body.accessToken)}`;
    expect((await call('PATCH', '/me', { cookie, authorization }, { displayName: 'By token' })).status).toBe(200);
  });

  it('has names that prove https where the system is reached by https', async () => {
    const secure = await startTestSystem({ env: { PUBLIC_URL: 'https://market.example.test' } });
    try {
      const { email } = await registered(secure, 'secure');
      const { set } = await call('POST', '/auth/login', { 'x-session': 'cookie' }, { email, password }, secure);
      expect(set).toEqual([
        expect.stringMatching(/^__Host-access=.*; Secure$/),
        expect.stringMatching(/^__Host-refresh=.*; Secure$/),
      ]);
      expect((await call('GET', '/me', { cookie: cookiesOf(set) }, undefined, secure)).status).toBe(200);
      const plain = cookiesOf(set).replaceAll('__Host-', '');
      expect((await call('GET', '/me', { cookie: plain }, undefined, secure)).status).toBe(401);
    } finally {
      await secure.dispose();
    }
  });
});
