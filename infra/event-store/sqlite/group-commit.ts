import type { DatabaseSync } from 'node:sqlite';
import { type Appended, type StoredEvent, StoreUnavailable, StreamDeleted, WrongExpectedRevision } from '../port.ts';
import type { Append } from './write.ts';

/** Runs `callback` once, later: in another turn of the event loop (or what a simulation makes of it). */
export type Turn = (callback: () => void) => void;

/** A group ends at the first of these, so that one transaction cannot hold the event loop long. */
const largestGroup = { appends: 512, events: 2048, bytes: 4 * 1024 * 1024 };

type Pending = {
  readonly append: Append;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
};

const bytesOf = ({ events }: Append): number => {
  let bytes = 0;
  for (const event of events) bytes += event.data.byteLength + event.metadata.byteLength;
  return bytes;
};

export type GroupCommit = {
  /** Joins the next group; settles after its commit. */
  add(append: Append): Promise<Appended>;
  /** Writes all that waits, now. */
  flush(): void;
};

/**
 * Appends that arrive in one turn of the event loop are written one after another, in the order of the calls, in one
 * transaction: one fsync for all of them. Each settles by itself after the commit: a refusal of one does not touch the
 * others. When the transaction fails (disk full, I/O error) it is rolled back and all of its appends reject with
 * StoreUnavailable; the next group starts afresh.
 * @param write checks and writes one append; throws WrongExpectedRevision or StreamDeleted before it wrote anything
 * @param turn when a group is closed. `setImmediate` is right for a server: it runs after the callbacks of all sockets that
 *   were readable, so a group holds what all of them asked; a microtask would run after the first of them.
 * @param hooks `committed` with what was written, after the appends of a group that wrote something are settled, `rolledBack` after a failure
 */
export const groupCommit = (
  database: DatabaseSync,
  write: (append: Append) => { readonly appended: Appended; readonly written: readonly StoredEvent[] },
  turn: Turn,
  hooks: { readonly committed: (written: readonly StoredEvent[]) => void; readonly rolledBack: () => void },
): GroupCommit => {
  let waiting: Pending[] = [];
  let scheduled = false;

  const takeGroup = (): readonly Pending[] => {
    let taken = 0;
    let events = 0;
    let bytes = 0;
    for (const { append } of waiting) {
      events += append.events.length;
      bytes += bytesOf(append);
      const full = taken >= largestGroup.appends || events > largestGroup.events || bytes > largestGroup.bytes;
      if (full && taken > 0) break;
      taken += 1;
    }
    const group = waiting.slice(0, taken);
    waiting = waiting.slice(taken);
    return group;
  };

  /** Takes the failed transaction back; returns why that failed too, if it did (the next group tries it again). */
  const rollBack = (): unknown => {
    try {
      if (database.isTransaction) database.exec('ROLLBACK');
      hooks.rolledBack();
      return undefined;
    } catch (error) {
      return error;
    }
  };

  const commitGroup = (group: readonly Pending[]): void => {
    const settle: (() => void)[] = [];
    const all: StoredEvent[] = [];
    try {
      if (database.isTransaction) database.exec('ROLLBACK');
      database.exec('BEGIN IMMEDIATE');
      for (const { append, resolve, reject } of group) {
        try {
          const { appended, written } = write(append);
          all.push(...written);
          settle.push(() => resolve(appended));
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision || error instanceof StreamDeleted)) throw error;
          settle.push(() => reject(error));
        }
      }
      database.exec('COMMIT');
    } catch (error) {
      const second = rollBack();
      const cause = second === undefined ? error : new AggregateError([error, second]);
      const reason = error instanceof Error ? error.message : String(error);
      for (const { append, reject } of group) {
        reject(new StoreUnavailable(`append to ${append.stream}: ${reason}`, { cause }));
      }
      return;
    }
    for (const one of settle) one();
    if (all.length > 0) hooks.committed(all);
  };

  const onTurn = (): void => {
    scheduled = false;
    // `flush` may have written all of them meanwhile.
    if (waiting.length > 0) commitGroup(takeGroup());
    schedule();
  };
  const schedule = (): void => {
    if (scheduled || waiting.length === 0) return;
    scheduled = true;
    turn(onTurn);
  };

  return {
    add: (append) =>
      new Promise((resolve, reject) => {
        waiting.push({ append, resolve, reject });
        schedule();
      }),
    flush: () => {
      while (waiting.length > 0) commitGroup(takeGroup());
    },
  };
};
