import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DataFolderInUse, takeDataFolder } from '../../local/data-folder.ts';
import { syncFolder } from '../../objects/durable-folders.ts';
import { checkFailed } from '../exit-codes.ts';
import { someAtOnce } from '../some-at-once.ts';
import { copyFile } from './copy-file.ts';
import { erasuresFile, lockFile } from './data-files.ts';
import { type FileEntry, type Manifest, readManifest } from './manifest.ts';

export type RestoreOptions = {
  readonly backup: string;
  /** Where the system will find it: new, or empty. */
  readonly dataFolder: string;
  /** The newest erasure list there is; whoever is on it is erased again at the start. */
  readonly erasures: string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
};

/** @throws CommandFailed for a folder that has anything in it */
const refuseFull = async (folder: string): Promise<void> => {
  const there = await readdir(folder).catch(() => []);
  if (there.length === 0) return;
  if (existsSync(join(folder, lockFile)))
    try {
      takeDataFolder(folder).release();
    } catch (error) {
      if (!(error instanceof DataFolderInUse)) throw error;
      throw checkFailed(`a running system uses ${folder}: stop it, and restore into a new folder`, 'IN_USE');
    }
  throw checkFailed(`${folder} is not empty: restore into a new folder, nothing is overwritten`, 'NOT_EMPTY');
};

const copyChecked = async (from: string, to: string, { path, size, sha256 }: FileEntry): Promise<void> => {
  const copied = await copyFile(from, to).catch((error: unknown) => {
    throw checkFailed(`${path} of the backup can't be read: ${String(error)}`, 'DAMAGED');
  });
  if (copied.size !== size || copied.sha256 !== sha256)
    throw checkFailed(`${path} of the backup is damaged: it is not what the manifest says`, 'DAMAGED');
};

const linesOf = async (file: string): Promise<readonly string[]> =>
  (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');

/** Whoever is on either list stays erased. */
const mergeErasures = async (staging: string, newest: string): Promise<number> => {
  const target = join(staging, erasuresFile);
  const [known, newer] = [existsSync(target) ? await linesOf(target) : [], await linesOf(newest)];
  const all = [...new Set([...known, ...newer])];
  const file = await open(target, 'w', 0o600);
  try {
    await file.writeFile(all.map((line) => `${line}\n`).join(''));
    await file.sync();
  } finally {
    await file.close();
  }
  return all.length - known.length;
};

/**
 * Makes a data folder of a backup: every file is checked against the manifest on the way, and the folder appears under its
 * name only when all of it is there. @returns the manifest, and how many erasures are newer than the backup
 */
export const restoreBackup = async (
  options: RestoreOptions,
): Promise<{ readonly manifest: Manifest; readonly erasures: number }> => {
  const [backup, target] = [resolve(options.backup), resolve(options.dataFolder)];
  const manifest = await readManifest(backup);
  await refuseFull(target);
  if (options.erasures !== undefined && !existsSync(options.erasures))
    throw checkFailed(
      `there is no erasure list ${options.erasures}: where nobody was ever erased there is none, leave --erasures out then`,
    );
  const staging = `${target}.restoring`;
  await rm(staging, { recursive: true, force: true }); // of a restore that was killed
  await mkdir(staging, { recursive: true, mode: 0o700 });
  try {
    const folders = new Set(manifest.files.map(({ path }) => dirname(join(staging, path))));
    for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 });
    let done = 0;
    await someAtOnce(manifest.files, async (entry) => {
      options.signal.throwIfAborted();
      await copyChecked(join(backup, entry.path), join(staging, entry.path), entry);
      options.onProgress(++done, manifest.files.length);
    });
    const erasures = options.erasures === undefined ? 0 : await mergeErasures(staging, options.erasures);
    await someAtOnce(new Set([...folders].flatMap((folder) => [folder, dirname(folder)])), syncFolder);
    if (existsSync(target)) await rmdir(target);
    await rename(staging, target);
    await syncFolder(dirname(target));
    return { manifest, erasures };
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
};
