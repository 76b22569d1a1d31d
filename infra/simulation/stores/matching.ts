import type { JsonObject } from '../../../domain/event/definition.ts';
import type { Comparison, DocumentQuery, Found, Where } from '../../documents/port.ts';

/** What a field is to a query: as in SQLite, true is 1, a list is its text, and what is missing is null. */
type Value = string | number | null;

const path = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/;

const fieldOf = (document: JsonObject, field: string): Value => {
  let at: unknown = document;
  for (const name of field.split('.')) {
    if (typeof at !== 'object' || at === null || Array.isArray(at)) return null;
    at = Reflect.get(at, name);
  }
  if (at === undefined || at === null) return null;
  if (typeof at === 'string' || typeof at === 'number') return at;
  return typeof at === 'boolean' ? Number(at) : JSON.stringify(at);
};

const rank = (value: Value): number => (value === null ? 0 : typeof value === 'number' ? 1 : 2);

/** Nothing before numbers before texts. */
const compare = (a: Value, b: Value): number => {
  if (a === b) return 0;
  const ranks = rank(a) - rank(b);
  if (ranks !== 0 || a === null || b === null) return ranks;
  return a < b ? -1 : 1;
};

const holds = (value: Value, to: Comparison): boolean => {
  if (to === null || typeof to !== 'object') return value === (typeof to === 'boolean' ? Number(to) : to);
  if (value === null) return false;
  if ('in' in to) return to.in.some((each) => each === value);
  return (
    (to.gt === undefined || compare(value, to.gt) > 0) &&
    (to.gte === undefined || compare(value, to.gte) >= 0) &&
    (to.lt === undefined || compare(value, to.lt) < 0) &&
    (to.lte === undefined || compare(value, to.lte) <= 0)
  );
};

const assertFields = (fields: readonly string[]): void => {
  for (const field of fields) if (!path.test(field)) throw new Error(`not a field path: ${JSON.stringify(field)}`);
};

/** Whether all comparisons hold. @throws Error for a field that is no path */
export const matcher = (where: Where): ((document: JsonObject) => boolean) => {
  const wanted = Object.entries(where);
  assertFields(wanted.map(([field]) => field));
  return (document) => wanted.every(([field, to]) => holds(fieldOf(document, field), to));
};

/** A page of what a query finds among `all`. @throws Error for a field that is no path, or a cursor that does not fit */
export const pageOf = (all: Iterable<Found>, query: DocumentQuery): readonly Found[] => {
  const { where = {}, order = [], after, limit } = query;
  assertFields(order.map(({ field }) => field));
  if (after !== undefined && after.values.length !== order.length)
    throw new Error('a cursor holds one value for each field of the order');
  const matching = matcher(where);
  const rows: { readonly found: Found; readonly keys: readonly Value[] }[] = [];
  for (const found of all)
    if (matching(found.document)) rows.push({ found, keys: order.map(({ field }) => fieldOf(found.document, field)) });
  const compareRows = (keys: readonly Value[], id: string, others: readonly Value[], otherId: string): number => {
    for (const [n, { direction }] of order.entries()) {
      const difference = compare(keys[n] ?? null, others[n] ?? null);
      if (difference !== 0) return direction === 'asc' ? difference : -difference;
    }
    return id < otherId ? -1 : id > otherId ? 1 : 0;
  };
  return rows
    .filter(({ found, keys }) => after === undefined || compareRows(keys, found.id, after.values, after.id) > 0)
    .sort((a, b) => compareRows(a.keys, a.found.id, b.keys, b.found.id))
    .slice(0, limit)
    .map(({ found }) => found);
};
