import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes the entries of a folder durable. Windows cannot sync folders (and needs not: its journal orders renames). */
export const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Makes a folder and those above it that are missing; what was made is durable when it resolves. */
export const makeDurably = async (folder: string): Promise<void> => {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
};

/**
 * Returns a function that makes a folder below `root` and resolves when it and its parents are durable. A folder counts
 * as known only after its parent was synced: one that a concurrent caller has just made may not be durable yet.
 */
export const durableFolders = (root: string): ((folder: string) => Promise<void>) => {
  const known = new Set<string>([root]);
  const ensure = async (folder: string): Promise<void> => {
    if (known.has(folder)) return;
    await ensure(dirname(folder));
    await mkdir(folder, { recursive: true });
    await syncFolder(dirname(folder));
    known.add(folder);
  };
  return ensure;
};
