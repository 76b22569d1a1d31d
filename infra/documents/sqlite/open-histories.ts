import { DatabaseSync } from 'node:sqlite';
import type { DocumentHistories } from '../history.port.ts';
import { historyTable } from './history-tables.ts';
import type { ReadModelFiles } from './open-read-models.ts';
import { asNumber, asPosition, asText } from './sql-values.ts';

const busyTimeoutMs = 5000;

type Opened = DocumentHistories & { readonly close: () => void };

/**
 * The histories in files of read models that somebody else writes. Each question is one short look at one state of a file: a
 * generation that is dropped or switched to meanwhile does not come in between, and an erasure waits for no reader.
 * @throws Error when there is no such file
 */
export const openSqliteHistories = ({ file, personal }: ReadModelFiles): Opened => {
  const main = openFile(file);
  if (personal === undefined) return main;
  const own = openFile(personal.file);
  return {
    find: (projection, ...question) =>
      (personal.projections.includes(projection) ? own : main).find(projection, ...question),
    close: () => {
      own.close();
      main.close();
    },
  };
};

const openFile = (file: string): Opened => {
  const db = new DatabaseSync(file, { readOnly: true, readBigInts: true, timeout: busyTimeoutMs });
  const furthest = db.prepare(`
    SELECT key, generation, cast(checkpoint AS TEXT) checkpoint FROM generations
    WHERE projection = ? AND version = ? AND state <> 'dropped'
      AND EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '${historyTable(0).slice(0, -1)}' || key)
    ORDER BY generations.checkpoint DESC, state = 'live' DESC LIMIT 1`);
  const waiting = db.prepare(
    'SELECT DISTINCT stream, document_id FROM dead_letters WHERE projection = ? AND generation = ?',
  );
  return {
    find: async (projection, version, documentId, before) => {
      db.exec('BEGIN');
      try {
        const found = furthest.get(projection, version);
        if (found === undefined) return undefined;
        const rows = db
          .prepare(
            `SELECT position FROM ${historyTable(asNumber(found.key))} WHERE document = ? AND position < ? ORDER BY position`,
          )
          .all(documentId, before);
        const generation = asNumber(found.generation);
        const letters = waiting.all(projection, BigInt(generation));
        return {
          generation: { projection, generation },
          checkpoint: asPosition(found.checkpoint),
          positions: rows.map(({ position }) => {
            if (typeof position !== 'bigint') throw new Error(`expected a position in the history of ${documentId}`);
            return position;
          }),
          waiting: {
            streams: letters.filter((each) => each.document_id === null).map((each) => asText(each.stream)),
            documents: letters.flatMap(({ document_id: id }) => (id === null ? [] : [asText(id)])),
          },
        };
      } finally {
        db.exec('COMMIT');
      }
    },
    close: () => db.close(),
  };
};
