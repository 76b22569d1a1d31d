import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { EventFilter, StoredEvent } from '../port.ts';
import { blob, integer, text, uuidText } from './columns.ts';
import type { Kinds } from './kinds.ts';
import type { StreamRow } from './streams.ts';

/** A page ends early after so many bytes of data and metadata: a thousand large events are not held at once. */
const largestPage = 4 * 1024 * 1024;
/** More kinds than this are scanned for: a merge of so many index ranges costs more than it saves. */
const mostMergedKinds = 64;
/** How many positions a scan looks at in one page, so that a filter that matches little does not hold the event loop. */
const scanWindow = 20_000;

export type LogPage = {
  readonly events: readonly StoredEvent[];
  /** Everything up to here was looked at; -1 while the log is empty. */
  readonly upTo: number;
  /** Nothing is left behind this page. */
  readonly atHead: boolean;
};
export type StreamPage = { readonly events: readonly StoredEvent[]; readonly more: boolean };

export type Pages = {
  /** Position of the last event, -1 while there is none. */
  head(): number;
  /** The next events after a position (-1: from the beginning) that the filter lets through, `limit` at most. */
  log(after: number, limit: number, filter: EventFilter | undefined): LogPage;
  /** Events of one stream from a revision on, up or down, what is truncated left out. */
  stream(row: StreamRow, from: number, limit: number, backwards: boolean): StreamPage;
};

// LIMIT +?: SQLite looks into a bare `LIMIT ?` when it plans, and so plans anew each time it is bound, which takes longer than
// reading a page of few events.

const fields = 'e.position, s.name, e.revision, lower(hex(e.id)), e.kind, e.recorded_at, e.data, e.metadata';
const joined = `SELECT ${fields} FROM event e JOIN stream s ON s.id = e.stream`;

/** The first positions of each kind, merged in order by SQLite as it goes: ?1 after, ?2 limit, ?3… the kinds. */
const mergeOf = (kinds: number): string => {
  const legs = Array.from(
    { length: kinds },
    (_, i) => `SELECT position FROM event WHERE kind = ?${i + 3} AND position > ?1`,
  );
  const merged = `${legs.join(' UNION ALL ')} ORDER BY position LIMIT +?2`;
  return `${joined} WHERE e.position IN (SELECT position FROM (${merged})) ORDER BY e.position`;
};

/** Reads pages; all of a page is read in one go, so no commit of this process falls into it. */
export const openPages = (database: DatabaseSync, kinds: Kinds): Pages => {
  // Rows as arrays cost least to read.
  const prepare = (sql: string): StatementSync => database.prepare(sql, { returnArrays: true });
  const last = database.prepare('SELECT coalesce(max(position), -1) AS head FROM event');
  const everything = prepare(`${joined} WHERE e.position > ? ORDER BY e.position LIMIT +?`);
  // The plus keeps SQLite from collecting by kind and sorting: it walks along the positions.
  const scan = prepare(
    `${joined} WHERE e.position > ? AND e.position <= ? AND +e.kind IN (SELECT value FROM json_each(?)) ORDER BY e.position LIMIT +?`,
  );
  const forwards = prepare(
    `${joined} WHERE e.stream = ? AND e.revision >= ? AND e.revision >= ? ORDER BY e.revision LIMIT +?`,
  );
  const backwards = prepare(
    `${joined} WHERE e.stream = ? AND e.revision <= ? AND e.revision >= ? ORDER BY e.revision DESC LIMIT +?`,
  );
  const merges = new Map<number, StatementSync>();

  const merge = (count: number): StatementSync => {
    const statement = merges.get(count) ?? prepare(mergeOf(count));
    merges.set(count, statement);
    return statement;
  };

  const eventOf = (row: readonly unknown[]): StoredEvent => ({
    position: BigInt(integer(row[0])),
    stream: text(row[1]),
    revision: BigInt(integer(row[2])),
    id: uuidText(text(row[3])),
    type: kinds.typeOf(integer(row[4])),
    recordedAt: integer(row[5]),
    data: blob(row[6]),
    metadata: blob(row[7]),
  });

  /** `more`: ended by the limit or by size, so there may be another one behind. */
  const take = (statement: StatementSync, limit: number, values: readonly SQLInputValue[]): StreamPage => {
    const rows: Iterable<unknown> = statement.iterate(...values);
    const events: StoredEvent[] = [];
    let bytes = 0;
    for (const row of rows) {
      const event = eventOf(row as readonly unknown[]);
      events.push(event);
      bytes += event.data.byteLength + event.metadata.byteLength;
      if (bytes >= largestPage) return { events, more: true };
    }
    return { events, more: events.length >= limit };
  };

  const head = (): number => integer(last.get()?.head);

  const logPage = (page: StreamPage, lookedAt: number, end: number): LogPage => {
    const lastEvent = page.events.at(-1);
    const upTo = page.more && lastEvent !== undefined ? Number(lastEvent.position) : lookedAt;
    return { events: page.events, upTo, atHead: upTo >= end };
  };

  return {
    head,
    log: (after, limit, filter) => {
      const end = head();
      if (after >= end) return { events: [], upTo: after, atHead: true };
      const wanted = kinds.matching(filter);
      if (wanted === 'all') return logPage(take(everything, limit, [after, limit]), end, end);
      if (wanted.length === 0) return { events: [], upTo: end, atHead: true };
      if (wanted.length <= mostMergedKinds) {
        return logPage(take(merge(wanted.length), limit, [after, limit, ...wanted]), end, end);
      }
      const until = Math.min(end, after + scanWindow);
      return logPage(take(scan, limit, [after, until, JSON.stringify(wanted), limit]), until, end);
    },
    stream: (row, from, limit, down) =>
      take(down ? backwards : forwards, limit, [row.id, from, row.truncateBefore, limit]),
  };
};
