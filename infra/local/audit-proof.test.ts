import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { compactVerify, importJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, clientOf, registered, signIn, signInAdministrator, withRole } from './test-client.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
let auditor: Client;
let vendorStream: string;

beforeAll(async () => {
  system = await startTestSystem();
  const person = await registered(system, 'ada');
  const vendor = { displayName: 'Ada Works', country: 'DE', defaultCurrency: 'USD' };
  const { stream } = await person.ok('POST', '/vendors', vendor);
  vendorStream = String(stream);
  auditor = await withRole(system, 'auditor', 'auditor');
});
afterAll(() => system.dispose());

/** `X-Min-Position` of everything there is. */
const now = async () => ({ headers: { 'x-min-position': String(await system.ports.store.head()) } });

/** The system, stopped, its files changed, and started again. */
const restartedAfter = async (change: () => void): Promise<void> => {
  const { dir, clock } = system;
  await system.stop();
  change();
  system = await startTestSystem({ dir, startAt: clock.now() + 1000 });
  auditor = await signIn(system, 'auditor@example.test');
};

describe('the proof', () => {
  it('is the head of the chain, its signature checkable with the published keys', async () => {
    const proof = await auditor.ok('GET', '/audit/proof', undefined, await now());
    expect(proof).toMatchObject({ head: expect.stringMatching(/^[\da-f]{64}$/), verifiedUpTo: null });
    expect(proof.position).toBe(String(await system.ports.store.head()));
    const { keys } = await clientOf(system).ok('GET', '//.well-known/jwks.json');
    if (!Array.isArray(keys)) throw new Error('no keys');
    const { payload, protectedHeader } = await compactVerify(String(proof.signature), async ({ kid }) =>
      importJWK(
        keys.find((key) => key.kid === kid),
        'EdDSA',
      ),
    );
    const { head, events, position, signedAt } = proof;
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual({ head, events, position, signedAt });
    expect(protectedHeader.typ).toBe('audit-head+jws');
  });

  it('is signed each hour without being asked', async () => {
    await registered(system, 'late');
    const before = (await system.ports.signedHeads.list()).length;
    await system.clock.advance(3_600_000);
    await system.until('a signed head', async () => (await system.ports.signedHeads.list()).length > before);
    auditor = await signIn(system, 'auditor@example.test');
  });

  it('is for auditors only', async () => {
    const administrator = await signInAdministrator(system);
    expect((await administrator.call('GET', '/audit/proof')).status).toBe(403);
    expect((await administrator.call('POST', '/audit/verify')).status).toBe(403);
  });
});

describe('verification', () => {
  it('finds the whole log as it was recorded, and says so in the proof', async () => {
    const head = String(await system.ports.store.head());
    const found = await auditor.ok('POST', '/audit/verify', undefined, await now());
    expect(found).toEqual({ ok: true, verified: Number(head) + 1, from: '0', to: head });
    expect(await auditor.ok('GET', '/audit/proof')).toMatchObject({ verifiedUpTo: head });
  });

  it('looks at a part', async () => {
    const found = await auditor.ok('POST', '/audit/verify', { from: '2', to: '4' }, await now());
    expect(found).toEqual({ ok: true, verified: 3, from: '2', to: '4' });
    const { status, body } = await auditor.call('POST', '/audit/verify', { from: '5', to: '4' });
    expect([status, body.code]).toEqual([400, 'INVALID_INPUT']);
  });

  it('asked again with the same key looks again', async () => {
    const options = { headers: { 'idempotency-key': 'k', ...(await now()).headers } };
    const first = await auditor.ok('POST', '/audit/verify', {}, options);
    await registered(system, 'later');
    const second = await auditor.ok(
      'POST',
      '/audit/verify',
      {},
      { headers: { ...options.headers, ...(await now()).headers } },
    );
    expect(Number(second.verified)).toBeGreaterThan(Number(first.verified));
  });

  it('names the event that was edited in the file, and still does when the read models were made anew', async () => {
    const { items } = await auditor.ok('GET', `/audit/events?stream=${vendorStream}`, undefined, await now());
    const [edited] = items as [{ position: string }];
    await auditor.ok('GET', '/audit/proof');
    await restartedAfter(() => {
      const log = new DatabaseSync(join(system.dir, 'log.sqlite'));
      log
        .prepare(
          "UPDATE event SET data = CAST(replace(CAST(data AS TEXT), 'Ada Works', 'Eve Works') AS BLOB) WHERE position = ?",
        )
        .run(Number(edited.position));
      log.close();
    });
    expect(await auditor.ok('POST', '/audit/verify', {}, await now())).toMatchObject({
      ok: false,
      firstBad: {
        position: edited.position,
        stream: vendorStream,
        revision: '0',
        reason: 'its data or metadata was changed',
      },
    });

    const heads = await system.ports.signedHeads.list();
    const next = heads.find(({ position }) => position !== undefined && position >= BigInt(edited.position));
    await restartedAfter(() => {
      for (const name of readdirSync(system.dir)) if (name.startsWith('read-models')) rmSync(join(system.dir, name));
    });
    expect(await auditor.ok('POST', '/audit/verify', {}, await now())).toMatchObject({
      ok: false,
      firstBad: {
        position: String(next?.position),
        reason: expect.stringContaining('the chain is not the one signed at'),
      },
    });
  });

  it('names an event whose kind stands in no dictionary', async () => {
    const position = String(await system.ports.store.head());
    await restartedAfter(() => {
      for (const end of ['', '-wal', '-shm']) rmSync(join(system.dir, `audit-heads.sqlite${end}`), { force: true });
      const log = new DatabaseSync(join(system.dir, 'log.sqlite'), { enableForeignKeyConstraints: false });
      log.prepare('UPDATE event SET kind = 9999 WHERE position = ?').run(Number(position));
      log.close();
    });
    expect(await auditor.ok('POST', '/audit/verify', {}, await now())).toMatchObject({
      ok: false,
      firstBad: { position, reason: expect.stringContaining('to unknown kind 9999') },
    });
    const { items } = await auditor.ok('GET', `/audit/events?minPosition=${position}&limit=1`);
    expect(items).toMatchObject([{ position, data: null, unreadable: expect.stringContaining('unknown kind 9999') }]);
  });
});
