import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { manualClock } from '../../clock/manual-clock.ts';
import type { EventStore, NewEvent, StoredEvent } from '../port.ts';
import { openRecent } from './recent.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';

const idAt = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const bytes = (size: number): Uint8Array => new Uint8Array(size);
const at = (n: number, size = 10): StoredEvent => ({
  ...{ position: BigInt(n), stream: 'thing-1', revision: BigInt(n), recordedAt: 0 },
  ...{ id: idAt(n), type: 'Happened', data: bytes(size), metadata: bytes(0) },
});
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);
const positions = (events: readonly StoredEvent[] | undefined) => events?.map(({ position }) => Number(position));

it('gives what follows a position, up to the limit, while all of it is there', () => {
  const recent = openRecent();
  recent.add(range(5, 10).map((n) => at(n)));
  expect(positions(recent.after(4, 9, 100))).toEqual([5, 6, 7, 8, 9]);
  expect(positions(recent.after(7, 9, 1))).toEqual([8]);
  expect(recent.after(3, 9, 100)).toBeUndefined();
});

it('does not answer behind what another process wrote', () => {
  const recent = openRecent();
  recent.add([at(0), at(1)]);
  expect(recent.after(0, 2, 100)).toBeUndefined();
  recent.add([at(3)]);
  expect(recent.after(1, 3, 100)).toBeUndefined();
  expect(positions(recent.after(2, 3, 100))).toEqual([3]);
});

it('holds so many events and so many bytes', () => {
  const recent = openRecent();
  recent.add(range(0, 5000).map((n) => at(n)));
  expect(recent.after(0, 4999, 1)).toBeUndefined();
  expect(recent.after(3000, 4999, 9999)).toHaveLength(1999);
  recent.add([at(5000, 8 * 1024 * 1024)]);
  expect(recent.after(4999, 5000, 1)).toBeUndefined();
});

it('leaves nothing out for a subscriber when two processes write in turn', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'recent-'));
  const open = () => openSqliteEventStore({ file: join(folder, 'log.db'), clock: manualClock(0), durable: false });
  const one = open();
  const append = (store: EventStore, n: number) => {
    const event: NewEvent = { id: idAt(n), type: 'Happened', data: bytes(1), metadata: bytes(1) };
    return store.append(`thing-${n}`, 'no_stream', [event]);
  };
  await append(one, 0);
  const other = open();
  for (const n of range(1, 6)) await append(n % 3 === 1 ? other : one, n);
  const seen: string[] = [];
  for await (const { events } of one.subscribe({ after: 0n, signal: new AbortController().signal })) {
    seen.push(...events.map(({ id }) => id));
    if (seen.length === 5) {
      // Only commits of its own process wake it.
      await append(other, 6);
      await append(one, 7);
    }
    if (seen.length >= 7) break;
  }
  expect(seen).toEqual(range(1, 8).map(idAt));
  await Promise.all([one.close(), other.close()]);
  rmSync(folder, { recursive: true });
});
