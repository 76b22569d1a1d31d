import type { SQLInputValue } from 'node:sqlite';
import type { Comparison, DocumentQuery, Where } from '../port.ts';
import { fieldExpression } from './field.ts';

/** A boolean SQL expression and the values of its placeholders. */
export type Condition = { readonly sql: string; readonly values: readonly SQLInputValue[] };

const all = (conditions: readonly Condition[]): Condition => ({
  sql: conditions.length === 0 ? '1' : conditions.map((each) => each.sql).join(' AND '),
  values: conditions.flatMap((each) => each.values),
});

const equal = (expression: string, value: string | number | boolean | null): Condition =>
  value === null
    ? { sql: `${expression} IS NULL`, values: [] }
    : { sql: `${expression} = ?`, values: [typeof value === 'boolean' ? Number(value) : value] };

const comparison = (field: string, to: Comparison): Condition => {
  const expression = fieldExpression(field);
  if (to === null || typeof to !== 'object') return equal(expression, to);
  if ('in' in to) return { sql: `${expression} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(to.in)] };
  const bounds: Condition[] = [];
  const bound = (operator: string, value: string | number | undefined): void => {
    if (value !== undefined) bounds.push({ sql: `${expression} ${operator} ?`, values: [value] });
  };
  bound('>', to.gt);
  bound('>=', to.gte);
  bound('<', to.lt);
  bound('<=', to.lte);
  return all(bounds);
};

/** All comparisons hold. @throws Error for a field that is no path */
export const conditionOf = (where: Where): Condition =>
  all(Object.entries(where).map(([field, to]) => comparison(field, to)));

type Order = NonNullable<DocumentQuery['order']>;
type After = NonNullable<DocumentQuery['after']>;

/** `ORDER BY` of a query: absent fields come first ascending and last descending, as NULL does in SQLite. */
export const orderOf = (order: Order): string =>
  [
    ...order.map(({ field, direction }) => `${fieldExpression(field)} ${direction === 'asc' ? 'ASC' : 'DESC'}`),
    'id ASC',
  ].join(', ');

/** What lies strictly behind `value` in one field, nearest first; each part is one range of an index. */
const behind = (expression: string, direction: 'asc' | 'desc', value: string | number | null): readonly Condition[] => {
  if (direction === 'asc')
    return [
      value === null ? { sql: `${expression} IS NOT NULL`, values: [] } : { sql: `${expression} > ?`, values: [value] },
    ];
  return value === null
    ? []
    : [
        { sql: `${expression} < ?`, values: [value] },
        { sql: `${expression} IS NULL`, values: [] },
      ];
};

/**
 * The documents behind a cursor as segments that follow each other in the query's order: first those equal in all fields
 * with a greater id, then those equal in all but the last field, and so on. Read one after the other until the page is
 * full: each is an equality prefix and one range, which an OR over all of them would not be to SQLite.
 * @throws Error when the cursor does not fit the order
 */
export const segmentsAfter = (order: Order, after: After | undefined): readonly Condition[] => {
  if (after === undefined) return [all([])];
  if (after.values.length !== order.length) throw new Error('a cursor holds one value for each field of the order');
  const fields = order.map(({ field, direction }, n) => ({
    expression: fieldExpression(field),
    direction,
    value: after.values[n] ?? null,
  }));
  const equalUpTo = (count: number): Condition[] =>
    fields.slice(0, count).map((each) => equal(each.expression, each.value));
  const segments = [all([...equalUpTo(fields.length), { sql: 'id > ?', values: [after.id] }])];
  for (const [n, field] of [...fields.entries()].reverse())
    for (const range of behind(field.expression, field.direction, field.value))
      segments.push(all([...equalUpTo(n), range]));
  return segments;
};
