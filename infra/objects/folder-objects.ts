import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, stat, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Random } from '../random/port.ts';
import { durableFolders, makeDurably, syncFolder } from './durable-folders.ts';
import { objectKey } from './object-key.ts';
import type { ObjectInfo, ObjectStore } from './port.ts';
import { ObjectMissing, ObjectTooLarge } from './port.ts';

/** Where uploads lie until they are whole: a copy of the store leaves it out. */
export const INCOMING = 'incoming';

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Two levels of 256 folders by the key's hash, so that none grows large and keys that differ only in case never meet. */
export const placeOf = (root: string, key: string): { readonly folder: string; readonly path: string } => {
  const hash = sha256(objectKey(key));
  const folder = join(root, hash.slice(0, 2), hash.slice(2, 4));
  return { folder, path: join(folder, key.replaceAll('/', '~')) };
};

const exactRange = (range: { readonly start: number; readonly end: number }): void => {
  const valid = Number.isSafeInteger(range.start) && Number.isSafeInteger(range.end) && range.start >= 0;
  if (!valid || range.end < range.start) throw new RangeError(`not a range: ${range.start}-${range.end}`);
};

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/**
 * Opens an object store on a folder, which it makes if there is none. Exactly one process may have a folder open: parts
 * that a killed process left behind are removed here. An object is visible under its key only when whole and durable
 * (file synced, renamed, folder synced). A range that reaches past the end yields what there is.
 * @throws TypeError for a key or prefix that is none (see object-key.ts), RangeError for a range that is none
 */
export const folderObjects = async (options: {
  readonly dir: string;
  readonly random: Random;
}): Promise<ObjectStore> => {
  const root = resolve(options.dir);
  const incoming = join(root, INCOMING);
  await makeDurably(root);
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming);
  const ensureFolder = durableFolders(root);

  /** Streams into a new file under a name nobody reads; `keyFor` names the object once its hash is known. */
  const store = async (
    source: AsyncIterable<Uint8Array>,
    maxBytes: number,
    keyFor: (hash: string) => string,
  ): Promise<ObjectInfo> => {
    const temporary = join(incoming, Buffer.from(options.random.bytes(16)).toString('hex'));
    const file = await open(temporary, 'wx');
    let moved = false;
    try {
      const hash = createHash('sha256');
      let size = 0;
      try {
        for await (const chunk of source) {
          size += chunk.byteLength;
          if (size > maxBytes) throw new ObjectTooLarge(maxBytes);
          hash.update(chunk);
          await file.writeFile(chunk);
        }
        await file.sync();
      } finally {
        await file.close();
      }
      const digest = hash.digest('hex');
      const key = keyFor(digest);
      const { folder, path } = placeOf(root, key);
      await ensureFolder(folder);
      // Also over an object that is there: another writer of the same bytes may not have synced the folder yet.
      await rename(temporary, path);
      moved = true;
      await syncFolder(folder);
      return { key, size, sha256: digest };
    } finally {
      if (!moved) await rm(temporary, { force: true });
    }
  };

  return {
    put: async (prefix, source, { maxBytes }) => {
      objectKey(prefix);
      return store(source, maxBytes, (hash) => objectKey(`${prefix}/${hash}`));
    },
    write: async (key, bytes) => {
      objectKey(key);
      await store(one(bytes), Number.POSITIVE_INFINITY, () => key);
    },
    size: async (key) => {
      try {
        return (await stat(placeOf(root, key).path)).size;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async *read(key, range) {
      const { path } = placeOf(root, key);
      if (range !== undefined) exactRange(range);
      const file = await open(path, 'r').catch((error: unknown) => {
        throw isMissing(error) ? new ObjectMissing(key) : error;
      });
      // The stream closes the file when it ends, fails, or the reader stops early.
      yield* file.createReadStream(range === undefined ? {} : { start: range.start, end: range.end });
    },
    remove: async (key) => {
      const { folder, path } = placeOf(root, key);
      try {
        await unlink(path);
      } catch (error) {
        if (isMissing(error)) return;
        throw error;
      }
      await syncFolder(folder);
    },
  };
};
