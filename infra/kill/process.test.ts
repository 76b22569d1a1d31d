import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { get, posted } from '../local/test-door.ts';
import { administrator } from '../local/test-system.ts';
import { overTheWire, type Process, startProcess } from './process.ts';

const folder = mkdtempSync(join(tmpdir(), 'autopilot-process-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const running = new Set<Process>();
const started = (dir: string, env?: Readonly<Record<string, string>>): Process => {
  const child = startProcess(dir, env);
  running.add(child);
  void child.exited.then(() => running.delete(child));
  return child;
};
afterEach(async () => {
  const left = [...running];
  for (const child of left) child.kill('SIGKILL');
  await Promise.all(left.map((child) => child.exited));
});

describe('the process', () => {
  it('answers what it has begun when it is told to end, and exits 0', async () => {
    const child = started(join(folder, 'drained'));
    const door = overTheWire(await child.ready);
    const requests = Array.from({ length: 20 }, (_, n) =>
      posted(door, '/auth/register', {
        email: `somebody${n}@example.test`,
        password: administrator.password,
        displayName: 'Somebody',
      }),
    );
    // The first is answered while the others, whose passwords are being hashed, are under way.
    await Promise.race(requests);
    child.kill('SIGTERM');
    const answers = await Promise.allSettled(requests);
    const { code, said } = await child.exited;
    expect(code, said).toBe(0);
    expect(said).toContain('"msg":"stopped"');
    expect(answers.filter(({ status }) => status === 'fulfilled')).not.toEqual([]);
  });

  it('refuses a data folder that another one works on, and leaves that one alone', async () => {
    const dir = join(folder, 'taken');
    const first = started(dir);
    const door = overTheWire(await first.ready);
    const { code, said } = await started(dir).exited;
    expect(code).toBe(1);
    expect(said.trim()).toBe(`another process uses the data folder ${dir}`);
    expect((await door.send({ method: 'GET', url: '/health/ready', headers: {} })).status).toBe(200);
    expect((await get(door, '/products')).status).toBe(200);
    await posted(door, '/auth/login', administrator);
  });

  it('names every problem of its configuration at once', async () => {
    const broken = {
      ...{ PORT: 'abc', PAYMENT_TIMEOUT_S: '0', LOG_LEVEL: 'loud', RATE_LIMIT: 'maybe' },
      ...{
        ADMIN_EMAIL: 'nobody',
        ADMIN_PASSWORD: 'short',
        COMMISSION_BPS: '10001',
        MONGODB_URL: 'mongodb://localhost',
      },
    };
    const { code, said } = await started(join(folder, 'broken'), broken).exited;
    expect(code).toBe(1);
    for (const name of Object.keys(broken)) expect(said).toContain(`${name}: `);
  });
});
