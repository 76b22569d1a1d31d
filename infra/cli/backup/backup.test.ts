import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../../clock/system-clock.ts';
import { overTheWire, type Process, startProcess } from '../../kill/process.ts';
import { clientOf, withRole } from '../../local/test-client.ts';
import { generationsIn } from '../../local/test-generations.ts';
import { openMarket, order, orderIn, tokenOf } from '../../local/test-market.ts';
import { ended } from '../../local/test-stage.ts';
import { tell } from '../../local/test-story.ts';
import { administrator, startTestSystem } from '../../local/test-system.ts';
import { databases, erasuresFile, lockFile, masterKeyFile, objectsFolder } from './data-files.ts';
import { readManifest } from './manifest.ts';

const folder = mkdtempSync(join(tmpdir(), 'autopilot-backup-'));
const running = new Set<Process>();
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await Promise.all([...running].map(({ exited }) => exited));
  rmSync(folder, { recursive: true, force: true });
});

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
/** The command line as a process of its own. */
const autopilot = async (address: string, ...argv: readonly string[]) => {
  const child = spawn(process.execPath, [main, ...argv], {
    env: {
      ...{ PATH: process.env.PATH, AUTOPILOT_URL: address },
      ...{ AUTOPILOT_EMAIL: administrator.email, AUTOPILOT_PASSWORD: administrator.password },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    said.err += String(chunk);
  });
  const [code] = await once(child, 'close');
  return { code: Number(code), ...said };
};

it('a backup of a process under load restores to a system in which everything comes to its end', async () => {
  const home = join(folder, 'home');
  // The key that a system of these tests has, so that one can be started on what is restored.
  const child = startProcess(home, { MASTER_KEY: '07'.repeat(32) });
  running.add(child);
  const address = await child.ready;
  const door = overTheWire(address);
  const market = await openMarket(door);

  // 1. Buyers order, refund and dispute while the backup is taken.
  let stop = false;
  const placed: string[] = [];
  const buys = async (buyer: number): Promise<void> => {
    const token = await tokenOf(door, 'buyer');
    for (let n = 0; !stop; n += 1) {
      const [one, , three] = market.shops;
      const id = await order(door, [{ shop: one }, { shop: three }], 'pm_card_visa', { token, key: `${buyer}-${n}` });
      placed.push(id);
      await orderIn(door, id, token, 'fulfilled');
    }
  };
  const load = Promise.all([
    ...[1, 2].map(buys),
    tell(
      door,
      market,
      'coupon and limited stock, two vendors',
      'declined',
      'full refund',
      'disputed',
      'payout that works',
    ),
  ]);
  while (placed.length < 8) await door.pause();
  const target = join(folder, 'monday');
  const backup = await autopilot(address, 'backup', target, '--data-dir', home, '--json');
  const placedUntilThen = placed.length;
  expect(backup.code, backup.err).toBe(0);
  while (placed.length < placedUntilThen + 4) await door.pause();
  stop = true;
  await load;

  // 2. A process of the command line, at the same door.
  expect(await autopilot(address, 'projections', 'list')).toMatchObject({ code: 4, out: '' });
  const wrong = await autopilot(address, 'backup', target, '--data-dir', home);
  expect(wrong).toMatchObject({ code: 1, err: `autopilot: ${target} is not empty: name a new folder\n` });
  expect((await autopilot(address, 'restore', target, home)).err).toContain('a running system uses');
  child.kill('SIGKILL');
  await child.exited;

  // 3. Everything that a data folder has is in it, and nothing else.
  const made = [...databases, masterKeyFile, erasuresFile, objectsFolder, lockFile].flatMap((name) =>
    name.endsWith('.sqlite') ? [name, `${name}-wal`, `${name}-shm`, `${name}-journal`] : [name],
  );
  expect(readdirSync(home).filter((name) => !made.includes(name))).toEqual([]);
  const { head, missing } = await readManifest(target);
  expect(missing).toEqual([]);
  expect(JSON.parse(backup.out)).toMatchObject({ folder: target, head, missing: [] });

  // 4. Restored, it starts, verifies, and every order comes to its end.
  const restored = join(folder, 'restored');
  const restore = await autopilot(address, 'restore', target, restored);
  expect(restore.code, restore.err).toBe(0);
  const system = await startTestSystem({
    dir: restored,
    startAt: systemClock().now() + 60_000,
    env: { PAYMENT_TIMEOUT_S: '3', SETTLEMENT_DELAY_S: '1' },
  });
  const { orders } = await ended(system);
  const kept = placed.filter((id) => id in orders);
  expect(kept.length).toBeGreaterThanOrEqual(8);
  expect(kept.length).toBeLessThan(placed.length);

  const auditor = await withRole(system, 'auditor', 'auditor');
  const verified = await system.until('verified', async () => {
    const { status, body } = await auditor.call('POST', '/audit/verify', {});
    return status === 200 && body;
  });
  expect(verified).toMatchObject({ ok: true });
  expect(Number(verified.verified)).toBeGreaterThan(100);
  for (const { productId } of market.shops)
    for await (const events of system.ports.store.readStream(`product-${productId}`))
      for (const { type, data } of events)
        if (type === 'VersionUploaded') {
          const { objectKey, size } = JSON.parse(Buffer.from(data).toString());
          expect(await system.ports.objects.size(objectKey)).toBe(size);
        }

  // 5. The read models that came with it are what the log says.
  const operator = await withRole(system, 'operator', 'operator');
  const { items } = await operator.ok('GET', '/operator/projections');
  const names = Array.isArray(items) ? items.map(({ name }) => String(name)) : [];
  await system.until('nothing is behind', async () => {
    const now = await operator.ok('GET', '/operator/projections');
    return Array.isArray(now.items) && now.items.every(({ state, lag }) => state === 'live' && lag.events === 0);
  });
  for (const name of names) await operator.ok('POST', `/operator/projections/${name}/rebuild`, {});
  await system.until('rebuilt', async () => {
    const now = await operator.ok('GET', '/operator/projections');
    return (
      Array.isArray(now.items) &&
      now.items.every(({ state, generation, lag }) => state === 'live' && generation === 2 && lag.events === 0)
    );
  });
  for (const [name, [before, after]] of generationsIn(restored)) expect(after?.rows, name).toEqual(before?.rows);
  expect((await clientOf(system).ok('GET', '/products')).items).toHaveLength(3);
  await system.dispose();
}, 300_000);
