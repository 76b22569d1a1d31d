import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { idFrom } from '../../write-side/handling/ids.ts';
import { systemClock } from '../clock/system-clock.ts';
import { openSqliteEventStore } from '../event-store/sqlite/sqlite-event-store.ts';
import type { Door } from '../local/test-door.ts';
import { witness } from './witness.ts';

const dir = mkdtempSync(join(tmpdir(), 'autopilot-witness-'));
await openSqliteEventStore({ file: join(dir, 'log.sqlite'), clock: systemClock() }).close();
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const line = (position: number, stream: string, revision: number, id = `${stream}-${revision}`, commandId = 'c') => ({
  ...{ position: String(position), revision: String(revision), stream, id },
  ...{ type: 'Happened', metadata: { commandId } },
});
/** A system whose log has these lines. */
const logOf = (...lines: readonly ReturnType<typeof line>[]): Door => ({
  pause: async () => undefined,
  send: async ({ url }) => {
    if (url.endsWith('/auth/login')) return { status: 200, text: '{"accessToken":"t"}', headers: {} };
    const from = Number(url.split('minPosition=')[1]);
    const shown = lines.filter(({ position }) => Number(position) >= from);
    return { status: 200, text: shown.map((each) => `${JSON.stringify(each)}\n`).join(''), headers: {} };
  },
});

it('holds an acknowledged command against the log', async () => {
  const log = witness(dir);
  await log.readOn(logOf(line(0, 'order-a', 0), line(3, 'order-a', 1)));
  log.hold({ stream: 'order-a', revision: '1', position: '3' }, 'k');
  expect(log.idsOf('order')).toEqual(['a']);
  for (const lost of [
    { stream: 'order-a', revision: '2', position: '4' },
    { stream: 'order-a', revision: '0', position: '3' },
    { stream: 'order-b', revision: '1', position: '3' },
  ])
    expect(() => log.hold(lost, 'k')).toThrow('k was acknowledged');
});

it('takes a second decision for one without effect only while the log has nothing of the command', async () => {
  const token = `h.${Buffer.from(JSON.stringify({ sub: 'account' })).toString('base64url')}.s`;
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': 'k' };
  const reply = { status: 200, text: '{"stream":"a-1","revision":"0","position":"0"}', headers: {} };
  const command = { request: { method: 'POST', url: '/', headers }, reply, decidedAgain: [reply] } as const;
  const log = witness(dir);
  await log.readOn(logOf(line(0, 'a-1', 0)));
  log.holdWithoutEffect({ ...command, decidedAgain: [...command.decidedAgain] });
  await log.readOn(logOf(line(0, 'a-1', 0), line(1, 'a-1', 1, 'e', idFrom('idempotency', 'account', 'k'))));
  expect(() => log.holdWithoutEffect({ ...command, decidedAgain: [...command.decidedAgain] })).toThrow('decided again');
  log.holdWithoutEffect({ ...command, decidedAgain: [] });
});

it('sees a gap in a stream, and an event that is there twice', async () => {
  await expect(witness(dir).readOn(logOf(line(0, 'a-1', 0), line(1, 'a-1', 2)))).rejects.toThrow('revision of a-1');
  await expect(witness(dir).readOn(logOf(line(0, 'a-1', 0), line(1, 'b-1', 0, 'a-1-0')))).rejects.toThrow('twice');
});

it('sees that what it read before is gone or is another thing now', async () => {
  const log = witness(dir);
  await log.readOn(logOf(line(0, 'a-1', 0), line(1, 'a-1', 1)));
  await log.readAgain(logOf(line(0, 'a-1', 0), line(1, 'a-1', 1), line(2, 'a-1', 2)));
  await expect(log.readAgain(logOf(line(0, 'a-1', 0), line(1, 'a-1', 1)))).rejects.toThrow('events in the log');
  const other = [line(0, 'a-1', 0), line(1, 'b-1', 0), line(2, 'a-1', 2)];
  await expect(log.readAgain(logOf(...other))).rejects.toThrow('what the log has at 1');
});
