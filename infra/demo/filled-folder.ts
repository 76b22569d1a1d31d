import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { DataFolder } from '../local/data-folder.ts';

type Folder = Pick<DataFolder, 'path'>;

const filling = 'demo.filling';
const filled = 'demo.filled';
const masterKey = 'master.key';
/** Moved last: while there is no log, there is no system yet. */
const log = 'log.sqlite';

const syncFolder = (path: string): void => {
  if (process.platform === 'win32') return; // can't sync folders, and needs not: its journal orders renames
  sync(path);
};
const sync = (path: string): void => {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

const syncAll = (path: string): void => {
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path)) syncAll(join(path, name));
    syncFolder(path);
  } else sync(path);
};

/** Moves what was filled to where the system looks for it; a move that was broken off is taken up. */
const moveIn = (folder: Folder): void => {
  const from = folder.path(filled);
  const names = readdirSync(from).sort((a, b) => Number(a === log) - Number(b === log));
  for (const name of names) {
    for (const old of [name, `${name}-wal`, `${name}-shm`]) rmSync(folder.path(old), { recursive: true, force: true });
    renameSync(join(from, name), folder.path(name));
  }
  syncFolder(folder.path('.'));
  rmSync(from, { recursive: true });
};

/**
 * Ends what a start that was broken off left behind: half of a filling goes, a whole one is moved in. Before anything of
 * the folder is opened.
 */
export const finishFilling = (folder: Folder): void => {
  rmSync(folder.path(filling), { recursive: true, force: true });
  if (existsSync(folder.path(filled))) moveIn(folder);
};

/**
 * Lets `fill` make the files of a system in a folder of their own, then moves them in whole: a crash at any moment leaves
 * the folder as it was, or what the next `finishFilling` completes. The folder holds no log, and nothing of it is open.
 * @throws what `fill` throws; then nothing was filled
 */
export const fillWhole = async (folder: Folder, fill: (inside: Folder) => Promise<void>): Promise<void> => {
  const dir = folder.path(filling);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { mode: 0o700 });
  if (existsSync(folder.path(masterKey))) copyFileSync(folder.path(masterKey), join(dir, masterKey));
  try {
    await fill({ path: (name) => join(dir, name) });
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
  syncAll(dir);
  renameSync(dir, folder.path(filled));
  syncFolder(folder.path('.'));
  moveIn(folder);
};
