import type { Clock } from '../../clock/port.ts';
import type { DocumentErasure } from '../erasure.port.ts';
import { isBehind } from '../sink.port.ts';
import type { ChangeCounter } from './changes.ts';
import type { DocumentCache } from './document-cache.ts';
import { documentTable } from './document-tables.ts';
import type { GenerationRegister } from './generations.ts';
import type { ReadModelFile } from './read-model-file.ts';
import { sharedWork } from './shared-work.ts';

/** Erasure in a read-model file: it is written anew. */
export const documentErasure = (
  file: ReadModelFile,
  generations: GenerationRegister,
  changes: ChangeCounter,
  caches: readonly Pick<DocumentCache, 'forget'>[],
  clock: Clock,
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
      heldBy(projection).every(({ checkpoint }) => !isBehind(checkpoint, position)),
    scrub: sharedWork(file.rewrite, clock),
  };
};
