import type { DatabaseSync } from 'node:sqlite';
import type { EventFilter } from '../port.ts';
import { integer, text } from './columns.ts';

/** The dictionary of (category, type) pairs, all of it in memory: a product has some hundred. */
export type Kinds = {
  /** The number of a pair; a new pair is written, so only inside a transaction. */
  idOf(category: string, type: string): number;
  /**
   * The event type of a number. One that stands in no dictionary (somebody changed the file) reads as a name that no event has:
   * the event is shown, parked and convicted like any that nobody understands, and the log behind it can still be read.
   */
  typeOf(id: number): string;
  /** The numbers a filter lets through, or `all` when it leaves nothing out. Sees what another process added. */
  matching(filter: EventFilter | undefined): readonly number[] | 'all';
  /** Reads the dictionary again: after a rollback, which may have taken back new pairs. */
  reload(): void;
};

export const openKinds = (database: DatabaseSync): Kinds => {
  const all = database.prepare('SELECT id, category, type FROM kind ORDER BY id');
  const newest = database.prepare('SELECT coalesce(max(id), 0) AS id FROM kind');
  const insert = database.prepare('INSERT INTO kind (category, type) VALUES (?, ?) RETURNING id');
  const byId = new Map<number, { readonly category: string; readonly type: string }>();
  const byName = new Map<string, Map<string, number>>();

  const add = (id: number, category: string, type: string): void => {
    byId.set(id, { category, type });
    const types = byName.get(category) ?? new Map<string, number>();
    byName.set(category, types.set(type, id));
  };
  const reload = (): void => {
    byId.clear();
    byName.clear();
    for (const row of all.all()) add(integer(row.id), text(row.category), text(row.type));
  };
  reload();
  const refresh = (): void => {
    if (integer(newest.get()?.id) !== byId.size) reload();
  };

  return {
    idOf: (category, type) => {
      const known = byName.get(category)?.get(type);
      if (known !== undefined) return known;
      const id = integer(insert.get(category, type)?.id);
      add(id, category, type);
      return id;
    },
    typeOf: (id) => {
      if (!byId.has(id)) refresh();
      return byId.get(id)?.type ?? `unknown kind ${id}`;
    },
    matching: (filter) => {
      if (filter?.categories === undefined && filter?.types === undefined) return 'all';
      refresh();
      const { categories, types } = filter;
      const ids: number[] = [];
      for (const [id, kind] of byId) {
        if (categories !== undefined && !categories.includes(kind.category)) continue;
        if (types !== undefined && !types.includes(kind.type)) continue;
        ids.push(id);
      }
      return ids.length === byId.size ? 'all' : ids;
    },
    reload,
  };
};
