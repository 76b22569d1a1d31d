import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { facetTable } from '../search/sqlite/search-index.ts';
import { readModelNames } from './read-model-files.ts';

type Row = Record<string, SQLOutputValue>;
export type StoredGeneration = {
  readonly generation: number;
  readonly state: string;
  readonly checkpoint: string | null;
  /** Every row that readers could see of it, as text, in an order of its own content. */
  readonly rows: readonly string[];
};

const tableOf: Readonly<Record<string, (key: string) => string>> = {
  documents: (key) => `SELECT id, position, document FROM documents_${key} ORDER BY id`,
  // The numbers of rows are the generation's own; what they carry is not.
  search: (key) =>
    `SELECT d.id, d.position, d.document, json_array(f.category, f.kind, f.vendorId, f.price, f.rating, f.sold, f.tags) facts
     FROM documents_${key} d LEFT JOIN ${facetTable(Number(key))} f ON f.row = d.row ORDER BY d.id`,
  audit: (key) => `SELECT * FROM audit_${key} ORDER BY n`,
};

const textOf = (row: Row): string => JSON.stringify(Object.entries(row).map(([name, value]) => [name, String(value)]));

const generationsOf = (path: string): ReadonlyMap<string, readonly StoredGeneration[]> => {
  const file = new DatabaseSync(path, { readOnly: true, readBigInts: true });
  try {
    const all = file.prepare("SELECT * FROM generations WHERE state <> 'dropped' ORDER BY generation").all();
    const stored = all.map((row) => {
      const select = tableOf[String(row.kind)];
      if (select === undefined) throw new Error(`a generation of kind ${String(row.kind)}`);
      const generation: StoredGeneration = {
        generation: Number(row.generation),
        state: String(row.state),
        checkpoint: row.checkpoint === null ? null : String(row.checkpoint),
        rows: file
          .prepare(select(String(row.key)))
          .all()
          .map(textOf),
      };
      return { projection: String(row.projection), generation };
    });
    return new Map(
      [...Map.groupBy(stored, ({ projection }) => projection)].map(([name, own]) => [
        name,
        own.map(({ generation }) => generation),
      ]),
    );
  } finally {
    file.close();
  }
};

/** The generations of each projection as they lie in the files of the read models, without the dropped ones. */
export const generationsIn = (dir: string): ReadonlyMap<string, readonly StoredGeneration[]> =>
  new Map(Object.values(readModelNames).flatMap((name) => [...generationsOf(join(dir, name))]));
