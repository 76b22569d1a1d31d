import type { DocumentPut } from '../../documents/sink.port.ts';
import { documentTable, parseDocument } from '../../documents/sqlite/document-tables.ts';
import type { GenerationTables, ReadModelFile } from '../../documents/sqlite/read-model-file.ts';
import { asNumber, asText } from '../../documents/sqlite/sql-values.ts';
import { searchEntryOf } from '../entry.ts';
import type { Facts } from './columns.ts';
import { facetTable, ftsTable, instanceTable, openSearchIndex, type SearchIndex, termTable } from './search-index.ts';
import { wordsOf } from './words.ts';

const texts = ['id', 'category', 'categoryLabel', 'kind', 'vendorId', 'currency'] as const;
const numbers = ['price', 'rating', 'sold', 'publishedAt', 'length'] as const;
const columns = [...texts, ...numbers, 'tags', 'worksWith'];

type Change =
  | { readonly row: number; readonly facts: Facts; readonly text: string }
  | { readonly row: number; readonly facts: undefined };
export type SearchTables = GenerationTables & {
  /**
   * The index of a generation; its memory is filled at the first call, while others go on, and follows the commits from then on.
   * @throws SQLite's errors, also when the generation is dropped meanwhile
   */
  index(key: number): Promise<SearchIndex>;
};

/**
 * A generation of searched documents: the table of documents (`documents`), the words of title and description in a
 * contentless FTS5 table, and the facts for facets and sorting in a narrow one; all know an entry by the document's row.
 * Only listed entries are in the latter two.
 */
export const searchTables = (file: ReadModelFile, documents: GenerationTables): SearchTables => {
  const indexes = new Map<number, ReturnType<typeof openSearchIndex>>();
  const uncommitted = new Map<number, Change[]>();

  const putText = (key: number, row: bigint, title: string, description: string): void => {
    file
      .prepare(`INSERT OR REPLACE INTO ${ftsTable(key)} (rowid, title, description) VALUES (?, ?, ?)`)
      .run(row, title, description);
  };
  const putFacts = (key: number, row: bigint, facts: Facts): void => {
    file
      .prepare(
        `INSERT OR REPLACE INTO ${facetTable(key)} (row, ${columns.join(', ')}) VALUES (?, ${columns.map(() => '?').join(', ')})`,
      )
      .run(
        row,
        ...texts.map((column) => facts[column]),
        ...numbers.map((column) => facts[column]),
        JSON.stringify(facts.tags),
        JSON.stringify(facts.worksWith),
      );
  };
  const remove = (key: number, row: bigint): void => {
    file.prepare(`DELETE FROM ${ftsTable(key)} WHERE rowid = ?`).run(row);
    file.prepare(`DELETE FROM ${facetTable(key)} WHERE row = ?`).run(row);
  };
  const rowOf = (key: number, id: string): bigint | undefined => {
    const found = file.prepare(`SELECT row FROM ${documentTable(key)} WHERE id = ?`).get(id);
    return found === undefined ? undefined : BigInt(asNumber(found.row));
  };

  /** Whether the index has exactly these words for the document, as it is stored now. */
  const hasWords = (key: number, { id, document: { title, description } }: DocumentPut): boolean => {
    const found = file.prepare(`SELECT document FROM ${documentTable(key)} WHERE id = ?`).get(id);
    if (found === undefined) return false;
    const stored = parseDocument(asText(found.document));
    return stored.listed === true && stored.title === title && stored.description === description;
  };

  return {
    index: async (key) => {
      const opened = indexes.get(key) ?? openSearchIndex(file, key);
      indexes.set(key, opened);
      try {
        await opened.filled;
      } catch (error) {
        indexes.delete(key);
        throw error;
      }
      return opened.index;
    },
    create: (key, declared) => {
      documents.create(key, declared);
      const fts = ftsTable(key);
      file.exec(`
        CREATE VIRTUAL TABLE ${fts} USING fts5(title, description, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');
        INSERT INTO ${fts} (${fts}, rank) VALUES ('rank', 'bm25(10.0, 1.0)');
        CREATE VIRTUAL TABLE ${termTable(key)} USING fts5vocab(${fts}, 'row');
        CREATE VIRTUAL TABLE ${instanceTable(key)} USING fts5vocab(${fts}, 'instance');
        CREATE TABLE ${facetTable(key)} (row INTEGER PRIMARY KEY, ${texts.map((column) => `${column} TEXT NOT NULL`).join(', ')},
          ${numbers.map((column) => `${column} REAL NOT NULL`).join(', ')}, tags TEXT NOT NULL, worksWith TEXT NOT NULL) STRICT;
      `);
    },
    drop: (key) => {
      indexes.delete(key);
      for (const table of [termTable(key), instanceTable(key), ftsTable(key), facetTable(key)])
        file.exec(`DROP TABLE ${table}`);
      documents.drop(key);
    },
    load: documents.load,
    write: (key, puts, removes) => {
      const changes: Change[] = [];
      for (const id of removes) {
        const row = rowOf(key, id);
        if (row === undefined) continue;
        remove(key, row);
        changes.push({ row: Number(row), facts: undefined });
      }
      // Most changes are of numbers: words that did not change are not indexed again, which costs far more than looking.
      const known = new Set(puts.filter((put) => hasWords(key, put)).map(({ id }) => id));
      documents.write(key, puts, removes);
      for (const { id, document } of puts) {
        const row = rowOf(key, id);
        if (row === undefined) throw new Error(`document ${id} was not written`);
        const { title, description, listed, ...entry } = searchEntryOf(document);
        if (!listed) {
          remove(key, row);
          changes.push({ row: Number(row), facts: undefined });
          continue;
        }
        const text = `${title} ${description}`;
        const facts = { ...entry, id, length: wordsOf(text).length };
        if (!known.has(id)) putText(key, row, title, description);
        putFacts(key, row, facts);
        changes.push({ row: Number(row), facts, text });
      }
      uncommitted.set(key, changes);
    },
    committed: (key) => {
      const changes = uncommitted.get(key) ?? [];
      uncommitted.delete(key);
      const index = indexes.get(key)?.index;
      if (index === undefined || changes.length === 0) return;
      index.forget();
      for (const change of changes) {
        index.follow(change.row, change.facts);
        if (change.facts !== undefined) index.knownVocabulary()?.addText(change.text);
      }
    },
    rolledBack: (key) => {
      uncommitted.delete(key);
    },
  };
};
