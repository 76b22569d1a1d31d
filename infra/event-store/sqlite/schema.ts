import type { DatabaseSync } from 'node:sqlite';

/** Version of the tables below, kept in `PRAGMA user_version`. */
export const schemaVersion = 1;

/**
 * Fit to serve EventStoreDB's protocol later: bytes in, bytes out; ids repeat; positions may have gaps (only their order
 * counts); a stream can be truncated, soft-deleted (state 1: hidden until written again, revisions go on) and tombstoned
 * (state 2: for good).
 * - `kind` is the dictionary of (category, type) pairs: one small integer an event, and one index that serves filters by
 *   category, by type and by both. A row's position is its rowid, so `event_by_kind` is ordered by position within a kind.
 * - `last_revision` is -1 while the stream was never written to (it may have metadata or a tombstone).
 * - `recorded_at` is in milliseconds since the Unix epoch.
 * - `is_json` is the protocol's content type; what comes through the port is JSON by the product's convention.
 */
const tables = `
  CREATE TABLE kind (
    id INTEGER PRIMARY KEY,
    category TEXT NOT NULL,
    type TEXT NOT NULL,
    UNIQUE (category, type)
  ) STRICT;
  CREATE TABLE stream (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    last_revision INTEGER NOT NULL DEFAULT -1,
    truncate_before INTEGER NOT NULL DEFAULT 0,
    state INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),
    metadata BLOB
  ) STRICT;
  CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES stream (id),
    revision INTEGER NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind INTEGER NOT NULL REFERENCES kind (id),
    is_json INTEGER NOT NULL DEFAULT 1,
    recorded_at INTEGER NOT NULL,
    data BLOB NOT NULL,
    metadata BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX event_by_stream ON event (stream, revision);
  CREATE INDEX event_by_kind ON event (kind);
`;

/**
 * `durable`: every commit is on the disk before it returns (`synchronous=FULL`); `fast`: it survives the end of the process but
 * not of the machine.
 */
export type Connection = 'durable' | 'fast' | 'readOnly';

/**
 * Sets the durability of the connection and creates the tables in an empty file; one that only reads changes nothing.
 * @throws Error when the file was written by a newer release
 */
export const prepareSchema = (database: DatabaseSync, file: string, connection: Connection): void => {
  const found = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (found > schemaVersion) {
    throw new Error(
      `event store ${file}: its schema is version ${found}, this release knows ${schemaVersion}; start a newer release`,
    );
  }
  // 8 MiB of pages; what falls out lies in the operating system's cache, 3 µs a read further away. More is never given back.
  database.exec('PRAGMA cache_size = -8192');
  if (connection === 'readOnly') return;
  const durable = connection === 'durable';
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}`);
  // macOS only: without it fsync stops at the drive's cache.
  if (durable) database.exec('PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON');
  if (found < 1) database.exec(`BEGIN IMMEDIATE; ${tables} PRAGMA user_version = ${schemaVersion}; COMMIT`);
};
