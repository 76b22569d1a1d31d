import type { DocumentErasure } from '../erasure.port.ts';
import type { ChangeCounter } from './changes.ts';
import type { DocumentCache } from './document-cache.ts';
import { documentTable } from './document-tables.ts';
import type { GenerationRegister } from './generations.ts';
import type { ReadModelFile } from './read-model-file.ts';

/**
 * Erasure in the read-model file. SQLite's `secure_delete` would leave copies of cells in the gaps of pages that were split or
 * merged, so the file is written anew (`VACUUM`) and the write-ahead log is cut to nothing.
 */
export const documentErasure = (
  file: ReadModelFile,
  generations: GenerationRegister,
  changes: ChangeCounter,
  caches: readonly Pick<DocumentCache, 'forget'>[],
): DocumentErasure => {
  const heldBy = (projection: string) =>
    generations
      .list(projection)
      .filter(({ state }) => state !== 'dropped')
      .map((generation) => ({ ...generation, ...generations.locate(generation) }))
      .filter(({ kind }) => kind === 'documents');

  return {
    remove: async (projection, id) => {
      file.atomically(() => {
        for (const { key } of heldBy(projection))
          file.prepare(`DELETE FROM ${documentTable(key)} WHERE id = ?`).run(id);
        file.prepare('DELETE FROM dead_letters WHERE projection = ? AND document_id = ?').run(projection, id);
      });
      for (const { key } of heldBy(projection)) for (const cache of caches) cache.forget(key, id);
      changes.changed(projection);
    },
    allReached: async (projection, position) =>
      heldBy(projection).every(({ checkpoint }) => checkpoint !== undefined && checkpoint >= position),
    scrub: async () => {
      file.exec('VACUUM');
      const row = file.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      if (Number(row?.busy) !== 0) throw new Error('the write-ahead log of the read models is in use');
    },
  };
};
