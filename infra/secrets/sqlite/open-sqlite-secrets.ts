import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import type { Random } from '../../random/port.ts';
import { atomically } from '../../sqlite/atomically.ts';
import { transactionGroup } from '../../sqlite/transaction-group.ts';
import type { Secret, SecretStore } from '../port.ts';
import { schema } from './schema.ts';
import { open, seal } from './seal.ts';
import { slotsIn } from './slots.ts';

const checkLabel = 'master key check';
const busyTimeoutMs = 5000;

type Row = Record<string, SQLOutputValue>;

const keepMasterKeyCheck = (db: DatabaseSync, masterKey: Uint8Array, random: Random): void => {
  const made = seal(new Uint8Array(0), checkLabel, masterKey, random);
  db.prepare('INSERT OR IGNORE INTO master_key_check (only, wrapped) VALUES (1, ?)').run(made);
};

/** Refuses a master key that is not the one the file was made with. */
const checkMasterKey = (db: DatabaseSync, masterKey: Uint8Array): void => {
  const wrapped = db.prepare('SELECT wrapped FROM master_key_check').get()?.wrapped;
  try {
    open(wrapped instanceof Uint8Array ? wrapped : new Uint8Array(0), checkLabel, masterKey);
  } catch {
    throw new Error('MASTER_KEY is not the key that the secrets file was made with');
  }
};

/**
 * A secret store in a SQLite file of its own (made with mode 0600), values wrapped under `masterKey` (32 bytes). Several
 * processes may share the file. Puts of one turn of the event loop share one transaction and its fsyncs, on the calling thread;
 * whatever else is asked meanwhile finds them done. The file `:memory:` is none.
 * @throws Error when the file was made with another master key
 */
export const openSqliteSecrets = (options: {
  readonly file: string;
  readonly masterKey: Uint8Array;
  readonly random: Random;
  /** Whatever writes throws; the file must be there. Default false. */
  readonly readOnly?: boolean;
  /** Default true: what was answered is on the disk. False: it survives the end of the process only. */
  readonly durable?: boolean;
}): SecretStore => {
  const { file, masterKey, random, readOnly = false, durable = true } = options;
  if (file !== ':memory:' && !readOnly) {
    mkdirSync(dirname(file), { recursive: true });
    closeSync(openSync(file, 'a', 0o600));
  }
  const db = new DatabaseSync(file, { timeout: busyTimeoutMs, readOnly });
  try {
    if (!readOnly) {
      db.exec(schema);
      if (!durable) db.exec('PRAGMA synchronous = OFF');
      keepMasterKeyCheck(db, masterKey, random);
    }
    checkMasterKey(db, masterKey);
  } catch (error) {
    db.close();
    throw error;
  }

  const slots = slotsIn(db);
  const columns = 'secret.kind, secret.id, secret.version, secret.slot, slot.bytes';
  const joined = `SELECT ${columns} FROM secret JOIN slot ON slot.number = secret.slot`;
  const one = db.prepare(`${joined} WHERE kind = ? AND id = ?`);
  const many = db.prepare(`${joined} WHERE kind = ? AND id IN (SELECT value FROM json_each(?))`);
  const ofOwner = db.prepare(`${joined} WHERE owner = ? AND (kind = ? OR ? IS NULL) ORDER BY kind, id`);
  const expired = db.prepare(`${joined} WHERE expires_at <= ?`);
  const insert = db.prepare(
    'INSERT INTO secret (version, owner, expires_at, slot, kind, id) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const update = db.prepare(
    'UPDATE secret SET version = ?, owner = ?, expires_at = ?, slot = ? WHERE kind = ? AND id = ?',
  );
  const erase = db.prepare('DELETE FROM secret WHERE kind = ? AND id = ?');

  const label = (kind: unknown, id: unknown): string => JSON.stringify([kind, id]);
  const secretOf = ({ kind, id, version, bytes }: Row): Secret => {
    if (!(bytes instanceof Uint8Array)) throw new Error(`secret ${label(kind, id)} holds no bytes`);
    return { id: String(id), version: Number(version), value: open(bytes, label(kind, id), masterKey) };
  };
  const group = transactionGroup(db);
  const removeAll = (select: () => readonly Row[]): void => {
    group.flush();
    atomically(db, () => {
      for (const { kind, id, slot } of select()) {
        slots.free(Number(slot));
        erase.run(String(kind), String(id));
      }
    });
  };

  return {
    get: async (kind, id) => {
      group.flush();
      const row = one.get(kind, id);
      return row && secretOf(row);
    },
    getMany: async (kind, ids) => {
      group.flush();
      return new Map(many.all(kind, JSON.stringify(ids)).map((row) => [String(row.id), secretOf(row)]));
    },
    put: async (kind, id, value, expected, { owner = null, expiresAt = null } = {}) => {
      const bytes = seal(value, label(kind, id), masterKey, random);
      return group.run(() => {
        const present = one.get(kind, id);
        if ((present?.version ?? 'absent') !== expected) return false;
        const version = expected === 'absent' ? 1 : expected + 1;
        const slot = present ? slots.replace(Number(present.slot), bytes) : slots.take(bytes);
        (present ? update : insert).run(version, owner, expiresAt, slot, kind, id);
        return true;
      });
    },
    remove: async (kind, id) => removeAll(() => one.all(kind, id)),
    listByOwner: async (kind, owner) => {
      group.flush();
      return ofOwner.all(owner, kind, kind).map(secretOf);
    },
    removeByOwner: async (owner, kind = undefined) => removeAll(() => ofOwner.all(owner, kind ?? null, kind ?? null)),
    removeExpired: async (nowMs) => removeAll(() => expired.all(nowMs)),
    close: async () => {
      group.flush();
      db.close();
    },
  };
};
