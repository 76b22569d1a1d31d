import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mark } from '../../demo/mark.ts';
import { approvedVendor, clientOf, published, registered, signIn } from '../../local/test-client.ts';
import { startTestSystem, type TestSystem } from '../../local/test-system.ts';
import { terminalAt } from '../test-terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'autopilot-restore-'));
const at = (name: string): string => join(folder, name);
let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ dir: mkdtempSync(join(folder, 'data-')) });
  await published(system, await approvedVendor(system, 'vera'));
  await registered(system, 'ben');
});
afterAll(async () => {
  await system.dispose();
  rmSync(folder, { recursive: true, force: true });
});
const run = (...argv: readonly string[]) => terminalAt(system).run(...argv);
const backedUp = async (name: string, ...more: readonly string[]): Promise<string> => {
  const { code, err } = await run('backup', at(name), '--data-dir', system.dir, ...more);
  expect(code, err).toBe(0);
  return at(name);
};
const startedOn = (dir: string): Promise<TestSystem> => startTestSystem({ dir, startAt: system.clock.now() + 60_000 });

describe('autopilot restore', () => {
  it('brings back what was there, and the system goes on from it', async () => {
    const backup = await backedUp('plain');
    await registered(system, 'late');
    expect(await run('restore', backup, at('plain-data'))).toMatchObject({ code: 0 });
    const restored = await startedOn(at('plain-data'));
    await signIn(restored, 'ben@example.test');
    await expect(signIn(restored, 'late@example.test')).rejects.toThrow('401');
    await registered(restored, 'late');
    expect((await clientOf(restored).ok('GET', '/products')).items).toHaveLength(1);
    await restored.stop();
  });

  it('knows of a folder that the demo filled: its sign-ins are public still, and are printed', async () => {
    writeFileSync(join(system.dir, mark), '{}\n');
    const backup = await backedUp('demo');
    rmSync(join(system.dir, mark));
    expect(await run('restore', backup, at('demo-data'))).toMatchObject({ code: 0 });
    expect(existsSync(join(at('demo-data'), mark))).toBe(true);
  });

  it('without read models builds them from the log', async () => {
    const backup = await backedUp('slim', '--no-read-models');
    expect(readdirSync(backup).filter((name) => name.startsWith('read-models'))).toEqual([]);
    expect(await run('restore', backup, at('slim-data'))).toMatchObject({ code: 0 });
    const restored = await startedOn(at('slim-data'));
    await restored.until('listed', async () => {
      const { items } = await clientOf(restored).ok('GET', '/products');
      return Array.isArray(items) && items.length === 1;
    });
    await restored.stop();
  });

  it('erases again whoever was erased since, by the newest list', async () => {
    const grace = await registered(system, 'grace');
    const backup = await backedUp('before-erasure');
    await grace.ok('DELETE', '/me');
    await system.until('erased', async () =>
      (await system.ports.erasures.all()).some(({ personId }) => personId === grace.id),
    );
    const list = join(system.dir, 'erasures.ndjson');
    const { code, out } = await run('restore', backup, at('erased-data'), '--erasures', list);
    expect(code).toBe(0);
    expect(out).toContain('1 persons will be erased again');
    const restored = await startedOn(at('erased-data'));
    await expect(signIn(restored, grace.email)).rejects.toThrow('401');
    await restored.until('forgotten', async () => {
      const person = await restored.ports.readModels.documents.get('people', grace.id);
      return person === undefined;
    });
    await restored.stop();
  });

  it('overwrites nothing, and refuses what is damaged, unfinished or no backup; nothing is left behind then', async () => {
    const backup = await backedUp('whole');
    mkdirSync(at('full'));
    writeFileSync(join(at('full'), 'letter.txt'), 'mine');
    expect((await run('restore', backup, at('full'))).err).toContain('is not empty');
    expect(readdirSync(at('full'))).toEqual(['letter.txt']);

    cpSync(backup, at('damaged'), { recursive: true });
    appendFileSync(join(at('damaged'), 'outbox.sqlite'), 'x');
    const damaged = await run('restore', at('damaged'), at('never'), '--json');
    expect(damaged).toMatchObject({ code: 1 });
    expect(damaged.json()).toMatchObject({
      error: { code: 'DAMAGED', message: expect.stringContaining('outbox.sqlite') },
    });

    cpSync(backup, at('short'), { recursive: true });
    rmSync(join(at('short'), 'log.sqlite'));
    expect((await run('restore', at('short'), at('never'))).err).toContain("log.sqlite of the backup can't be read");
    cpSync(backup, at('unfinished'), { recursive: true });
    rmSync(join(at('unfinished'), 'manifest.json'));
    expect((await run('restore', at('unfinished'), at('never'))).err).toContain('is no finished backup');
    expect([existsSync(at('never')), existsSync(at('never.restoring'))]).toEqual([false, false]);
  });

  it('has a backup refuse what is no data folder, and a place inside it', async () => {
    expect((await run('backup', at('x'), '--data-dir', at('full'))).err).toContain('is no data folder');
    expect((await run('backup', join(system.dir, 'x'), '--data-dir', system.dir)).err).toContain(
      'inside the data folder',
    );
    expect(existsSync(at('x'))).toBe(false);
  });
});
