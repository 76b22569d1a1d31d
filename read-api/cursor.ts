import { z } from 'zod';
import { domainError } from '../domain/errors.ts';

export type CursorValue = string | number | null;
/** Where a page ended: the sort values and the id of its last item. */
export type Keyset = { readonly values: readonly CursorValue[]; readonly id: string };

const cursorShape = z.strictObject({
  l: z.string(),
  v: z.array(z.union([z.string(), z.number(), z.null()])),
  i: z.string(),
});

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined; // no JSON: no cursor
  }
};

/** Opaque text of a keyset; `list` names the list it belongs to. */
export const encodeCursor = (list: string, { values, id }: Keyset): string =>
  Buffer.from(JSON.stringify({ l: list, v: values, i: id })).toString('base64url');

/**
 * The keyset of a cursor of this list, with `count` sort values.
 * @throws DomainError INVALID_CURSOR when it is broken or of another list
 */
export const decodeCursor = (list: string, cursor: string, count: number): Keyset => {
  const parsed = cursorShape.safeParse(jsonOf(cursor));
  if (!parsed.success || parsed.data.l !== list || parsed.data.v.length !== count) throw domainError('INVALID_CURSOR');
  return { values: parsed.data.v, id: parsed.data.i };
};

/** A page of what is in memory already, by ids that are unique. @throws DomainError INVALID_CURSOR */
export const pageOfAll = <Item>(
  list: string,
  all: readonly Item[],
  idOf: (item: Item) => string,
  ask: { readonly limit: number; readonly cursor?: string | undefined },
): { readonly items: Item[]; readonly nextCursor: string | null } => {
  let start = 0;
  if (ask.cursor !== undefined) {
    const { id } = decodeCursor(list, ask.cursor, 0);
    start = all.findIndex((item) => idOf(item) === id) + 1;
    if (start === 0) throw domainError('INVALID_CURSOR');
  }
  const items = all.slice(start, start + ask.limit);
  const last = items.at(-1);
  const more = last !== undefined && start + items.length < all.length;
  return { items, nextCursor: more ? encodeCursor(list, { values: [], id: idOf(last) }) : null };
};
