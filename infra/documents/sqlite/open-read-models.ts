import type { AuditIndex } from '../../audit/port.ts';
import { auditQueries } from '../../audit/sqlite/audit-queries.ts';
import { auditTables } from '../../audit/sqlite/audit-tables.ts';
import type { Clock } from '../../clock/port.ts';
import { systemClock } from '../../clock/system-clock.ts';
import type { Search } from '../../search/port.ts';
import { searchQueries } from '../../search/sqlite/search-queries.ts';
import { searchTables } from '../../search/sqlite/search-tables.ts';
import { documentsByProjection, sinkByProjection } from '../by-projection.ts';
import type { DocumentErasure } from '../erasure.port.ts';
import type { Documents } from '../port.ts';
import type { ProjectionSink } from '../sink.port.ts';
import { changeCounter } from './changes.ts';
import { documentCache } from './document-cache.ts';
import { documentErasure } from './document-erasure.ts';
import { documentTables } from './document-tables.ts';
import { generationRegister } from './generations.ts';
import { historyTables } from './history-tables.ts';
import { moveOut } from './move-out.ts';
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
/** Of that memory, for the personal ones where they have a file of their own. */
const personalShare = 0.1;

/** Where read models are kept. */
export type ReadModelFiles = {
  /** A path, or `:memory:`. */
  readonly file: string;
  /** Projections of people, of which some are erased, in a file of their own: that one is written anew each time. */
  readonly personal?: { readonly file: string; readonly projections: readonly string[] };
};

type StoreOptions = { readonly durable: boolean; readonly cacheMb: number; readonly clock: Clock };

const openStore = (path: string, { durable, cacheMb, clock }: StoreOptions) => {
  const file = openReadModelFile(path, durable);
  const generations = generationRegister(file);
  const changes = changeCounter();
  const cache = documentCache((cacheMb * 1e6) / bytesOfText);
  const written = writtenDocuments();
  const documents = documentTables(file);
  const search = searchTables(file, documents);
  const tables = { documents, search, audit: auditTables(file) };
  return {
    ...{ file, generations },
    documents: documentQueries(file, generations, changes, cache),
    sink: sqliteSink(file, generations, tables, historyTables(file), { changes, cache, written }),
    search: (projection: string) => searchQueries(search, generations, projection),
    audit: (projection: string) => auditQueries(file, generations, projection),
    erasure: documentErasure(file, generations, changes, [cache, written], clock),
    close: () => file.close(),
  };
};

/**
 * The read models in one SQLite file, and the personal ones in a second one. They can be deleted, both at once, and are then built again from
 * the log. No batch is of two projections, so no transaction is over both. @throws SQLite's errors
 */
export const openSqliteReadModels = (
  options: ReadModelFiles & {
    /** Default true: a commit is never torn by a power cut. False: it survives the end of the process only. */
    readonly durable?: boolean;
    /** Memory for documents that were read last, MB (10⁶ bytes); default 48. */
    readonly cacheMb?: number;
    /** Paces the erasures. */
    readonly clock?: Clock;
  },
): ReadModels => {
  const { file, personal, durable = true, cacheMb = 48, clock = systemClock() } = options;
  if (personal === undefined) return openStore(file, { durable, cacheMb, clock });
  const main = openStore(file, { durable, cacheMb: cacheMb * (1 - personalShare), clock });
  const own = openStore(personal.file, { durable, cacheMb: cacheMb * personalShare, clock });
  const { projections } = personal;
  moveOut(projections, main, own);
  const of = (projection: string) => (projections.includes(projection) ? own : main);
  const erasureOf = (projection: string) => {
    if (!projections.includes(projection)) throw new Error(`${projection} is not kept where people are erased`);
    return own.erasure;
  };
  return {
    documents: documentsByProjection([main.documents, own.documents], (projection) => of(projection).documents),
    sink: sinkByProjection([main.sink, own.sink], (projection) => of(projection).sink),
    search: main.search,
    audit: main.audit,
    erasure: {
      remove: async (projection, id) => erasureOf(projection).remove(projection, id),
      allReached: async (projection, position) => erasureOf(projection).allReached(projection, position),
      scrub: own.erasure.scrub,
    },
    close: () => {
      own.close();
      main.close();
    },
  };
};
