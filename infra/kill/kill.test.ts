import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runKills } from './run.ts';

/** The short form of `npm run test:kill`, on a seed that strikes at every kind of moment. */
it('the process, killed at six moments under load, loses nothing it acknowledged and does nothing twice', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'autopilot-kill-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const moments: string[] = [];
  const { acknowledged, events } = await runKills({
    ...{ dir, kills: 6, seed: 7_228, size: 4, every: 6 },
    onKill: ({ strike }) => moments.push(`${strike.signal} ${strike.during}`),
  });
  expect(moments).toEqual([
    'SIGKILL load',
    'SIGKILL start-up',
    'SIGKILL import',
    'SIGKILL rebuild',
    'SIGKILL month end',
    'SIGTERM rebuild',
  ]);
  expect(acknowledged).toBeGreaterThan(0);
  expect(events).toBeGreaterThan(acknowledged);
}, 900_000);
