import type { Columns } from './columns.ts';
import type { Cursor } from './cursor.ts';
import { comparePlaces, type Order, type Place, type Placed } from './ranking.ts';

/** All entries in one order, kept while they come and go: a page is found by its cursor, not by looking at every entry. */
export type SortedRows = {
  /** The first `limit` strictly behind the cursor. */
  page(after: Cursor['k'] | undefined, limit: number): readonly Placed[];
  /** Runs `change`, which puts, replaces or removes the entry of this row. */
  around(row: number, change: () => void): void;
};

/** Sorts once; a change of one entry then costs two searches and a shift, or nothing when its keys stay. */
export const sortedRows = (columns: Columns, order: Order): SortedRows => {
  const placeOf = (row: number): Placed => {
    const id = columns.ids[row] ?? '';
    return { row, first: order.first(row), second: order.second(row), id };
  };
  const rows = [...columns.rows()]
    .map(placeOf)
    .sort(comparePlaces)
    .map(({ row }) => row);

  /** How many rows come before the place. */
  const before = (place: Place): number => {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comparePlaces(placeOf(rows[middle] ?? 0), place) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const known = (row: number): Placed | undefined => (columns.ids[row] === undefined ? undefined : placeOf(row));

  return {
    page: (after, limit) => {
      if (after === undefined) return rows.slice(0, limit).map(placeOf);
      const cursor = { first: after[0], second: after[1], id: after[2] };
      let start = before(cursor);
      const there = rows[start];
      if (there !== undefined && comparePlaces(placeOf(there), cursor) === 0) start += 1;
      return rows.slice(start, start + limit).map(placeOf);
    },
    around: (row, change) => {
      const old = known(row);
      const from = old === undefined ? -1 : before(old);
      change();
      const now = known(row);
      if (old !== undefined && now !== undefined && comparePlaces(old, now) === 0) return;
      if (from >= 0) rows.splice(from, 1);
      if (now !== undefined) rows.splice(before(now), 0, row);
    },
  };
};
