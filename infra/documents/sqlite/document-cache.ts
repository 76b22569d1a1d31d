import type { JsonObject } from '../../../domain/event/definition.ts';

export type DocumentCache = {
  get(key: number, id: string): JsonObject | undefined;
  /** `size` is the length of its text. */
  set(key: number, id: string, document: JsonObject, size: number): void;
  /** It was written, removed or erased. */
  forget(key: number, id: string): void;
};

const mostSize = 16 * 1024 * 1024;

/**
 * Documents that were read last, parsed, by the key of their generation: what the few products that everybody looks at cost is paid
 * once. They are shared, so nobody changes them (their types say so). Bounded by the length of their texts.
 */
export const documentCache = (capacity = mostSize): DocumentCache => {
  const kept = new Map<number, Map<string, { readonly document: JsonObject; readonly size: number }>>();
  let held = 0;

  const forget = (key: number, id: string): void => {
    const known = kept.get(key)?.get(id);
    if (known === undefined) return;
    kept.get(key)?.delete(id);
    held -= known.size;
  };

  return {
    forget,
    get: (key, id) => kept.get(key)?.get(id)?.document,
    set: (key, id, document, size) => {
      // All at once: what is still asked for is back after one read each, and nothing is counted on the way.
      if (held + size > capacity) {
        kept.clear();
        held = 0;
      }
      forget(key, id);
      const ofKey = kept.get(key) ?? new Map();
      kept.set(key, ofKey.set(id, { document, size }));
      held += size;
    },
  };
};
