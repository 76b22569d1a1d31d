import type { AuditIndex } from '../../audit/port.ts';
import { auditQueries } from '../../audit/sqlite/audit-queries.ts';
import { auditTables } from '../../audit/sqlite/audit-tables.ts';
import type { Search } from '../../search/port.ts';
import { searchQueries } from '../../search/sqlite/search-queries.ts';
import { searchTables } from '../../search/sqlite/search-tables.ts';
import type { DocumentErasure } from '../erasure.port.ts';
import type { Documents } from '../port.ts';
import type { ProjectionSink } from '../sink.port.ts';
import { changeCounter } from './changes.ts';
import { documentCache } from './document-cache.ts';
import { documentErasure } from './document-erasure.ts';
import { documentTables } from './document-tables.ts';
import { generationRegister } from './generations.ts';
import { historyTables } from './history-tables.ts';
import { documentQueries } from './query-documents.ts';
import { openReadModelFile } from './read-model-file.ts';
import { sqliteSink } from './sqlite-sink.ts';
import { writtenDocuments } from './written-documents.ts';

export type ReadModels = {
  readonly documents: Documents;
  /** Takes projections of every kind. */
  readonly sink: ProjectionSink;
  /** Search over the projection named, whose kind is `search`. */
  search(projection: string): Search;
  /** The audit index named, whose kind is `audit`. */
  audit(projection: string): AuditIndex;
  readonly erasure: DocumentErasure;
  close(): void;
};

/** What a document costs in memory for each character of its text: parsed, and with what an answer made of it keeps (measured: 2.5 to 3.6). */
const bytesOfText = 3;

/** The read models in one SQLite file (`:memory:` for none), which can be deleted and is then built again from the log. */
export const openSqliteReadModels = (options: {
  readonly file: string;
  /** Default true: a commit is never torn by a power cut. False: it survives the end of the process only. */
  readonly durable?: boolean;
  /** Memory for documents that were read last, MB (10⁶ bytes); default 48. */
  readonly cacheMb?: number;
}): ReadModels => {
  const opened = openReadModelFile(options.file, options.durable);
  const generations = generationRegister(opened);
  const changes = changeCounter();
  const cache = documentCache(((options.cacheMb ?? 48) * 1e6) / bytesOfText);
  const written = writtenDocuments();
  const documents = documentTables(opened);
  const search = searchTables(opened, documents);
  return {
    documents: documentQueries(opened, generations, changes, cache),
    sink: sqliteSink(opened, generations, { documents, search, audit: auditTables(opened) }, historyTables(opened), {
      changes,
      cache,
      written,
    }),
    search: (projection) => searchQueries(search, generations, projection),
    audit: (projection) => auditQueries(opened, generations, projection),
    erasure: documentErasure(opened, generations, changes, [cache, written]),
    close: () => opened.close(),
  };
};
