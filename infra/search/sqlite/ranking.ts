import { unreachable } from '../../../domain/unreachable.ts';
import type { SearchSort } from '../port.ts';
import type { Columns } from './columns.ts';
import type { Cursor } from './cursor.ts';

/** An order: two keys, greater first, then the id ascending. */
export type Order = { readonly first: (row: number) => number; readonly second: (row: number) => number };

const zero = (): number => 0;

/** The orders that follow from an entry's own facts. */
export const factOrder = (columns: Columns, sort: Exclude<SearchSort, 'relevance'>): Order => {
  const newest = (row: number): number => columns.publishedAt[row] ?? 0;
  const price = (row: number): number => columns.price[row] ?? 0;
  const sold = (row: number): number => columns.sold[row] ?? 0;
  switch (sort) {
    case 'newest':
      return { first: newest, second: zero };
    case 'price':
      return { first: (row) => -price(row), second: zero };
    case '-price':
      return { first: price, second: zero };
    case 'rating':
      return { first: (row) => columns.rating[row] ?? 0, second: sold };
    case 'bestselling':
      return { first: sold, second: zero };
    default:
      return unreachable(sort);
  }
};

/** Where an entry stands in an order. */
export type Place = { readonly first: number; readonly second: number; readonly id: string };
export type Placed = Place & { readonly row: number };

/** Negative when `a` comes before `b`. */
export const comparePlaces = (a: Place, b: Place): number =>
  b.first - a.first || b.second - a.second || (a.id === b.id ? 0 : a.id < b.id ? -1 : 1);

/** The best `limit` rows strictly behind the cursor, in order: one pass, keeping only the best so far. */
export const bestAfter = (
  columns: Columns,
  rows: Uint32Array,
  order: Order,
  after: Cursor['k'] | undefined,
  limit: number,
): readonly Placed[] => {
  const bound = after === undefined ? undefined : { first: after[0], second: after[1], id: after[2] };
  const best: Placed[] = [];
  for (const row of rows) {
    const worstOfAll = best.length === limit ? best.at(-1) : undefined;
    // Most rows end here: without a place of their own, and without their id being looked at.
    if (worstOfAll !== undefined && order.first(row) < worstOfAll.first) continue;
    const placed = { row, first: order.first(row), second: order.second(row), id: columns.ids[row] ?? '' };
    if (bound !== undefined && comparePlaces(placed, bound) <= 0) continue;
    if (worstOfAll !== undefined && comparePlaces(placed, worstOfAll) >= 0) continue;
    let low = 0;
    let high = best.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const there = best[middle];
      if (there !== undefined && comparePlaces(there, placed) < 0) low = middle + 1;
      else high = middle;
    }
    best.splice(low, 0, placed);
    if (best.length > limit) best.pop();
  }
  return best;
};
