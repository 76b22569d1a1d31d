import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { checkFailed } from '../exit-codes.ts';
import { type Database, databases } from './data-files.ts';

/** Read connections that all see their files as they were at one moment, until they are closed. */
export type Moment = ReadonlyMap<Database, DatabaseSync>;

/** The read models' file may be written anew, for an erasure, while we ask. */
const lockPatienceMs = 30_000;

const closeAll = (connections: Iterable<DatabaseSync>): void => {
  for (const connection of connections) connection.close();
};

const locked = (file: string): DatabaseSync => {
  const connection = new DatabaseSync(file, { timeout: lockPatienceMs });
  try {
    connection.exec('BEGIN IMMEDIATE');
    return connection;
  } catch (error) {
    connection.close();
    throw checkFailed(`${file} is in use for longer than ${lockPatienceMs / 1_000} s: ${String(error)}`);
  }
};

const reading = (file: string): DatabaseSync => {
  const connection = new DatabaseSync(file, { timeout: lockPatienceMs });
  connection.exec('BEGIN');
  connection.prepare('SELECT count(*) FROM sqlite_schema').get(); // the snapshot begins with the first read
  return connection;
};

/**
 * Holds every database of the folder still for as long as it takes to open readers (a few milliseconds; a system that runs
 * there waits), so that all of them show one and the same moment: what `kill -9` at that moment would have left. Writers go
 * on at once where the file has a write-ahead log; the secrets file has none, so its reader is to be closed soon.
 * @throws CommandFailed when the folder has no log, or a file can't be held
 */
export const openMoment = (folder: string): Moment => {
  const present = databases.filter((name) => existsSync(join(folder, name)));
  if (!present.includes('log.sqlite')) throw checkFailed(`${folder} is no data folder: it has no log.sqlite`);
  const locks: DatabaseSync[] = [];
  const readers = new Map<Database, DatabaseSync>();
  try {
    for (const name of present) locks.push(locked(join(folder, name)));
    for (const name of present) readers.set(name, reading(join(folder, name)));
    return readers;
  } catch (error) {
    closeAll(readers.values());
    throw error;
  } finally {
    closeAll(locks); // which ends their transactions: nothing was written in them
  }
};

export const closeMoment = (moment: Moment): void => closeAll(moment.values());
