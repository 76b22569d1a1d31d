import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type BareFts = {
  /** The twenty best with their documents, and how many there are; answers how many were read. */
  ask(words: string): number;
  close(): void;
};

/**
 * The bare FTS5 query of the design's SEARCH.md on the system's own index, in this process: ranked by bm25, twenty documents, the
 * total. No facets, no correction, no HTTP.
 */
export const openBareFts = (dir: string): BareFts => {
  const db = new DatabaseSync(join(dir, 'read-models.sqlite'));
  const live = db.prepare("SELECT key FROM generations WHERE projection = 'search' AND state = 'live'").get();
  const key = Number(live?.key);
  const fts = `search_text_${key}`;
  const best = db.prepare(
    `SELECT d.document FROM (SELECT rowid FROM ${fts} WHERE ${fts} MATCH ?1 ORDER BY rank, rowid LIMIT 20) hit
     JOIN documents_${key} d ON d.row = hit.rowid`,
  );
  const total = db.prepare(`SELECT count(*) n FROM ${fts} WHERE ${fts} MATCH ?`);
  return {
    ask: (words) => {
      const match = words
        .split(' ')
        .map((word) => `"${word}"`)
        .join(' ');
      const documents = best.all(match).map(({ document }): unknown => JSON.parse(String(document)));
      total.get(match);
      return documents.length;
    },
    close: () => db.close(),
  };
};
