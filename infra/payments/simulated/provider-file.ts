import { DatabaseSync } from 'node:sqlite';
import { atomically } from '../../sqlite/atomically.ts';
import { transactionGroup } from '../../sqlite/transaction-group.ts';
import type { ChargeState, PayoutState, ProviderMoney, RefundState } from '../port.ts';

export type ChargeRecord = {
  readonly paymentId: string;
  /** Absent when the charge was abandoned before the provider ever heard of it. */
  readonly terms?: { readonly orderId: string; readonly amount: ProviderMoney; readonly method: string };
  readonly state: ChargeState;
  /** Minor units refunded so far, in the currency of the charge. */
  readonly refunded: number;
};
export type RefundRecord = {
  readonly refundId: string;
  readonly paymentId: string;
  readonly amount: ProviderMoney;
  readonly state: RefundState;
};
export type PayoutRecord = {
  readonly payoutId: string;
  readonly account: string;
  readonly amount: ProviderMoney;
  readonly state: PayoutState;
};
export type DisputeRecord = {
  readonly disputeId: string;
  readonly paymentId: string;
  readonly amount: ProviderMoney;
  readonly reason: string;
  readonly status: 'opened' | 'won' | 'lost';
};
type Records = {
  readonly charge: ChargeRecord;
  readonly refund: RefundRecord;
  readonly payout: PayoutRecord;
  readonly dispute: DisputeRecord;
};

/** How webhooks misbehave: `delayMs` late, each sent `copies` times, in random order when `shuffle`. */
export type WebhookChaos = { readonly delayMs: number; readonly copies: number; readonly shuffle: boolean };

/** One delivery that is owed. `rank` orders what is due at the same time; `subject` is what the message is about. */
export type OwedDelivery = {
  readonly eventId: string;
  readonly subject: string;
  readonly body: string;
  readonly dueAt: number;
  readonly rank: number;
};
export type DueDelivery = {
  readonly seq: number;
  readonly subject: string;
  readonly body: string;
  readonly attempts: number;
};

export type ProviderFile = {
  /** Runs `work` in one transaction, durable when it returns; rolled back when it throws. */
  atomically<T>(work: () => T): T;
  /** As `atomically`, in one transaction with what else is asked in this turn of the event loop. */
  together<T>(work: () => T): Promise<T>;
  find<K extends keyof Records>(kind: K, id: string): Records[K] | undefined;
  /** `dueAt` (ms since the epoch): when the record moves on by itself; undefined: it rests. */
  save<K extends keyof Records>(kind: K, id: string, record: Records[K], dueAt?: number): void;
  duePayouts(now: number): readonly PayoutRecord[];
  readSetting(key: string): string | undefined;
  writeSetting(key: string, value: string): void;
  owe(delivery: OwedDelivery): void;
  dueDeliveries(now: number, limit: number): readonly DueDelivery[];
  delivered(seq: number): void;
  /** The delivery failed: it is owed again at `retryAt`. */
  retry(seq: number, retryAt: number, error: string): void;
  /** When the next delivery or payout step is due (ms since the epoch). */
  nextDue(): number | undefined;
  close(): void;
};

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL, id TEXT NOT NULL, record TEXT NOT NULL, due_at INTEGER, PRIMARY KEY (kind, id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS records_due ON records (due_at) WHERE due_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL,
    due_at INTEGER NOT NULL, rank REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, last_error TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due_at);
`;

/**
 * Opens (and creates) the provider's own database at the path `file`. One process at a time may own it. Where it is not
 * `durable`, what was answered survives the end of the process only.
 */
export const openProviderFile = (file: string, durable = true): ProviderFile => {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  db.exec(schema);
  if (!durable) db.exec('PRAGMA synchronous = OFF');
  const selectRecord = db.prepare('SELECT record FROM records WHERE kind = ? AND id = ?');
  const upsertRecord = db.prepare(
    `INSERT INTO records (kind, id, record, due_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (kind, id) DO UPDATE SET record = excluded.record, due_at = excluded.due_at`,
  );
  const selectDueRecords = db.prepare(
    `SELECT record FROM records WHERE due_at <= ? AND kind = 'payout' ORDER BY due_at, id`,
  );
  const selectSetting = db.prepare('SELECT value FROM settings WHERE key = ?');
  const upsertSetting = db.prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)');
  const insertDelivery = db.prepare(
    'INSERT INTO outbox (event_id, subject, body, due_at, rank) VALUES (?, ?, ?, ?, ?)',
  );
  const selectDueDeliveries = db.prepare(
    'SELECT seq, subject, body, attempts FROM outbox WHERE due_at <= ? ORDER BY rank, seq LIMIT ?',
  );
  const deleteDelivery = db.prepare('DELETE FROM outbox WHERE seq = ?');
  const postponeDelivery = db.prepare(
    'UPDATE outbox SET attempts = attempts + 1, due_at = ?, last_error = ? WHERE seq = ?',
  );
  const selectNextDue = db.prepare(
    `SELECT min(at) AS at FROM (
       SELECT min(due_at) AS at FROM outbox
       UNION ALL SELECT min(due_at) FROM records WHERE due_at IS NOT NULL
     )`,
  );

  const group = transactionGroup(db);

  return {
    atomically: (work) => {
      group.flush();
      return atomically(db, work);
    },
    together: group.run,
    find: (kind, id) => {
      const row = selectRecord.get(kind, id);
      return row === undefined ? undefined : JSON.parse(String(row.record));
    },
    save: (kind, id, record, dueAt) => {
      upsertRecord.run(kind, id, JSON.stringify(record), dueAt ?? null);
    },
    duePayouts: (now) => selectDueRecords.all(now).map((row) => JSON.parse(String(row.record))),
    readSetting: (key) => {
      const row = selectSetting.get(key);
      return row === undefined ? undefined : String(row.value);
    },
    writeSetting: (key, value) => {
      upsertSetting.run(key, value);
    },
    owe: ({ eventId, subject, body, dueAt, rank }) => {
      insertDelivery.run(eventId, subject, body, dueAt, rank);
    },
    dueDeliveries: (now, limit) =>
      selectDueDeliveries.all(now, limit).map((row) => ({
        seq: Number(row.seq),
        subject: String(row.subject),
        body: String(row.body),
        attempts: Number(row.attempts),
      })),
    delivered: (seq) => {
      deleteDelivery.run(seq);
    },
    retry: (seq, retryAt, error) => {
      postponeDelivery.run(retryAt, error, seq);
    },
    nextDue: () => {
      const at = selectNextDue.get()?.at;
      return at === null || at === undefined ? undefined : Number(at);
    },
    close: () => {
      group.flush();
      db.close();
    },
  };
};
