import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvedVendor, published, registered, signInAdministrator } from '../local/test-client.ts';
import { startTestSystem, type TestSystem } from '../local/test-system.ts';
import { terminalAt } from './test-terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'autopilot-commands-'));
let system: TestSystem;
const env = { AUTOPILOT_EMAIL: 'olga@example.test', AUTOPILOT_PASSWORD: 'a long enough passphrase 42' };
const run = (...argv: readonly string[]) => terminalAt(system, { env }).run(...argv);
beforeAll(async () => {
  system = await startTestSystem({ dir: join(mkdtempSync(join(folder, 'data-'))) });
  const { id } = await registered(system, 'olga');
  await (await signInAdministrator(system)).ok('PUT', `/accounts/${id}/roles`, { roles: ['operator', 'auditor'] });
  await published(system, await approvedVendor(system, 'vera'));
});
afterAll(async () => {
  await system.dispose();
  rmSync(folder, { recursive: true, force: true });
});

describe('autopilot projections', () => {
  it('lists them, and as JSON', async () => {
    const { code, out } = await run('projections', 'list');
    expect(code).toBe(0);
    expect(out).toMatch(/^projection +state +version/);
    expect(out).toMatch(/^catalogue +live +v\d+ gen 1 /m);
    const all: readonly unknown[] = JSON.parse((await run('projections', 'list', '--json')).out);
    expect(all).toContainEqual(expect.objectContaining({ name: 'catalogue', state: 'live', generation: 1 }));
  });

  it('rebuilds one and waits for it, rolls back, drops what was kept', async () => {
    expect(await run('projections', 'rebuild', 'catalogue', '--reason', 'spec')).toMatchObject({
      ...{ code: 0, out: 'catalogue is rebuilt: readers see generation 2\n' },
    });
    expect(await run('projections', 'rollback', 'catalogue')).toMatchObject({ code: 0 });
    expect(await run('projections', 'drop', 'catalogue')).toMatchObject({ code: 0 });
    const refused = await run('projections', 'rollback', 'catalogue', '--json');
    expect(refused.code).toBe(1);
    expect(refused.json()).toMatchObject({ error: { exitCode: 1, code: 'PROJECTION_STATE' } });
    expect(await run('projections', 'rebuild', 'nothing')).toMatchObject({ code: 1 });
  });

  it('pauses and resumes', async () => {
    expect(await run('projections', 'pause', 'coupons')).toMatchObject({ code: 0, out: 'coupons is paused\n' });
    await system.until('paused', async () => (await run('projections', 'list')).out.match(/^coupons +paused/m));
    expect(await run('projections', 'resume', 'coupons')).toMatchObject({ code: 0, out: 'coupons goes on\n' });
    expect(await run('projections', 'cancel', 'coupons')).toMatchObject({ code: 1 });
  });
});

describe('autopilot sagas and dead-letters', () => {
  it('say when there is nothing to do, and what is refused', async () => {
    const nobody = '01a1fd8c-8d54-710f-911f-14bf1be2db01';
    expect(await run('dead-letters', 'list')).toMatchObject({ code: 0, out: 'no dead letters\n' });
    expect((await run('sagas', 'list', '--overdue')).code).toBe(0);
    expect((await run('sagas', 'retry', 'checkout:nobody')).err).toContain('404 NOT_FOUND');
    expect((await run('sagas', 'resolve', 'checkout:nobody', '--reason', 'paid by hand')).err).toContain(
      '404 NOT_FOUND',
    );
    expect((await run('sagas', 'resolve', 'checkout:nobody')).code).toBe(2);
    expect((await run('dead-letters', 'discard', nobody, '--reason', 'x')).err).toContain('404 NOT_FOUND');
    expect((await run('dead-letters', 'replay', nobody)).err).toContain('404 NOT_FOUND');
  });
});

describe('autopilot audit', () => {
  const positions = (text: string): readonly number[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => Number(JSON.parse(line).position));

  it('exports the log as NDJSON, and continues where it stopped', async () => {
    const { code, out, err } = await run('audit', 'export');
    expect(code).toBe(0);
    const all = positions(out);
    expect(all.length).toBeGreaterThan(10);
    expect(all).toEqual(all.toSorted((a, b) => a - b));
    expect(err).toBe(`last position ${all.at(-1)}: continue with --after ${all.at(-1)}\n`);
    expect(out).not.toContain('olga@example.test');
    const middle = all[5] ?? 0;
    expect(positions((await run('audit', 'export', '--after', String(middle))).out)).toEqual(
      all.filter((each) => each > middle),
    );
    const file = join(folder, 'log.ndjson');
    const kept = await run('audit', 'export', '--type', 'ProductDrafted', '--out', file, '--json');
    expect(kept.json()).toMatchObject({ events: 1, file });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ type: 'ProductDrafted' });
    expect((await run('audit', 'export', '--after', 'yesterday')).code).toBe(2);
  });

  it('verifies the chain; exit code 1 names where the log was changed', async () => {
    const intact = await run('audit', 'verify', '--json');
    expect(intact.code, intact.err).toBe(0);
    expect(intact.json()).toMatchObject({ ok: true });
    const file = new DatabaseSync(join(system.dir, 'log.sqlite'), { timeout: 5_000 });
    const { position } =
      file
        .prepare(
          "SELECT min(position) position FROM event JOIN kind ON kind.id = event.kind WHERE type = 'ProductDrafted'",
        )
        .get() ?? {};
    file
      .prepare(
        "UPDATE event SET data = CAST(replace(CAST(data AS TEXT), 'Invoice', 'Imvoice') AS BLOB) WHERE position = ?",
      )
      .run(Number(position));
    file.close();
    const changed = await run('audit', 'verify');
    expect(changed.code).toBe(1);
    expect(changed.out).toMatch(new RegExp(`^TAMPERED at position ${String(position)} \\(product-`));
  });
});
