import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Where the embedded engines keep their files. */
export type DataFolder = {
  readonly path: (name: string) => string;
  readonly release: () => void;
};

/** Another process works on the folder. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';
}

/**
 * Makes the folder and takes it for this process alone: subscribers are woken by commits of their own process, so two on one
 * folder would not see each other. The lock is the operating system's and ends with the process, however that ends.
 * @throws DataFolderInUse
 */
export const takeDataFolder = (dir: string): DataFolder => {
  const folder = resolve(dir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(folder, 'lock.sqlite'));
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive;');
  } catch (error) {
    lock.close();
    throw new DataFolderInUse(`another process uses the data folder ${dir}`, { cause: error });
  }
  return { path: (name) => join(folder, name), release: () => lock.close() };
};
