import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestSystem, type TestSystem } from '../local/test-system.ts';
import type { Fetch } from './terminal.ts';
import { asAdministrator, terminalAt } from './test-terminal.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.dispose());

const answering =
  (status: number, body: object, headers: Record<string, string> = {}): Fetch =>
  async () =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json', ...headers } });
const list = ['projections', 'list'] as const;

describe('the command line', () => {
  it('0: help of everything, with examples', async () => {
    const { run } = terminalAt(system, { env: {} });
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    for (const word of [
      'import',
      'story',
      'projections',
      'sagas',
      'dead-letters',
      'audit',
      'backup',
      'restore',
      'Examples:',
      'Exit codes:',
    ])
      expect(out).toContain(word);
    expect((await run('import', '--help')).out).toContain('AUTOPILOT_ADMIN_EMAIL');
  });

  it.each([
    ['an unknown command', ['fly']],
    ['a missing argument', ['import']],
    ['an unknown option', ['story', '--loud']],
    ['an address that is none', ['--url', 'localhost', 'story']],
    ['half a sign-in', ['--email', 'a@example.test', ...list]],
  ])('2: %s', async (_, argv) => {
    const { code, out, err } = await terminalAt(system, { env: {} }).run(...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).not.toBe('');
  });

  it('3: nobody answers', async () => {
    const wrap = (): Fetch => () => Promise.reject(new TypeError('fetch failed'));
    const { code, err } = await terminalAt(system, { wrap }).run('--url', 'http://127.0.0.1:1', ...list);
    expect({ code, err }).toEqual({
      code: 3,
      err: 'autopilot: no answer from http://127.0.0.1:1: is the server running?\n',
    });
  });

  it('4: nobody signed in, a wrong password (which is not shown), a role that is missing', async () => {
    expect((await terminalAt(system, { env: {} }).run(...list)).code).toBe(4);
    const env = { ...asAdministrator, AUTOPILOT_PASSWORD: 'wrong horse battery' };
    const wrong = await terminalAt(system, { env }).run(...list);
    expect(wrong.code).toBe(4);
    expect(wrong.err).toContain('401');
    expect(wrong.err + wrong.out).not.toContain('wrong horse');
    expect(await terminalAt(system).run(...list)).toMatchObject({
      code: 4,
      err: expect.stringContaining('403 FORBIDDEN'),
    });
    const key = await terminalAt(system, { env: { AUTOPILOT_API_KEY: 'ak_nothing_secret' } }).run(...list);
    expect(key.code).toBe(4);
    expect(key.err).not.toContain('ak_nothing_secret');
  });

  it('5: the server fails; with --json one object says it', async () => {
    const wrap = (): Fetch => answering(500, { title: 'Internal error', detail: 'Something broke.', code: 'INTERNAL' });
    const { code, err, json } = await terminalAt(system, { wrap }).run(...list, '--json');
    expect({ code, err }).toEqual({ code: 5, err: 'autopilot: POST /auth/login: Something broke. [500 INTERNAL]\n' });
    expect(json()).toEqual({
      error: { message: 'POST /auth/login: Something broke. [500 INTERNAL]', exitCode: 5, code: 'INTERNAL' },
    });
  });

  it('waits as long as a 429 asks, says so, and goes on', async () => {
    let limited = 2;
    const wrap =
      (fetch: Fetch): Fetch =>
      (request) =>
        limited-- > 0 ? answering(429, { code: 'RATE_LIMITED' }, { 'retry-after': '7' })(request) : fetch(request);
    const before = system.clock.now();
    const { code, err } = await terminalAt(system, { wrap }).run('import', 'package.json');
    expect(err).toContain('waiting 7 s for the rate limit\n');
    expect(system.clock.now() - before).toBeGreaterThanOrEqual(14_000);
    expect(code).toBe(1); // it is no catalogue
    const wall = (): Fetch => answering(429, { code: 'RATE_LIMITED', detail: 'Wait.' }, { 'retry-after': '3600' });
    expect((await terminalAt(system, { wrap: wall }).run(...list)).code).toBe(5);
  });

  it('signs in again when its token has ended', async () => {
    await terminalAt(system).run('import', 'package.json'); // it is a vendor from now on
    let [logins, refused] = [0, false];
    const wrap =
      (fetch: Fetch): Fetch =>
      (request) => {
        if (request.url.endsWith('/login')) logins += 1;
        else if (!refused) {
          refused = true;
          return answering(401, { code: 'TOKEN_EXPIRED' })(request);
        }
        return fetch(request);
      };
    const { code } = await terminalAt(system, { wrap }).run('import', 'package.json', '--json');
    expect({ code, logins }).toEqual({ code: 1, logins: 2 });
  });
});
