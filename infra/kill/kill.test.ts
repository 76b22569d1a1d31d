import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runKills } from './run.ts';

/** The short form of `npm run test:kill`, on a seed of its own. */
it('the process, killed eight times under load, loses nothing it acknowledged and does nothing twice', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'autopilot-kill-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const moments: string[] = [];
  const { acknowledged, events } = await runKills({
    ...{ dir, kills: 8, seed: 6, size: 5, every: 8 },
    onKill: ({ strike }) => moments.push(strike.during),
  });
  expect(moments).toHaveLength(8);
  expect(acknowledged).toBeGreaterThan(0);
  expect(events).toBeGreaterThan(acknowledged);
}, 600_000);
