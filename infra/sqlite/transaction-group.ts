import type { DatabaseSync } from 'node:sqlite';

/** Runs `callback` once, later: in another turn of the event loop (or what a simulation makes of it). */
export type Turn = (callback: () => void) => void;

/** Called in the same turn as the commit or the rollback, before anybody is told. */
export type After = { readonly committed?: () => void; readonly rolledBack?: () => void };

export type TransactionGroup = {
  /**
   * Does `work` in the group's next transaction; settles after its commit. @throws what `work` throws (its own writes are taken
   * back, the others of the group stand), or SQLite's errors when the transaction as a whole fails. `size`: about how many rows it
   * writes, default 1.
   */
  run<T>(work: () => T, after?: After, size?: number): Promise<T>;
  /** Does all that waits, now. Whoever reads or writes past the group calls it first, where the order of the calls matters. */
  flush(): void;
};

type Waiting = { readonly size: number; perform(): void; committed(): void; rolledBack(error: unknown): void };

/** A group ends with the piece that makes it this large, so that one transaction does not hold the event loop long. */
const largestGroup = 8_000;

/**
 * Pieces of work that arrive in one turn of the event loop are done one after another, in the order of the calls, in one
 * transaction: one commit, and its fsyncs, for all of them. What is too much for one goes into the next turn's.
 */
export const transactionGroup = (db: DatabaseSync, turn: Turn = setImmediate): TransactionGroup => {
  let waiting: Waiting[] = [];

  /** Rolled back to here when it throws: a group has members that are refused. */
  const inSavepoint = <T>(work: () => T): T => {
    db.exec('SAVEPOINT piece');
    try {
      return work();
    } catch (error) {
      db.exec('ROLLBACK TO piece');
      throw error;
    } finally {
      db.exec('RELEASE piece');
    }
  };

  const takeGroup = (): readonly Waiting[] => {
    let size = 0;
    const end = waiting.findIndex((each) => {
      size += each.size;
      return size >= largestGroup;
    });
    const group = end < 0 ? waiting : waiting.slice(0, end + 1);
    waiting = end < 0 ? [] : waiting.slice(end + 1);
    return group;
  };

  const commitGroup = (group: readonly Waiting[]): void => {
    try {
      db.exec('BEGIN IMMEDIATE');
      for (const each of group) each.perform();
      db.exec('COMMIT');
    } catch (error) {
      // A COMMIT that failed on a full disk may have rolled back by itself; a closed file says so with the error itself.
      if (db.isOpen && db.isTransaction) db.exec('ROLLBACK');
      for (const each of group) each.rolledBack(error);
      return;
    }
    for (const each of group) each.committed();
  };

  const onTurn = (): void => {
    // `flush` may have done all of it meanwhile.
    if (waiting.length > 0) commitGroup(takeGroup());
    if (waiting.length > 0) turn(onTurn);
  };

  return {
    flush: () => {
      while (waiting.length > 0) commitGroup(takeGroup());
    },
    run: (work, after = {}, size = 1) =>
      new Promise((resolve, reject) => {
        let settle = (): void => {};
        if (waiting.length === 0) turn(onTurn);
        waiting.push({
          size,
          perform: () => {
            try {
              const result = inSavepoint(work);
              settle = () => {
                after.committed?.();
                resolve(result);
              };
            } catch (error) {
              // Without a transaction there is nothing that the others could stand in.
              if (!db.isTransaction) throw error;
              settle = () => {
                after.rolledBack?.();
                reject(error);
              };
            }
          },
          committed: () => settle(),
          rolledBack: (error) => {
            after.rolledBack?.();
            reject(error);
          },
        });
      }),
  };
};
