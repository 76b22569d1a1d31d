import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { providerOf } from './world.ts';

type Row = Readonly<Record<string, unknown>>;

/** The end of a month is nothing to wait for, nor are the weeks in which a bank may return what was paid. */
const isFarOff = ({ process, since, payout }: Row): boolean =>
  since === null &&
  (process === 'books' || (payout instanceof Object && 'status' in payout && payout.status === 'paid'));

/** Whether a document of the desk says that something is still to come which is no operator's. */
export const isOwed = (document: Row): boolean =>
  !isFarOff(document) &&
  (document.dueAt !== null || !Array.isArray(document.owes) || document.owes.some((step) => step !== 'awaitOperator'));

const reading = <T>(path: string, read: (file: DatabaseSync) => T): T => {
  const file = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  try {
    return read(file);
  } finally {
    file.close();
  }
};

/** The position of the newest event of the log in a folder; -1 in an empty one. */
export const headAt = (dir: string): bigint =>
  BigInt(
    String(
      reading(
        join(dir, 'log.sqlite'),
        (file) => file.prepare('SELECT coalesce(max(position), -1) AS head FROM event').get()?.head,
      ),
    ),
  );

/** What a process on the folder still owes, from its files; undefined while its read models are behind its log. */
export const owedAt = (dir: string): readonly string[] | undefined => {
  const head = headAt(dir);
  const tasks = reading(join(dir, 'read-models.sqlite'), (file) => {
    const live = file.prepare("SELECT projection, key, checkpoint FROM generations WHERE state = 'live'").all();
    const desk = live.find(({ projection }) => projection === 'desk');
    if (desk === undefined || live.some(({ checkpoint }) => String(checkpoint) !== String(head))) return undefined;
    return file.prepare(`SELECT document FROM documents_${String(desk.key)}`).all();
  });
  const { webhooksOwed } = providerOf(dir);
  return tasks
    ?.map(({ document }): Row => JSON.parse(String(document)))
    .filter(isOwed)
    .map(({ process, key, owes, dueAt }) => `${process} ${key} ${JSON.stringify(owes)} due ${dueAt}`)
    .concat(webhooksOwed > 0 ? [`${webhooksOwed} webhooks`] : []);
};

export const isQuietAt = (dir: string): boolean => owedAt(dir)?.length === 0;
