import type { SQLOutputValue } from 'node:sqlite';
import type { DeadLetter, DeadLetterQuery, GenerationRef } from '../sink.port.ts';
import type { ReadModelFile } from './read-model-file.ts';
import { asNumber, asText } from './sql-values.ts';

const read = (row: Record<string, SQLOutputValue>): DeadLetter => ({
  id: asText(row.id),
  projection: asText(row.projection),
  generation: asNumber(row.generation),
  position: BigInt(asText(row.at)),
  stream: asText(row.stream),
  revision: BigInt(asText(row.revision_text)),
  eventId: asText(row.event_id),
  eventType: asText(row.event_type),
  documentId: row.document_id === null ? null : asText(row.document_id),
  reason: asText(row.reason),
  parkedAt: asNumber(row.parked_at),
});

/** The dead letters of the file; its writes belong into a transaction of the caller's. */
export const deadLetterTable = (file: ReadModelFile) => ({
  add: (letters: readonly DeadLetter[]): void => {
    const insert = file.prepare('INSERT OR IGNORE INTO dead_letters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    for (const letter of letters)
      insert.run(
        letter.id,
        letter.projection,
        letter.generation,
        letter.position,
        letter.stream,
        letter.revision,
        letter.eventId,
        letter.eventType,
        letter.documentId,
        letter.reason,
        letter.parkedAt,
      );
  },
  list: (query: DeadLetterQuery): readonly DeadLetter[] =>
    file
      .prepare(
        `SELECT *, cast(position AS TEXT) at, cast(revision AS TEXT) revision_text FROM dead_letters
         WHERE (?1 IS NULL OR projection = ?1) AND (?2 IS NULL OR generation = ?2) AND (?3 IS NULL OR (position, id) > (?3, ?4))
         AND (?6 IS NULL OR id = ?6) AND (?7 IS NULL OR document_id = ?7) AND (?8 IS NULL OR stream = ?8)
         ORDER BY position, id LIMIT ?5`,
      )
      .all(
        query.projection ?? null,
        query.generation ?? null,
        query.after?.position ?? null,
        query.after?.id ?? null,
        BigInt(query.limit),
        query.id ?? null,
        query.documentId ?? null,
        query.stream ?? null,
      )
      .map(read),
  parked: (ref: GenerationRef) => {
    const rows = file
      .prepare('SELECT DISTINCT stream, document_id FROM dead_letters WHERE projection = ? AND generation = ?')
      .all(ref.projection, ref.generation);
    return {
      streams: [...new Set(rows.filter((row) => row.document_id === null).map((row) => asText(row.stream)))],
      documents: [...new Set(rows.filter((row) => row.document_id !== null).map((row) => asText(row.document_id)))],
    };
  },
  remove: (ids: readonly string[]): void => {
    if (ids.length === 0) return;
    file.prepare('DELETE FROM dead_letters WHERE id IN (SELECT value FROM json_each(?))').run(JSON.stringify(ids));
  },
  removeAllOf: (ref: GenerationRef): void => {
    file
      .prepare('DELETE FROM dead_letters WHERE projection = ? AND generation = ?')
      .run(ref.projection, ref.generation);
  },
});
