import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runKills } from './run.ts';

/** The short form of `npm run test:kill`, on a seed that strikes while much is under way. Rebuilds that are cut off: infra/local/rebuild.test.ts. */
it('the process, killed at four moments under load, loses nothing it acknowledged and does nothing twice', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'autopilot-kill-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const moments: string[] = [];
  const { acknowledged, events } = await runKills({
    ...{ dir, kills: 4, seed: 6_205, size: 3, every: 4 },
    onKill: ({ strike }) => moments.push(`${strike.signal} ${strike.during}`),
  });
  expect(moments).toEqual(['SIGKILL month end', 'SIGKILL start-up', 'SIGKILL load', 'SIGKILL import']);
  expect(acknowledged).toBeGreaterThan(0);
  expect(events).toBeGreaterThan(acknowledged);
}, 900_000);
