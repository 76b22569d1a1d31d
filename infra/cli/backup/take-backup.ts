import { chmod, mkdir, open, readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock/port.ts';
import { mark as demoMark } from '../../demo/mark.ts';
import { openSqliteEventStore } from '../../event-store/sqlite/sqlite-event-store.ts';
import { makeDurably, syncFolder } from '../../objects/durable-folders.ts';
import { INCOMING, placeOf } from '../../objects/folder-objects.ts';
import { checkFailed } from '../exit-codes.ts';
import { someAtOnce } from '../some-at-once.ts';
import { isMissing } from '../unreadable.ts';
import { copyFile, filesBelow, hashFile } from './copy-file.ts';
import {
  type Database,
  erasuresFile,
  isReadModel,
  logFile,
  masterKeyFile,
  objectsFolder,
  secretsFile,
} from './data-files.ts';
import { type FileEntry, type Manifest, writeManifest } from './manifest.ts';
import { closeMoment, type Moment, openMoment } from './moment.ts';

export type BackupOptions = {
  /** Of a system that runs, or does not. */
  readonly dataFolder: string;
  /** New, or empty. */
  readonly target: string;
  /** False: leaves the read models out; whatever is restored builds them again. */
  readonly readModels: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (what: string, done: number, total: number) => void;
};

const pagesAtOnce = 1_000;
const allPages = 1_000_000_000;

const checkTarget = async (dataFolder: string, target: string): Promise<void> => {
  if (`${target}${sep}`.startsWith(`${dataFolder}${sep}`))
    throw checkFailed('a backup inside the data folder would go with it: name another folder');
  const there = await readdir(target).catch(() => []);
  if (there.length > 0) throw checkFailed(`${target} is not empty: name a new folder`, 'NOT_EMPTY');
};

/** The copy as one file: checked, without a write-ahead log of its own, durable, for its owner only. */
const finishCopy = async (file: string): Promise<void> => {
  const copy = new DatabaseSync(file);
  try {
    const result = copy.prepare('PRAGMA quick_check').get()?.quick_check;
    if (result !== 'ok') throw checkFailed(`the copy ${file} is damaged: ${String(result)}`, 'DAMAGED');
    copy.exec('PRAGMA journal_mode = DELETE'); // a start makes it a write-ahead log again
  } finally {
    copy.close();
  }
  await chmod(file, 0o600);
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const copyDatabases = async (moment: Moment, options: BackupOptions): Promise<void> => {
  const { target, onProgress, signal } = options;
  const copy = async (name: Database, reader: DatabaseSync, rate: number): Promise<void> => {
    const progress = ({
      totalPages,
      remainingPages,
    }: {
      readonly totalPages: number;
      readonly remainingPages: number;
    }) => onProgress(name, totalPages - remainingPages, totalPages);
    await backup(reader, join(target, name), { rate, progress });
    reader.exec('ROLLBACK');
    signal.throwIfAborted();
  };
  // The secrets first and at once: until they are copied, nobody can write them.
  const secrets = moment.get(secretsFile);
  if (secrets !== undefined) await copy(secretsFile, secrets, allPages);
  for (const [name, reader] of moment)
    if (name !== secretsFile && (options.readModels || !isReadModel(name))) await copy(name, reader, pagesAtOnce);
};

/** The log's head, and the keys of all objects that its events name. */
const namedByLog = async (file: string, clock: Clock) => {
  const store = openSqliteEventStore({ file, clock });
  const keys = new Set<string>();
  try {
    for await (const events of store.readAll({ filter: { types: ['VersionUploaded', 'VersionScanned'] } }))
      for (const { data } of events) {
        const { objectKey, previewKey } = JSON.parse(Buffer.from(data).toString());
        for (const key of [objectKey, previewKey]) if (typeof key === 'string') keys.add(key);
      }
    return { head: (await store.head())?.toString() ?? null, keys };
  } finally {
    await store.close();
  }
};

/** Objects never change under their key and are written before the event that names them, so all that the log names are there by now. */
const copyObjects = async ({ dataFolder, target, signal, onProgress }: BackupOptions): Promise<void> => {
  const from = join(dataFolder, objectsFolder);
  const paths = (await filesBelow(from)).filter((path) => !path.startsWith(`${INCOMING}/`));
  const folders = new Set(paths.map((path) => dirname(join(target, objectsFolder, path))));
  for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o700 });
  let done = 0;
  await someAtOnce(paths, async (path) => {
    signal.throwIfAborted();
    try {
      await copyFile(join(from, path), join(target, objectsFolder, path));
    } catch (error) {
      if (!isMissing(error)) throw error; // an upload that was refused, taken away meanwhile: no event names it
    }
    onProgress(objectsFolder, ++done, paths.length);
  });
  await someAtOnce([...folders, ...new Set([...folders].map(dirname)), join(target, objectsFolder)], async (folder) => {
    await makeDurably(folder);
    await syncFolder(folder);
  });
};

const copyIfThere = async ({ dataFolder, target }: BackupOptions, name: string): Promise<void> => {
  try {
    await copyFile(join(dataFolder, name), join(target, name));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
};

const entriesOf = async (target: string, onProgress: BackupOptions['onProgress']): Promise<readonly FileEntry[]> => {
  const paths = [...(await filesBelow(target))].sort();
  const entries: FileEntry[] = [];
  for (const path of paths) {
    entries.push({ path, ...(await hashFile(join(target, path))) });
    onProgress('hashes', entries.length, paths.length);
  }
  return entries;
};

/**
 * Copies the data folder as it was at one moment, also while a system runs on it. The erasure list comes last, so that it
 * names everybody whose keys a copy may still have.
 * @throws CommandFailed; what was copied until then is removed
 */
export const takeBackup = async (given: BackupOptions): Promise<Manifest> => {
  const options = { ...given, dataFolder: resolve(given.dataFolder), target: resolve(given.target) };
  const { dataFolder, target, clock, onProgress } = options;
  await checkTarget(dataFolder, target);
  const moment = openMoment(dataFolder);
  const takenAt = new Date(clock.now()).toISOString();
  try {
    await mkdir(target, { recursive: true, mode: 0o700 });
    await copyDatabases(moment, options);
    const { head, keys } = await namedByLog(join(target, logFile), clock);
    for (const name of moment.keys())
      if (options.readModels || !isReadModel(name)) await finishCopy(join(target, name));
    await copyObjects(options);
    await copyIfThere(options, masterKeyFile);
    await copyIfThere(options, demoMark);
    await copyIfThere(options, erasuresFile);

    const files = await entriesOf(target, onProgress);
    const have = new Set(files.map(({ path }) => join(target, path)));
    const missing = [...keys].filter((key) => !have.has(placeOf(join(target, objectsFolder), key).path));
    const content: Manifest = { format: 'autopilot-backup', version: 1, takenAt, head, files: [...files], missing };
    await writeManifest(target, content);
    await syncFolder(dirname(target));
    return content;
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    throw error;
  } finally {
    closeMoment(moment);
  }
};
