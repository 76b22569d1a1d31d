import type { DatabaseSync } from 'node:sqlite';

/** Slots of bytes in the table `slot` (see schema.ts). Call inside a transaction. */
export type Slots = {
  /** Puts the bytes into a slot of their size and gives its number. */
  take(bytes: Uint8Array): number;
  /** Puts other bytes into a slot; gives the number of the slot they are in now. What was there is gone. */
  replace(number: number, bytes: Uint8Array): number;
  /** Overwrites the slot with zeros and lets it be used again. */
  free(number: number): void;
};

export const slotsIn = (db: DatabaseSync): Slots => {
  const sizeOf = db.prepare('SELECT length(bytes) AS size FROM slot WHERE number = ?');
  const freeOfSize = db.prepare('SELECT number FROM free_slot WHERE size = ? LIMIT 1');
  const useFree = db.prepare('DELETE FROM free_slot WHERE size = ? AND number = ?');
  const addFree = db.prepare('INSERT INTO free_slot (size, number) VALUES (?, ?)');
  const append = db.prepare('INSERT INTO slot (bytes) VALUES (?)');
  const overwrite = db.prepare('UPDATE slot SET bytes = ? WHERE number = ?');

  const take: Slots['take'] = (bytes) => {
    const free = freeOfSize.get(bytes.length);
    if (free === undefined) return Number(append.run(bytes).lastInsertRowid);
    const number = Number(free.number);
    useFree.run(bytes.length, number);
    overwrite.run(bytes, number);
    return number;
  };
  const free: Slots['free'] = (number) => {
    const size = Number(sizeOf.get(number)?.size);
    overwrite.run(new Uint8Array(size), number);
    addFree.run(size, number);
  };
  const replace: Slots['replace'] = (number, bytes) => {
    if (sizeOf.get(number)?.size === bytes.length) {
      overwrite.run(bytes, number);
      return number;
    }
    free(number);
    return take(bytes);
  };
  return { take, replace, free };
};
