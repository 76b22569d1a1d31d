/** A word of a text: as typed (what FTS5 is asked for) and folded (how FTS5's vocabulary spells it). */
export type Word = { readonly typed: string; readonly folded: string };

/** Words of a query beyond these are not looked at. */
const wordsOfQuery = 24;

const fold = (word: string): string =>
  word
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();

/**
 * The words of a text, as the tokenizer `unicode61 remove_diacritics 2` sees them: runs of letters and digits, without
 * case and accents. What else stands there (`c++`, quotes, `AND`, parentheses) has no meaning.
 */
export const wordsOf = (text: string): readonly Word[] =>
  (text.match(/[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{M}]*/gu) ?? []).map((typed) => ({ typed, folded: fold(typed) }));

/** The different words of a query. */
export const queryWords = (text: string): readonly Word[] => {
  const unique = new Map<string, Word>();
  for (const word of wordsOf(text)) if (!unique.has(word.folded)) unique.set(word.folded, word);
  return [...unique.values()].slice(0, wordsOfQuery);
};

/** An FTS5 expression for documents (or titles) with all these words; every word is quoted, so no text is syntax. */
export const matchExpression = (words: readonly Word[], column?: 'title'): string => {
  const all = words.map(({ typed }) => `"${typed}"`).join(' AND ');
  return column === undefined ? all : `${column} : (${all})`;
};

/** True when one letter more, less, other, or two neighbours swapped, make `a` into `b` (or they are equal). */
export const withinOneEdit = (a: string, b: string): boolean => {
  if (Math.abs(a.length - b.length) > 1) return false;
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const left = a.slice(head, a.length - tail);
  const right = b.slice(head, b.length - tail);
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
};
