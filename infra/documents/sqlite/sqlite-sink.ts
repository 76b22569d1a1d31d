import {
  BehindLive,
  isBehind,
  type ProjectionSink,
  type SinkKind,
  StaleCheckpoint,
  type StoredDocument,
} from '../sink.port.ts';
import type { ChangeCounter } from './changes.ts';
import { deadLetterTable } from './dead-letters.ts';
import type { DocumentCache } from './document-cache.ts';
import type { GenerationRegister } from './generations.ts';
import type { HistoryTables } from './history-tables.ts';
import type { GenerationTables, ReadModelFile } from './read-model-file.ts';
import type { WrittenDocuments } from './written-documents.ts';

/**
 * The sink over one file: documents, index and checkpoint of a batch are written together, in one transaction with the batches
 * of the other projections that come in the same turn of the event loop.
 */
export const sqliteSink = (
  file: ReadModelFile,
  generations: GenerationRegister,
  tables: Readonly<Record<SinkKind, GenerationTables>>,
  history: HistoryTables,
  {
    changes,
    cache,
    written,
  }: {
    readonly changes: ChangeCounter;
    readonly cache: DocumentCache;
    readonly written: WrittenDocuments;
  },
): ProjectionSink => {
  const deadLetters = deadLetterTable(file);
  const atomically = <T>(work: () => T): T => {
    try {
      return file.atomically(work);
    } catch (error) {
      generations.forget();
      throw error;
    }
  };

  /** Somebody else wrote, or nobody did: what memory holds of the generation may be wrong. */
  const forget = (key: number, kind: SinkKind): void => {
    written.forget(key);
    tables[kind].rolledBack?.(key);
  };

  return {
    generations: async (projection) => generations.list(projection),
    create: async (generation) =>
      atomically(() => {
        const key = generations.add(generation);
        tables[generation.kind].create(key, generation.indexes);
        if (generation.kind !== 'audit') history.create(key);
      }),
    load: async (ref, ids) => {
      const { key, kind } = generations.locate(ref);
      const found = new Map<string, StoredDocument>();
      const missing: string[] = [];
      for (const id of ids) {
        const known = written.get(key, id);
        if (known === undefined) missing.push(id);
        else found.set(id, known);
      }
      if (missing.length > 0) for (const [id, document] of tables[kind].load(key, missing)) found.set(id, document);
      return found;
    },
    write: async (ref, batch) => {
      const { key, kind } = generations.locate(ref);
      await file.group.run(
        () => {
          if (!generations.moveCheckpoint({ ref, ...batch })) throw new StaleCheckpoint(ref, batch.after);
          tables[kind].write(key, batch.puts, batch.removes);
          history.write(key, batch.touched ?? []);
          deadLetters.remove(batch.settled ?? []);
          deadLetters.add(batch.deadLetters);
        },
        {
          committed: () => {
            tables[kind].committed?.(key);
            for (const { id } of batch.puts) cache.forget(key, id);
            for (const id of batch.removes) cache.forget(key, id);
            if (kind !== 'audit') written.follow(key, batch);
            if (batch.puts.length + batch.removes.length > 0) changes.changed(ref.projection);
          },
          rolledBack: () => forget(key, kind),
        },
        batch.puts.length + batch.removes.length + (batch.touched?.length ?? 0),
      );
    },
    advance: async (moves) => {
      const left = await file.group.run(
        () => moves.filter((move) => !generations.moveCheckpoint(move)).map(({ ref }) => ref),
        {},
        moves.length,
      );
      for (const ref of left) {
        const found = generations.find(ref);
        if (found !== undefined) forget(found.key, found.kind);
      }
      return left;
    },
    activate: async (ref, { unlessBehind = false } = {}) => {
      atomically(() => {
        const { key, state } = generations.locate(ref);
        if (state === 'live') return;
        if (state === 'dropped') throw new Error(`${ref.projection} generation ${ref.generation} is dropped`);
        const live = generations.liveKey(ref.projection);
        if (
          unlessBehind &&
          live !== undefined &&
          isBehind(generations.checkpointOf(key), generations.checkpointOf(live))
        )
          throw new BehindLive(ref);
        if (live !== undefined) generations.setState(live, 'retained');
        generations.setState(key, 'live');
      });
      changes.changed(ref.projection);
    },
    drop: async (ref) => {
      atomically(() => {
        const { key, kind, state } = generations.locate(ref);
        if (state === 'dropped') return;
        if (state === 'live') throw new Error(`${ref.projection} generation ${ref.generation} is live`);
        tables[kind].drop(key);
        written.forget(key);
        history.drop(key);
        deadLetters.removeAllOf(ref);
        generations.setState(key, 'dropped');
      });
    },
    deadLetters: async (query) => deadLetters.list(query),
    parked: async (ref) => deadLetters.parked(ref),
    park: async (letters) =>
      atomically(() => {
        deadLetters.remove(letters.map(({ id }) => id));
        deadLetters.add(letters);
      }),
    removeDeadLetters: async (ids) => atomically(() => deadLetters.remove(ids)),
  };
};
