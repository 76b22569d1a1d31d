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
      'roles',
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
    const { json } = await terminalAt(system, { env: {} }).run(...argv, '--json');
    expect(json()).toMatchObject({ error: { exitCode: 2, message: expect.stringMatching(/./) } });
  });

  it('1 or 2, and says which file: one that is a folder, one that is not there, one that leads nowhere', async () => {
    const { run } = terminalAt(system);
    expect(await run('import', 'infra')).toMatchObject({ code: 2, err: 'autopilot: infra is a folder, not a file\n' });
    expect(await run('import', 'nothing.jsonl')).toMatchObject({
      code: 2,
      err: 'autopilot: there is no nothing.jsonl\n',
    });
    await run('roles', '--grant', 'auditor');
    expect(await run('audit', 'export', '--out', 'infra')).toMatchObject({
      ...{ code: 1, err: 'autopilot: infra is a folder, not a file\n' },
    });
    await run('roles', '--revoke', 'auditor');
    expect(await run('restore', 'infra/nothing', 'never')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^autopilot: there is no .*infra\/nothing\n/),
    });
    expect(await run('restore', 'package.json', 'never')).toMatchObject({
      ...{ code: 1, err: expect.stringContaining('no folder') },
    });
  });

  it('3: nobody answers', async () => {
    const wrap = (): Fetch => () => Promise.reject(new TypeError('fetch failed'));
    const { code, err } = await terminalAt(system, { wrap }).run('--url', 'http://127.0.0.1:1', ...list);
    expect({ code, err }).toEqual({
      code: 3,
      err: 'autopilot: no answer from http://127.0.0.1:1: is the server running (npm start), and is --url (AUTOPILOT_URL) its address?\n',
    });
  });

  it.each<[string, Fetch]>([
    ['another web server', async () => new Response('<h1>Not found</h1>', { status: 404 })],
    ['one that has a page for everything', async () => new Response('<h1>Hello</h1>', { status: 200 })],
    ['a path of ours', answering(404, { code: 'NOT_FOUND', title: 'There is no such thing' })],
  ])('3: %s is at the address', async (_, fetch) => {
    const { code, err } = await terminalAt(system, { wrap: () => fetch }).run('--url', 'http://127.0.0.1:1/x', ...list);
    expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining('not as Autopilot does: is --url') });
    const env = { AUTOPILOT_API_KEY: 'ak_nothing_secret' };
    const program = await terminalAt(system, { env, wrap: () => fetch }).run(...list);
    expect(program.code).not.toBe(0);
    expect(program.out).toBe('');
  });

  it('takes the address of the API for that of the server', async () => {
    const seen: string[] = [];
    const wrap =
      (fetch: Fetch): Fetch =>
      (request) => {
        seen.push(new URL(request.url).pathname);
        return fetch(request);
      };
    await terminalAt(system, { wrap }).run('--url', 'http://127.0.0.1:4000/api/v1/', 'roles');
    expect(seen).toEqual(['/api/v1/auth/login', '/api/v1/me']);
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
