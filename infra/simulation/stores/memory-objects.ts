import { createHash } from 'node:crypto';
import { objectKey } from '../../objects/object-key.ts';
import { ObjectMissing, type ObjectStore, ObjectTooLarge } from '../../objects/port.ts';

/** Objects that outlive every process. */
export type ObjectDisk = Map<string, Uint8Array>;

/** A process's way to the objects. An object is there whole or not at all. */
export const memoryObjects = (disk: ObjectDisk): ObjectStore => ({
  put: async (prefix, source, { maxBytes }) => {
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of source) {
      size += part.byteLength;
      if (size > maxBytes) throw new ObjectTooLarge(maxBytes);
      parts.push(part);
    }
    const bytes = Buffer.concat(parts);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const key = `${prefix}/${sha256}`;
    objectKey(key);
    disk.set(key, bytes);
    return { key, size, sha256 };
  },
  write: async (key, bytes) => {
    objectKey(key);
    disk.set(key, Uint8Array.from(bytes));
  },
  size: async (key) => {
    objectKey(key);
    return disk.get(key)?.byteLength;
  },
  read: async function* (key, range) {
    objectKey(key);
    const bytes = disk.get(key);
    if (range !== undefined) {
      const { start, end } = range;
      if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end < start)
        throw new RangeError(`${start}-${end} is no range`);
    }
    if (bytes === undefined) throw new ObjectMissing(key);
    const wanted = range === undefined ? bytes : bytes.subarray(range.start, range.end + 1);
    for (let at = 0; at < wanted.byteLength; at += 65_536) yield wanted.slice(at, at + 65_536);
  },
  remove: async (key) => {
    objectKey(key);
    disk.delete(key);
  },
});
