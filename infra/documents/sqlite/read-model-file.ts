import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { atomically } from '../../sqlite/atomically.ts';
import { type TransactionGroup, transactionGroup } from '../../sqlite/transaction-group.ts';
import type { DocumentPut, StoredDocument } from '../sink.port.ts';

/** The one connection to the read-model file; everything on it is synchronous, so what one call does is seen whole. */
export type ReadModelFile = {
  /** The statement for `sql`, prepared once. */
  prepare(sql: string): StatementSync;
  exec(sql: string): void;
  /**
   * Writes the file anew and cuts the write-ahead log to nothing: what was removed or written over is in neither any more. SQLite's
   * `secure_delete` would leave copies of cells in the gaps of pages that were split or merged. Holds the thread for some ten
   * milliseconds a megabyte. @throws Error when a reader keeps the write-ahead log
   */
  rewrite(): void;
  /** Runs `work` in one transaction; rolled back when it throws. Not nested. */
  atomically<T>(work: () => T): T;
  /** Transactions that the batches of several projections share. */
  readonly group: TransactionGroup;
  close(): void;
};

/** How the data of one generation lies in the file. `key` numbers the generation's tables and is never used twice. */
export type GenerationTables = {
  create(key: number, indexes: readonly (readonly string[])[]): void;
  drop(key: number): void;
  load(key: number, ids: readonly string[]): ReadonlyMap<string, StoredDocument>;
  /** Inside the transaction that moves the checkpoint. */
  write(key: number, puts: readonly DocumentPut[], removes: readonly string[]): void;
  /** After that transaction: what memory holds of the tables follows them. */
  committed?(key: number): void;
  /** Instead of it: the transaction was rolled back. */
  rolledBack?(key: number): void;
};

/** Prepared statements kept; beyond, all are let go (queries of changing shape must not grow the heap for ever). */
const statementsKept = 1000;

const registry = `
  CREATE TABLE IF NOT EXISTS generations (
    key INTEGER PRIMARY KEY AUTOINCREMENT, projection TEXT NOT NULL, generation INTEGER NOT NULL, version INTEGER NOT NULL,
    kind TEXT NOT NULL, state TEXT NOT NULL, checkpoint INTEGER, born_at INTEGER, UNIQUE (projection, generation)
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS one_live ON generations (projection) WHERE state = 'live';
  CREATE TABLE IF NOT EXISTS dead_letters (
    id TEXT PRIMARY KEY, projection TEXT NOT NULL, generation INTEGER NOT NULL, position INTEGER NOT NULL, stream TEXT NOT NULL,
    revision INTEGER NOT NULL, event_id TEXT NOT NULL, event_type TEXT NOT NULL, document_id TEXT, reason TEXT NOT NULL,
    parked_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS dead_letters_in_order ON dead_letters (position, id);
  CREATE INDEX IF NOT EXISTS dead_letters_of ON dead_letters (projection, generation, position, id);
`;

/**
 * Opens or creates the file (`:memory:` for none). WAL and `synchronous=NORMAL`: a power cut may lose the last
 * transactions, never a part of one; the checkpoint is lost with them, so they are made again from the log. Where it is not
 * `durable`, it survives the end of the process only.
 */
export const openReadModelFile = (file: string, durable = true): ReadModelFile => {
  // All integers are read as BigInt: after a delete from a contentless FTS5 table the last insert rowid is a tombstone's, beyond
  // 2^53, and `run()` of whatever statement comes next would throw on it otherwise.
  const db = new DatabaseSync(file, { readBigInts: true });
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8192; PRAGMA busy_timeout = 5000; PRAGMA wal_autocheckpoint = 4000;',
  );
  if (!durable) db.exec('PRAGMA synchronous = OFF');
  db.exec(registry);
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    if (statements.size >= statementsKept) statements.clear();
    const statement = db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const group = transactionGroup(db);
  return {
    prepare,
    group,
    exec: (sql) => db.exec(sql),
    rewrite: () => {
      db.exec('VACUUM');
      const row = prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      if (Number(row?.busy) !== 0) throw new Error('the write-ahead log of the read models is in use');
    },
    atomically: (work) => atomically(db, work),
    close: () => {
      group.flush();
      statements.clear();
      db.close();
    },
  };
};
