import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` in one transaction: all of it or nothing. @throws what `work` throws, or SQLite's own errors */
export const atomically = <Result>(db: DatabaseSync, work: () => Result): Result => {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // A COMMIT that failed on a full disk may have rolled back by itself.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
};
