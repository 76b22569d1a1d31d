import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../unreadable.ts';

export type Copied = { readonly size: number; readonly sha256: string };

/** Copies a file into a new one that only its owner reads, durable but for its folder's entry. @throws ENOENT, EEXIST */
export const copyFile = async (source: string, target: string): Promise<Copied> => {
  const from = await open(source, 'r');
  const to = await open(target, 'wx', 0o600).catch(async (error: unknown) => {
    await from.close();
    throw error;
  });
  try {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of from.createReadStream({ autoClose: false })) {
      hash.update(chunk);
      size += chunk.byteLength;
      await to.writeFile(chunk);
    }
    await to.sync();
    return { size, sha256: hash.digest('hex') };
  } finally {
    await from.close();
    await to.close();
  }
};

/** Size and hash of a file that is there. */
export const hashFile = async (path: string): Promise<Copied> => {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk);
    size += chunk.byteLength;
  }
  return { size, sha256: hash.digest('hex') };
};

/** Files below a folder, as paths relative to it with `/`; none where there is no folder. */
export const filesBelow = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
};
