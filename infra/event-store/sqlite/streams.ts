import type { DatabaseSync } from 'node:sqlite';
import { integer } from './columns.ts';

export type StreamState = 'alive' | 'softDeleted' | 'tombstoned';

export type StreamRow = {
  readonly id: number;
  /** -1 while nothing was ever written. */
  readonly lastRevision: number;
  /** Events below this revision are hidden from reads of the stream. */
  readonly truncateBefore: number;
  readonly state: StreamState;
};

export type Streams = {
  find(name: string): StreamRow | undefined;
  /** Makes the stream with what is written to it, and gives its id; inside a transaction. */
  create(name: string, lastRevision: number): number;
  /** Records what was written, and brings a soft-deleted stream back from `truncateBefore` on; inside a transaction. */
  written(id: number, lastRevision: number, truncateBefore: number): void;
};

const stateOf = (mark: number): StreamState => (mark === 0 ? 'alive' : mark === 1 ? 'softDeleted' : 'tombstoned');

/** The rows of `stream`. */
export const openStreams = (database: DatabaseSync): Streams => {
  const select = database.prepare('SELECT id, last_revision, truncate_before, state FROM stream WHERE name = ?');
  const insert = database.prepare('INSERT INTO stream (name, last_revision) VALUES (?, ?) RETURNING id');
  const update = database.prepare('UPDATE stream SET last_revision = ?, truncate_before = ?, state = 0 WHERE id = ?');
  return {
    find: (name) => {
      const row = select.get(name);
      return (
        row && {
          id: integer(row.id),
          lastRevision: integer(row.last_revision),
          truncateBefore: integer(row.truncate_before),
          state: stateOf(integer(row.state)),
        }
      );
    },
    create: (name, lastRevision) => integer(insert.get(name, lastRevision)?.id),
    written: (id, lastRevision, truncateBefore) => {
      update.run(lastRevision, truncateBefore, id);
    },
  };
};
