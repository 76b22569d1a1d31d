/**
 * The databases of a data folder (infra/local/embedded-ports.ts), in the order in which they are held still: the one that may
 * be busy for long first, the log last, for everybody waits for it. `lock.sqlite` says only that a process runs.
 */
export const databases = [
  'read-models.sqlite',
  'read-models-people.sqlite',
  'audit-heads.sqlite',
  'outbox.sqlite',
  'simulated-provider.sqlite',
  'secrets.sqlite',
  'log.sqlite',
] as const;
export type Database = (typeof databases)[number];

export const logFile = 'log.sqlite' satisfies Database;
export const secretsFile = 'secrets.sqlite' satisfies Database;
/** They can be left out: they are built anew from the log. */
export const isReadModel = (name: Database): boolean => name.startsWith('read-models');
/** Whoever is on it is erased again at the start of whatever is restored. */
export const erasuresFile = 'erasures.ndjson';
/** Absent where MASTER_KEY is configured. */
export const masterKeyFile = 'master.key';
export const objectsFolder = 'objects';
export const lockFile = 'lock.sqlite';
