import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Clock } from '../../clock/port.ts';
import type { SecretStore } from '../../secrets/port.ts';
import { transactionGroup } from '../../sqlite/transaction-group.ts';
import type { KeptMail, Mailer, Outbox } from '../port.ts';

const kind = 'mail';
/** Mails are gathered for so many turns of the event loop: no time while little happens, one transaction for many while much does. */
const turnsGathered = 8;
const keptMs = 30 * 24 * 3_600_000;

const keptMail = z.object({
  id: z.string(),
  personId: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  at: z.number(),
});

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS mail (
    n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL
  ) STRICT;
`;

/**
 * The embedded mailer: mails for a developer to read, kept 30 days. What is in them lies in the secret store, owned by
 * the person, so that it is erased with the person's other secrets; `file` only holds their order (ids and times).
 */
export const openOutbox = (options: {
  readonly file: string;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  /** Default true: what was answered is on the disk. False: it survives the end of the process only. */
  readonly durable?: boolean;
}): Mailer & Outbox & { close(): void } => {
  const { file, secrets, clock, durable = true } = options;
  const db = new DatabaseSync(file, { timeout: 5_000 });
  db.exec(schema);
  if (!durable) db.exec('PRAGMA synchronous = OFF');
  const add = db.prepare('INSERT OR IGNORE INTO mail (id, at) VALUES (?, ?)');
  const forget = db.prepare('DELETE FROM mail WHERE at <= ?');
  const group = transactionGroup(db);
  let gathering: Promise<void> | undefined;
  const gathered = (): Promise<void> => {
    gathering ??= new Promise((resolve) => {
      let left = turnsGathered;
      const turn = (): void => {
        left -= 1;
        if (left > 0) setImmediate(turn);
        else {
          gathering = undefined;
          resolve();
        }
      };
      setImmediate(turn);
    });
    return gathering;
  };
  const page = db.prepare('SELECT n, id FROM mail WHERE n < ? ORDER BY n DESC LIMIT ?');

  return {
    send: async (mail) => {
      const at = clock.now();
      const kept: KeptMail = { ...mail, at };
      const value = Buffer.from(JSON.stringify(kept));
      await gathered();
      // The first with this id is the one that is kept; a crash before the next line is made good by the repeat.
      await secrets.put(kind, mail.id, value, 'absent', { owner: mail.personId, expiresAt: at + keptMs });
      await group.run(() => {
        forget.run(at - keptMs);
        add.run(mail.id, at);
      });
    },
    list: async (limit, before = Number.MAX_SAFE_INTEGER) => {
      const rows = page.all(before, limit).map(({ n, id }) => ({ n: Number(n), id: String(id) }));
      const found = await secrets.getMany(
        kind,
        rows.map(({ id }) => id),
      );
      const mails = rows.flatMap(({ id }): KeptMail[] => {
        const secret = found.get(id);
        return secret === undefined ? [] : [keptMail.parse(JSON.parse(Buffer.from(secret.value).toString()))];
      });
      const last = rows.at(-1);
      return last === undefined || rows.length < limit ? { mails } : { mails, next: last.n };
    },
    close: () => {
      group.flush();
      db.close();
    },
  };
};
