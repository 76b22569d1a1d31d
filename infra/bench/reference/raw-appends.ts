import { DatabaseSync } from 'node:sqlite';
import type { NewEvent } from '../../event-store/port.ts';

export type RawAppends = {
  /** One transaction with one insert for each of these, on the disk when it returns. */
  append(events: readonly NewEvent[]): void;
  close(): void;
};

/** What SQLite itself does with the same bytes: one table, the two keys that any log has, prepared statement, WAL, FULL. */
export const openRawAppends = (file: string): RawAppends => {
  const db = new DatabaseSync(file);
  db.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE event (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER NOT NULL, id TEXT NOT NULL,
      type TEXT NOT NULL, data BLOB NOT NULL, metadata BLOB NOT NULL, UNIQUE (stream, revision)) STRICT`);
  const insert = db.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)');
  let position = 0;
  return {
    append: (events) => {
      db.exec('BEGIN IMMEDIATE');
      for (const [writer, { id, type, data, metadata }] of events.entries())
        insert.run(++position, `cart-${writer}`, position, id, type, data, metadata);
      db.exec('COMMIT');
    },
    close: () => db.close(),
  };
};
