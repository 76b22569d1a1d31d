import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { GenerationRegister } from '../../documents/sqlite/generations.ts';
import type { ReadModelFile } from '../../documents/sqlite/read-model-file.ts';
import { asNumber, asText } from '../../documents/sqlite/sql-values.ts';
import type { AuditIndex, AuditQuery, AuditRow } from '../port.ts';
import { auditTable } from './audit-tables.ts';

const optional = (value: SQLOutputValue | undefined): string | undefined =>
  value === null ? undefined : asText(value);

const read = (row: Record<string, SQLOutputValue>): AuditRow => ({
  n: asNumber(row.n),
  position: BigInt(asText(row.at)),
  stream: asText(row.stream),
  category: asText(row.category),
  revision: BigInt(asText(row.revision_text)),
  id: asText(row.id),
  type: asText(row.type),
  actorId: optional(row.actorId),
  correlationId: optional(row.correlationId),
  causationId: optional(row.causationId),
  commandId: optional(row.commandId),
  occurredAt: optional(row.occurredAt),
  recordedAt: asNumber(row.recordedAt),
  chain: asText(row.chain),
});

const conditions = (query: AuditQuery): { readonly sql: string; readonly values: SQLInputValue[] } => {
  const parts: string[] = ['1'];
  const values: SQLInputValue[] = [];
  const add = (sql: string, value: SQLInputValue | undefined): void => {
    if (value === undefined) return;
    parts.push(sql);
    values.push(value);
  };
  add('stream = ?', query.stream);
  add('category = ?', query.category);
  add('type = ?', query.type);
  add('actorId = ?', query.actorId);
  add('correlationId = ?', query.correlationId);
  add('causationId = ?', query.causationId);
  add('recordedAt >= ?', query.from);
  add('recordedAt < ?', query.to);
  add('position >= ?', query.minPosition);
  add('n > ?', query.after);
  return { sql: parts.join(' AND '), values };
};

/** The audit index named, over its live generation; without one it reads as empty. */
export const auditQueries = (file: ReadModelFile, generations: GenerationRegister, projection: string): AuditIndex => ({
  find: async (query) => {
    const key = generations.liveKey(projection);
    if (key === undefined) return [];
    const { sql, values } = conditions(query);
    return file
      .prepare(
        `SELECT *, cast(position AS TEXT) at, cast(revision AS TEXT) revision_text FROM ${auditTable(key)} WHERE ${sql} ORDER BY n LIMIT ?`,
      )
      .all(...values, BigInt(query.limit))
      .map(read);
  },
  countUpTo: async (position) => {
    const key = generations.liveKey(projection);
    if (key === undefined) return 0;
    const row = file
      .prepare(`SELECT n FROM ${auditTable(key)} WHERE position <= ? ORDER BY position DESC LIMIT 1`)
      .get(position);
    return row === undefined ? 0 : asNumber(row.n);
  },
  checkpoint: async () => {
    const key = generations.liveKey(projection);
    return key === undefined ? undefined : generations.checkpointOf(key);
  },
});
