import type { Json } from '../../../domain/event/definition.ts';
import type { GenerationTables, ReadModelFile } from '../../documents/sqlite/read-model-file.ts';
import { asNumber, asText } from '../../documents/sqlite/sql-values.ts';
import { emptyChain, nextHead } from '../hash-chain.ts';

export const auditTable = (key: number): string => `audit_${key}`;

/** Columns that a row's document carries under their own names, each with its index. */
const texts = [
  'stream',
  'category',
  'id',
  'type',
  'actorId',
  'correlationId',
  'causationId',
  'commandId',
  'occurredAt',
] as const;
const indexed = ['stream', 'category', 'type', 'actorId', 'correlationId', 'causationId', 'recordedAt'] as const;

const text = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);

/** Rows are only appended; each gets the next number and the next head of the chain in the transaction that moves the checkpoint. */
export const auditTables = (file: ReadModelFile): GenerationTables => ({
  create: (key) => {
    const table = auditTable(key);
    file.exec(`CREATE TABLE ${table} (
      n INTEGER PRIMARY KEY, position INTEGER NOT NULL UNIQUE, revision INTEGER NOT NULL, recordedAt INTEGER NOT NULL,
      chain TEXT NOT NULL, ${texts.map((column) => `${column} TEXT`).join(', ')}
    ) STRICT`);
    for (const column of indexed)
      file.exec(`CREATE INDEX ${table}_${column} ON ${table} (${column}, n) WHERE ${column} IS NOT NULL`);
  },
  drop: (key) => file.exec(`DROP TABLE ${auditTable(key)}`),
  load: () => new Map(),
  write: (key, puts) => {
    if (puts.length === 0) return;
    const table = auditTable(key);
    const last = file.prepare(`SELECT n, chain FROM ${table} ORDER BY n DESC LIMIT 1`).get();
    let n = last === undefined ? 0 : asNumber(last.n);
    let chain = last === undefined ? emptyChain : asText(last.chain);
    const insert = file.prepare(
      `INSERT INTO ${table} (n, position, revision, recordedAt, chain, ${texts.join(', ')}) VALUES (?, ?, ?, ?, ?, ${texts.map(() => '?').join(', ')})`,
    );
    for (const { position, document } of puts) {
      n += 1;
      const recordedAt = typeof document.recordedAt === 'number' ? document.recordedAt : 0;
      const revision = BigInt(text(document.revision) ?? 0);
      const of = (name: string): string => text(document[name]) ?? '';
      const named = { stream: of('stream'), id: of('id'), type: of('type') };
      const hashes = { dataHash: of('dataHash'), metadataHash: of('metadataHash') };
      chain = nextHead(chain, { ...named, revision, ...hashes });
      insert.run(
        BigInt(n),
        position,
        revision,
        BigInt(Math.trunc(recordedAt)),
        chain,
        ...texts.map((column) => text(document[column])),
      );
    }
  },
});
