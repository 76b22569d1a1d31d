import type { JsonObject } from '../../../domain/event/definition.ts';
import type { StoredDocument } from '../sink.port.ts';
import { fieldExpression } from './field.ts';
import type { GenerationTables, ReadModelFile } from './read-model-file.ts';
import { asText } from './sql-values.ts';

export const documentTable = (key: number): string => `documents_${key}`;

/** Stored JSON back to a value. */
export const parseDocument = (text: string): JsonObject => {
  const document: JsonObject = JSON.parse(text);
  return document;
};

/**
 * A table a generation: the document's text exactly as `JSON.stringify` gives it, the position of its last event, and
 * an expression index for each declared list of fields. `row` is the integer that other tables know a document by.
 */
export const documentTables = (file: ReadModelFile): GenerationTables => ({
  create: (key, indexes) => {
    const table = documentTable(key);
    file.exec(
      `CREATE TABLE ${table} (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, position INTEGER NOT NULL, document TEXT NOT NULL) STRICT`,
    );
    for (const [n, fields] of indexes.entries())
      file.exec(`CREATE INDEX ${table}_by_${n} ON ${table} (${[...fields.map(fieldExpression), 'id'].join(', ')})`);
  },
  drop: (key) => file.exec(`DROP TABLE ${documentTable(key)}`),
  load: (key, ids) => {
    const found = new Map<string, StoredDocument>();
    const rows = file
      .prepare(
        `SELECT id, document, cast(position AS TEXT) position FROM ${documentTable(key)} WHERE id IN (SELECT value FROM json_each(?))`,
      )
      .all(JSON.stringify(ids));
    for (const row of rows)
      found.set(asText(row.id), {
        document: parseDocument(asText(row.document)),
        position: BigInt(asText(row.position)),
      });
    return found;
  },
  write: (key, puts, removes) => {
    const table = documentTable(key);
    const put = file.prepare(
      `INSERT INTO ${table} (id, position, document) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET position = excluded.position, document = excluded.document`,
    );
    for (const { id, position, document } of puts) put.run(id, position, JSON.stringify(document));
    const remove = file.prepare(`DELETE FROM ${table} WHERE id = ?`);
    for (const id of removes) remove.run(id);
  },
});
