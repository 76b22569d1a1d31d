import { withinOneEdit, wordsOf } from './words.ts';

/**
 * The words of the index with about how many documents hold each. Documents that come later add their words; words of removed
 * ones stay, so whoever takes a word from here asks the index whether it still matches.
 */
export type Vocabulary = {
  addText(text: string): void;
  /** Words one edit or swap away, most documents first. */
  near(word: string): readonly string[];
  /** Words that begin so, most documents first. */
  startingWith(prefix: string): readonly string[];
};

const shortestCorrected = 3;

/** A vocabulary from words and their document counts. */
export const vocabularyOf = (entries: Iterable<readonly [string, number]>): Vocabulary => {
  const counts = new Map(entries);
  const byLength = new Map<number, Set<string>>();
  const place = (word: string): void => {
    const same = byLength.get(word.length);
    if (same === undefined) byLength.set(word.length, new Set([word]));
    else same.add(word);
  };
  for (const word of counts.keys()) place(word);

  const mostFirst = (words: string[]): readonly string[] =>
    words.sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (a < b ? -1 : 1));

  return {
    addText: (text) => {
      for (const folded of new Set(wordsOf(text).map((word) => word.folded))) {
        counts.set(folded, (counts.get(folded) ?? 0) + 1);
        place(folded);
      }
    },
    near: (word) => {
      if (word.length < shortestCorrected) return [];
      const found: string[] = [];
      for (const length of [word.length - 1, word.length, word.length + 1])
        for (const candidate of byLength.get(length) ?? []) if (withinOneEdit(word, candidate)) found.push(candidate);
      return mostFirst(found);
    },
    startingWith: (prefix) => mostFirst([...counts.keys()].filter((word) => word.startsWith(prefix))),
  };
};
