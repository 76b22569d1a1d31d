import type { AuditIndex, AuditRow } from '../../audit/port.ts';
import type { DocumentErasure } from '../../documents/erasure.port.ts';
import type { Documents, Found } from '../../documents/port.ts';
import { isBehind } from '../../documents/sink.port.ts';
import type { ReadModels } from '../../documents/sqlite/open-read-models.ts';
import { matcher, pageOf } from './matching.ts';
import { memorySearch } from './memory-search.ts';
import { liveOf, memorySink } from './memory-sink.ts';
import type { KeptGeneration, ReadModelDisk } from './read-model-disk.ts';

function* foundIn(kept: KeptGeneration | undefined): Generator<Found> {
  for (const [id, { document }] of kept?.documents ?? []) yield { id, document };
}

/**
 * Every look counts as a change, so that no answer is remembered: what readers see is always read. One count for all the worlds of a
 * thread: they share a door, and what it remembers of one world must not pass for news of the next.
 */
let looks = 0;
const alwaysChanged = (): number => {
  looks += 1;
  return looks;
};

const documentsOf = (disk: ReadModelDisk): Documents => ({
  changes: alwaysChanged,
  get: async (projection, id) => liveOf(disk, projection)?.documents.get(id)?.document,
  getMany: async (projection, ids) => {
    const documents = liveOf(disk, projection)?.documents;
    return new Map(
      [...new Set(ids)].flatMap((id) => {
        const kept = documents?.get(id);
        return kept === undefined ? [] : [[id, kept.document] as const];
      }),
    );
  },
  find: async (projection, query) => pageOf(foundIn(liveOf(disk, projection)), query),
  count: async (projection, where = {}) => {
    const matching = matcher(where);
    return [...foundIn(liveOf(disk, projection))].filter(({ document }) => matching(document)).length;
  },
  position: async (projection) => liveOf(disk, projection)?.row.checkpoint,
});

const auditOf = (disk: ReadModelDisk, projection: string): AuditIndex => {
  const rows = (): readonly AuditRow[] => liveOf(disk, projection)?.audit ?? [];
  const same = (wanted: string | undefined, value: string | undefined): boolean =>
    wanted === undefined || wanted === value;
  return {
    find: async (query) =>
      rows()
        .filter(
          (row) =>
            same(query.stream, row.stream) &&
            same(query.category, row.category) &&
            same(query.type, row.type) &&
            same(query.actorId, row.actorId) &&
            same(query.correlationId, row.correlationId) &&
            same(query.causationId, row.causationId) &&
            (query.from === undefined || row.recordedAt >= query.from) &&
            (query.to === undefined || row.recordedAt < query.to) &&
            (query.minPosition === undefined || row.position >= query.minPosition) &&
            (query.after === undefined || row.n > query.after),
        )
        .slice(0, query.limit),
    countUpTo: async (position) => rows().findLast((row) => row.position <= position)?.n ?? 0,
    checkpoint: async () => liveOf(disk, projection)?.row.checkpoint,
  };
};

const erasureOf = (disk: ReadModelDisk): DocumentErasure => {
  const heldBy = (projection: string): readonly KeptGeneration[] =>
    disk.generations.filter(
      ({ row, kind }) => row.projection === projection && row.state !== 'dropped' && kind === 'documents',
    );
  return {
    remove: async (projection, id) =>
      disk.atomically((onUndo) => {
        for (const { documents } of heldBy(projection)) {
          const kept = documents.get(id);
          if (kept === undefined) continue;
          disk.remains.add(kept.text);
          documents.delete(id);
          onUndo(() => documents.set(id, kept));
        }
        for (const [key, letter] of [...disk.letters]) {
          if (letter.projection !== projection || letter.documentId !== id) continue;
          disk.letters.delete(key);
          onUndo(() => disk.letters.set(key, letter));
        }
      }),
    allReached: async (projection, position) =>
      heldBy(projection).every(({ row: { checkpoint } }) => !isBehind(checkpoint, position)),
    scrub: async () => {
      disk.sync();
      disk.remains.clear();
    },
  };
};

/** The read models of one simulated file, as a process opens it. */
export const openMemoryReadModels = (disk: ReadModelDisk): ReadModels => ({
  documents: documentsOf(disk),
  sink: memorySink(disk),
  search: (projection) => memorySearch(() => foundIn(liveOf(disk, projection))),
  audit: (projection) => auditOf(disk, projection),
  erasure: erasureOf(disk),
  close: () => {},
});
