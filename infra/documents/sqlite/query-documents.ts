import type { SQLOutputValue } from 'node:sqlite';
import type { JsonObject } from '../../../domain/event/definition.ts';
import type { Documents, Found } from '../port.ts';
import type { ChangeCounter } from './changes.ts';
import { conditionOf, orderOf, segmentsAfter } from './conditions.ts';
import type { DocumentCache } from './document-cache.ts';
import { documentTable, parseDocument } from './document-tables.ts';
import type { GenerationRegister } from './generations.ts';
import type { ReadModelFile } from './read-model-file.ts';
import { asNumber, asText } from './sql-values.ts';

/** The query side over the live generations. A projection without one reads as empty. */
export const documentQueries = (
  file: ReadModelFile,
  generations: GenerationRegister,
  changes: ChangeCounter,
  cache: DocumentCache,
): Documents => {
  const read = (key: number, id: string, column: SQLOutputValue | undefined): JsonObject => {
    const text = asText(column);
    const document = parseDocument(text);
    cache.set(key, id, document, text.length);
    return document;
  };

  return {
    changes: changes.of,

    get: async (projection, id) => {
      const key = generations.liveKey(projection);
      if (key === undefined) return undefined;
      const known = cache.get(key, id);
      if (known !== undefined) return known;
      const row = file.prepare(`SELECT document FROM ${documentTable(key)} WHERE id = ?`).get(id);
      return row === undefined ? undefined : read(key, id, row.document);
    },

    getMany: async (projection, ids) => {
      const found = new Map<string, JsonObject>();
      const key = generations.liveKey(projection);
      if (key === undefined) return found;
      const missing = ids.filter((id) => {
        const known = cache.get(key, id);
        if (known !== undefined) found.set(id, known);
        return known === undefined;
      });
      if (missing.length === 0) return found;
      const rows = file
        .prepare(`SELECT id, document FROM ${documentTable(key)} WHERE id IN (SELECT value FROM json_each(?))`)
        .all(JSON.stringify(missing));
      for (const { id, document } of rows) found.set(asText(id), read(key, asText(id), document));
      return found;
    },

    find: async (projection, { where = {}, order = [], after, limit }) => {
      const found: Found[] = [];
      const key = generations.liveKey(projection);
      if (key === undefined) return found;
      const filter = conditionOf(where);
      for (const segment of segmentsAfter(order, after)) {
        if (found.length >= limit) break;
        const rows = file
          .prepare(
            `SELECT id, document FROM ${documentTable(key)} WHERE ${filter.sql} AND ${segment.sql} ORDER BY ${orderOf(order)} LIMIT ?`,
          )
          .all(...filter.values, ...segment.values, BigInt(limit - found.length));
        for (const row of rows) found.push({ id: asText(row.id), document: parseDocument(asText(row.document)) });
      }
      return found;
    },

    count: async (projection, where = {}) => {
      const key = generations.liveKey(projection);
      if (key === undefined) return 0;
      const filter = conditionOf(where);
      return asNumber(
        file.prepare(`SELECT count(*) n FROM ${documentTable(key)} WHERE ${filter.sql}`).get(...filter.values)?.n,
      );
    },

    position: async (projection) => {
      const key = generations.liveKey(projection);
      return key === undefined ? undefined : generations.checkpointOf(key);
    },
  };
};
