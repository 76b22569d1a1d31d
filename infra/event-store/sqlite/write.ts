import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock/port.ts';
import {
  type Appended,
  categoryOf,
  type ExpectedRevision,
  type NewEvent,
  type StoredEvent,
  StreamDeleted,
  WrongExpectedRevision,
} from '../port.ts';
import { integer, isUuid, text, uuidBytes, uuidText } from './columns.ts';
import type { Kinds } from './kinds.ts';
import type { StreamRow, Streams } from './streams.ts';

export type Append = {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
};

/** What a caller must never send: found before the append joins a group, so that the others are not failed by it. */
export const assertAppend = ({ stream, expected, events }: Append): void => {
  if (stream === '') throw new TypeError('append: empty stream name');
  if (expected !== 'no_stream' && expected < 0n) throw new RangeError(`append: expected revision ${expected}`);
  if (events.length === 0) throw new TypeError(`append to ${stream}: no events`);
  for (const event of events) {
    if (!isUuid(event.id)) throw new TypeError(`append to ${stream}: event id ${event.id} is not a lower-case UUID`);
    if (event.type === '') throw new TypeError(`append to ${stream}: empty event type`);
    if (!(event.data instanceof Uint8Array && event.metadata instanceof Uint8Array)) {
      throw new TypeError(`append to ${stream}: data and metadata must be bytes`);
    }
  }
};

/**
 * Checks and writes one append inside a transaction; everything is checked before the first row is written, so a refusal
 * leaves the transaction as it was.
 * @returns what is answered, and what was written (nothing for a retry)
 * @throws WrongExpectedRevision
 * @throws StreamDeleted
 */
export const openWriter = (database: DatabaseSync, clock: Clock, kinds: Kinds, streams: Streams) => {
  const head = database.prepare('SELECT coalesce(max(position), -1) AS head FROM event');
  const slots = database.prepare(
    'SELECT position, lower(hex(id)) AS id FROM event WHERE stream = ? AND revision > ? ORDER BY revision LIMIT ?',
  );
  const insert = database.prepare(
    'INSERT INTO event (position, stream, revision, id, kind, recorded_at, data, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );

  /** How many of the events, from the first on, stand in the slots after `expected`; and where the last of these is. */
  const alreadyWritten = (row: StreamRow, expected: number, events: readonly NewEvent[]) => {
    let equal = 0;
    let position = -1;
    for (const slot of slots.all(row.id, expected, events.length)) {
      if (uuidText(text(slot.id)) !== events[equal]?.id) break;
      equal += 1;
      position = integer(slot.position);
    }
    return { equal, position };
  };

  return ({
    stream,
    expected,
    events,
  }: Append): { readonly appended: Appended; readonly written: readonly StoredEvent[] } => {
    // 1. Is the stream where the caller thinks it is?
    const row = streams.find(stream);
    if (row?.state === 'tombstoned') throw new StreamDeleted(stream);
    const last = row?.lastRevision ?? -1;
    const after = expected === 'no_stream' ? -1 : Number(expected);
    const conflict = () => new WrongExpectedRevision(stream, expected, last < 0 ? 'no_stream' : BigInt(last));
    if (after > last) throw conflict();

    // 2. Below the last revision it is a retry or a conflict; at it, ids are not looked at (EVENTSTOREDB.md 2.1-2.3).
    if (row !== undefined && after < last) {
      const { equal, position } = alreadyWritten(row, after, events);
      if (equal === events.length) {
        return { appended: { revision: BigInt(after + equal), position: BigInt(position) }, written: [] };
      }
      const again = row.state === 'softDeleted' && expected === 'no_stream' && equal === 0;
      if (!again) throw conflict();
    }

    // 3. Write. A soft-deleted stream goes on counting, and shows only what comes from here on.
    const id = row?.id ?? streams.create(stream, last + events.length);
    const category = categoryOf(stream);
    const recordedAt = Math.floor(clock.now());
    let position = integer(head.get()?.head);
    let revision = last;
    const written: StoredEvent[] = [];
    for (const event of events) {
      position += 1;
      revision += 1;
      const kind = kinds.idOf(category, event.type);
      insert.run(position, id, revision, uuidBytes(event.id), kind, recordedAt, event.data, event.metadata);
      const { id: eventId, type, data, metadata } = event;
      const place = { position: BigInt(position), stream, revision: BigInt(revision) };
      written.push({ ...place, id: eventId, type, recordedAt, data, metadata });
    }
    if (row !== undefined) streams.written(id, revision, row.state === 'softDeleted' ? last + 1 : row.truncateBefore);
    return { appended: { revision: BigInt(revision), position: BigInt(position) }, written };
  };
};
