import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock/system-clock.ts';
import { addressOf, demoPassword } from '../demo/sign-ins.ts';
import { clientOf, signIn, signInAdministrator } from '../local/test-client.ts';
import { startTestSystem, type TestSystem } from '../local/test-system.ts';
import { pumped } from './test-terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'autopilot-guides-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let system: TestSystem;
afterEach(() => system.dispose());

/** Asserts nothing: how long a shell with its programs may take where many share the machine. */
const patienceMs = 300_000;

/** What a guide tells its reader to type, in one piece. */
const commandsOf = (guide: string): string =>
  [...readFileSync(guide, 'utf8').matchAll(/^```bash\n(.*?)^```$/gms)].map(([, block]) => block).join('\n');

/** Types all of it, at the address of the system in this process. */
const typed = async (guide: string): Promise<{ readonly code: number | null; readonly out: string }> => {
  const address = await system.app.listen({ host: '127.0.0.1', port: 0 });
  const script = commandsOf(guide).replaceAll('http://127.0.0.1:4000', address);
  expect(script).toContain(`API=${address}`);
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk) => (out += String(chunk)));
  const ended = new Promise<number | null>((resolve, reject) => shell.on('error', reject).on('close', resolve));
  return { code: await pumped(system, ended), out };
};

/** Every refusal begins so. */
const refusalsIn = (out: string): readonly string[] =>
  out.split('\n').filter((line) => line.includes('"/docs/errors#'));

/** The demo's people that the guide signs in as, without the demo's month. */
const demoPeople = async (): Promise<void> => {
  const admin = await signInAdministrator(system);
  for (const mailbox of ['admin', 'kontor', 'ravi']) {
    const person = { email: addressOf(mailbox), password: demoPassword, displayName: mailbox };
    const { id } = await clientOf(system).ok('POST', '/auth/register', person);
    if (mailbox === 'admin') await admin.ok('PUT', `/accounts/${String(id)}/roles`, { roles: ['admin'] });
    if (mailbox !== 'kontor') continue;
    const vendor = { displayName: 'Kontor Sieben', country: 'DE', defaultCurrency: 'EUR' };
    const made = await (await signIn(system, person.email, demoPassword)).ok('POST', '/vendors', vendor);
    await admin.ok('POST', `/vendors/${String(made.id)}/approve`);
  }
};

describe('the guides do what they say, typed from top to bottom', () => {
  it(
    'README.md: a sale in six calls',
    async () => {
      system = await startTestSystem();
      await demoPeople();
      const { code, out } = await typed('README.md');
      expect(code, out).toBe(0);
      expect(refusalsIn(out)).toEqual([]);
      expect(out).toMatch(/"key":"AP-.*"url":"\/api\/v1\/files\//s);
    },
    patienceMs,
  );

  it(
    'docs/api.md',
    async () => {
      system = await startTestSystem({
        startAt: systemClock().now(), // the guide computes a date
        env: { ADMIN_EMAIL: 'admin@example.org', ADMIN_PASSWORD: 'a long passphrase' },
      });
      const { code, out } = await typed('docs/api.md');
      expect(code, out).toBe(0);
      expect(refusalsIn(out)).toEqual([]);
      for (const word of ['202 Accepted', '"ref":"my-1"', 'data: ', '"roots"', '"ok":true', '"copies":3'])
        expect(out, word).toContain(word);
    },
    patienceMs,
  );
});
