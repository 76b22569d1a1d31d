import type { SinkBatch, StoredDocument } from '../sink.port.ts';

/** Of one generation. */
const most = 1_000;

/**
 * The documents that the last batches wrote, as they were folded, by the key of their generation: what goes on happening to them is
 * folded without reading them back. They are shared, so nobody changes them (their types say so). Another writer on the file is
 * found by the fence of its checkpoint; then, and after every other write that failed, what is here is forgotten.
 */
export type WrittenDocuments = {
  get(key: number, id: string): StoredDocument | undefined;
  /** The batch is on the file. */
  follow(key: number, batch: Pick<SinkBatch, 'puts' | 'removes'>): void;
  forget(key: number, id?: string): void;
};

export const writtenDocuments = (): WrittenDocuments => {
  const kept = new Map<number, Map<string, StoredDocument>>();
  return {
    get: (key, id) => kept.get(key)?.get(id),
    follow: (key, { puts, removes }) => {
      const ofKey = kept.get(key) ?? new Map<string, StoredDocument>();
      kept.set(key, ofKey);
      for (const id of removes) ofKey.delete(id);
      for (const { id, document, position } of puts) {
        ofKey.delete(id); // to the end: what was written longest ago is the first to go
        ofKey.set(id, { document, position });
      }
      for (const id of ofKey.keys()) {
        if (ofKey.size <= most) break;
        ofKey.delete(id);
      }
    },
    forget: (key, id) => {
      if (id === undefined) kept.delete(key);
      else kept.get(key)?.delete(id);
    },
  };
};
