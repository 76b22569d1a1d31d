import type { JsonObject } from '../../../domain/event/definition.ts';

export type DocumentCache = {
  get(key: number, id: string): JsonObject | undefined;
  /** `size` is the length of its text. */
  set(key: number, id: string, document: JsonObject, size: number): void;
  /** It was written, removed or erased. */
  forget(key: number, id: string): void;
};

type Kept = { readonly document: JsonObject; readonly size: number };

/** One half: documents by the key of their generation, and the length of their texts. */
const openHalf = () => {
  const kept = new Map<number, Map<string, Kept>>();
  let size = 0;
  const take = (key: number, id: string): Kept | undefined => {
    const known = kept.get(key)?.get(id);
    if (known === undefined) return undefined;
    kept.get(key)?.delete(id);
    size -= known.size;
    return known;
  };
  return {
    size: () => size,
    get: (key: number, id: string) => kept.get(key)?.get(id),
    take,
    put: (key: number, id: string, one: Kept): void => {
      take(key, id);
      const ofKey = kept.get(key) ?? new Map<string, Kept>();
      kept.set(key, ofKey.set(id, one));
      size += one.size;
    },
  };
};

/**
 * Documents that were read last, parsed, by the key of their generation: what the products that everybody looks at cost is paid
 * once. They are shared, so nobody changes them (their types say so). `capacity` bounds the length of their texts: what was not asked for while
 * half of it was filled goes, all at once, so that nothing is counted on the way.
 */
export const documentCache = (capacity: number): DocumentCache => {
  let young = openHalf();
  let old = openHalf();

  const set = (key: number, id: string, one: Kept): void => {
    old.take(key, id);
    if (young.size() + one.size > capacity / 2) {
      old = young;
      young = openHalf();
    }
    young.put(key, id, one);
  };

  return {
    get: (key, id) => {
      const known = young.get(key, id);
      if (known !== undefined) return known.document;
      const older = old.get(key, id);
      if (older !== undefined) set(key, id, older);
      return older?.document;
    },
    set: (key, id, document, size) => set(key, id, { document, size }),
    forget: (key, id) => {
      young.take(key, id);
      old.take(key, id);
    },
  };
};
