import { DatabaseSync } from 'node:sqlite';
import { asNumber, asPosition, asText } from '../../documents/sqlite/sql-values.ts';
import type { SignedHeads } from '../proof.port.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS head (
    events INTEGER NOT NULL, signed_at INTEGER NOT NULL, head TEXT NOT NULL, position INTEGER, signature TEXT NOT NULL,
    UNIQUE (events, head)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS verified (only INTEGER PRIMARY KEY CHECK (only = 1), up_to INTEGER) STRICT;
`;

/** The signed heads in a SQLite file of their own (`:memory:` for none), to be backed up with the log. */
export const openSignedHeads = (options: {
  readonly file: string;
  /** Default true: what was answered is on the disk. False: it survives the end of the process only. */
  readonly durable?: boolean;
}): SignedHeads => {
  const { file, durable = true } = options;
  const db = new DatabaseSync(file, { timeout: 5000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  if (!durable) db.exec('PRAGMA synchronous = OFF');
  db.exec(schema);
  const insert = db.prepare(
    'INSERT OR IGNORE INTO head (events, signed_at, head, position, signature) VALUES (?, ?, ?, ?, ?)',
  );
  const all = db.prepare(
    'SELECT events, signed_at, head, cast(position AS TEXT) position, signature FROM head ORDER BY events, signed_at',
  );
  const verified = db.prepare('SELECT cast(up_to AS TEXT) up_to FROM verified');
  const setVerified = db.prepare('INSERT OR REPLACE INTO verified (only, up_to) VALUES (1, ?)');
  return {
    keep: async ({ events, signedAt, head, position, signature }) => {
      insert.run(events, signedAt, head, position ?? null, signature);
    },
    list: async () =>
      all.all().map((row) => ({
        head: asText(row.head),
        events: asNumber(row.events),
        position: asPosition(row.position),
        signedAt: asNumber(row.signed_at),
        signature: asText(row.signature),
      })),
    verifiedUpTo: async () => {
      const row = verified.get();
      return row === undefined ? undefined : asPosition(row.up_to);
    },
    setVerifiedUpTo: async (position) => {
      setVerified.run(position ?? null);
    },
    close: () => db.close(),
  };
};
