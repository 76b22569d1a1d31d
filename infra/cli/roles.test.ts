import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registered } from '../local/test-client.ts';
import { administrator, startTestSystem, type TestSystem } from '../local/test-system.ts';
import { terminalAt } from './test-terminal.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.dispose());

describe('autopilot roles', () => {
  it('gives an administrator what the other commands take, from the next one on', async () => {
    const { run } = terminalAt(system);
    expect((await run('projections', 'list')).code).toBe(4);
    const given = await run('roles', '--grant', 'operator,auditor');
    expect(given).toMatchObject({
      code: 0,
      err: '',
      out: `${administrator.email}: customer, admin, auditor, operator\n`,
    });
    expect((await run('projections', 'list')).code).toBe(0);
    expect((await run('audit', 'verify')).code).toBe(0);
  });

  it('finds somebody by address, in any case, or by id; adds and takes away, and leaves the other roles', async () => {
    const ada = await registered(system, 'ada');
    await registered(system, 'ada2');
    const { run } = terminalAt(system);
    await run('roles', 'Ada@example.test', '--grant', 'auditor,operator');
    const { code, json } = await run('roles', ada.id, '--revoke', 'auditor', '--json');
    expect({ code, ...json() }).toEqual({ code: 0, id: ada.id, email: ada.email, roles: ['customer', 'operator'] });
    expect((await run('roles', 'ada2@example.test')).out).toBe('ada2@example.test: customer\n');
  });

  it('refuses an account or a role that there is not, the last administrator’s own, and who is none', async () => {
    const { run } = terminalAt(system);
    expect(await run('roles', 'nobody@example.test', '--grant', 'auditor')).toMatchObject({ code: 1, out: '' });
    const wrong = await run('roles', '--grant', 'administrator');
    expect({ code: wrong.code, err: wrong.err }).toMatchObject({
      code: 2,
      err: expect.stringContaining('none of vendor, admin'),
    });
    expect((await run('roles', '--revoke', 'admin')).err).toContain('LAST_ADMIN');
    const eve = await registered(system, 'eve');
    const env = { AUTOPILOT_EMAIL: eve.email, AUTOPILOT_PASSWORD: 'a long enough passphrase 42' };
    const refused = await terminalAt(system, { env }).run('roles', eve.email, '--grant', 'admin');
    expect({ code: refused.code, err: refused.err }).toMatchObject({
      code: 4,
      err: expect.stringContaining('It takes the role admin'),
    });
  });
});
