import type { DocumentTouch } from '../sink.port.ts';
import type { ReadModelFile } from './read-model-file.ts';

export const historyTable = (key: number): string => `history_${key}`;

/** Which events were applied to which document, beside the tables of a generation. */
export type HistoryTables = {
  create(key: number): void;
  /** A generation from before there were histories has none. */
  drop(key: number): void;
  /** Inside the transaction that moves the checkpoint. A generation without a history stays without: what it has is not whole. */
  write(key: number, touched: readonly DocumentTouch[]): void;
};

export const historyTables = (file: ReadModelFile): HistoryTables => {
  const known = new Map<number, boolean>();
  const exists = (key: number): boolean => {
    const found =
      known.get(key) ??
      file.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(historyTable(key)) !==
        undefined;
    known.set(key, found);
    return found;
  };
  return {
    create: (key) => {
      known.delete(key);
      file.exec(
        `CREATE TABLE ${historyTable(key)} (document TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (document, position)) STRICT, WITHOUT ROWID`,
      );
    },
    drop: (key) => {
      known.delete(key);
      file.exec(`DROP TABLE IF EXISTS ${historyTable(key)}`);
    },
    write: (key, touched) => {
      if (touched.length === 0 || !exists(key)) return;
      const insert = file.prepare(`INSERT OR IGNORE INTO ${historyTable(key)} (document, position) VALUES (?, ?)`);
      for (const { id, position } of touched) insert.run(id, position);
    },
  };
};
