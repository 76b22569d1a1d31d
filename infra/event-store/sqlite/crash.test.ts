import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { manualClock } from '../../clock/manual-clock.ts';
import { all } from '../contract-kit.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';

/** Runs the writer until it has acknowledged `appends`, kills it, and returns the last revision acknowledged of each stream. */
const writeAndKill = async (file: string, appends: number): Promise<ReadonlyMap<string, bigint>> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-writer.ts'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const acknowledged = new Map<string, bigint>();
  let count = 0;
  for await (const line of createInterface(child.stdout)) {
    const [stream, revision] = line.split(' ');
    // The last line may be cut off by the kill; a revision that is shorter than it was claims less, never more.
    if (stream === undefined || revision === undefined || revision === '') continue;
    acknowledged.set(stream, BigInt(revision));
    count += 1;
    if (count === appends) child.kill('SIGKILL');
  }
  expect((await exited)[1]).toBe('SIGKILL');
  return acknowledged;
};

it.each([1, 9, 40, 123, 400])(
  'kill -9 after %i acknowledged appends leaves these, whole batches, and no gaps',
  async (appends) => {
    const path = await mkdtemp(join(tmpdir(), 'event-store-crash-'));
    const file = join(path, 'log.db');
    const acknowledged = await writeAndKill(file, appends);
    const store = openSqliteEventStore({ file, clock: manualClock(0) });
    const log = await all(store.readAll());
    for (const stream of new Set(log.map((event) => event.stream))) {
      const events = log.filter((event) => event.stream === stream);
      expect(events.length % 3).toBe(0);
      expect(events.map((event) => event.revision)).toEqual(events.map((_, i) => BigInt(i)));
      const written = events.map((event) => JSON.parse(Buffer.from(event.data).toString()));
      expect(written).toEqual(events.map((_, i) => ({ batch: Math.floor(i / 3), index: i % 3 })));
    }
    expect(acknowledged.size).toBeGreaterThan(0);
    for (const [stream, revision] of acknowledged) {
      const last = log.findLast((event) => event.stream === stream)?.revision ?? -1n;
      expect(last).toBeGreaterThanOrEqual(revision);
    }
    await store.close();
    await rm(path, { recursive: true });
  },
);
