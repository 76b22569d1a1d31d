import type { Ranking } from './cursor.ts';
import type { Order } from './ranking.ts';
import { rememberedKind, type SearchIndex } from './search-index.ts';
import type { Word } from './words.ts';

/** Up to so many matches are weighed word by word; more are ordered by sales, which says more of them than their length. */
const weighedMatches = 4000;
const titleWeight = 10;
// The constants of BM25 as FTS5 uses them.
const saturation = 1.2;
const lengthPenalty = 0.75;

/** How a search for these words is ranked, as the index is now; later pages are given this ranking again. */
export const rankingOf = (index: SearchIndex, words: readonly Word[], matches: number): Ranking => {
  const total = index.columns.entries();
  const weight = (word: Word): number => {
    const documents = index.documentsWith(word);
    if (documents > weighedMatches) return 0;
    return Math.max(1e-6, Math.log((total - documents + 0.5) / (documents + 0.5)));
  };
  return {
    words: words.map((word) => word.typed),
    weights: matches > weighedMatches ? [] : words.map(weight),
    meanLength: index.columns.meanLength(),
  };
};

const orders = rememberedKind<Order>();

/**
 * Entries with all words in the title first; within, BM25 (title 10 : description 1) with the ranking's own weights, or sales.
 * An entry's keys depend on itself and the ranking alone, never on other entries: a cursor survives their writes.
 */
export const relevanceOrder = (index: SearchIndex, words: readonly Word[], ranking: Ranking): Order =>
  index.remember(orders, JSON.stringify(ranking), () => {
    const { columns } = index;
    const inTitle = new Set(index.matching(words, 'title'));
    const first = (row: number): number => (inTitle.has(row) ? 1 : 0);
    if (ranking.weights.length === 0)
      return { first, second: (row) => (columns.sold[row] ?? 0) + (columns.rating[row] ?? 0) / 10 };
    const weighed = words.flatMap((word, n) => {
      const weight = ranking.weights[n] ?? 0;
      return weight === 0 ? [] : [{ weight, frequencies: index.frequencies(word, titleWeight) }];
    });
    return {
      first,
      second: (row) => {
        const relativeLength = (columns.length[row] ?? 0) / ranking.meanLength;
        const damping = saturation * (1 - lengthPenalty + lengthPenalty * relativeLength);
        let score = 0;
        for (const { weight, frequencies } of weighed) {
          const frequency = frequencies.get(row) ?? 0;
          score += (weight * frequency * (saturation + 1)) / (frequency + damping);
        }
        return score;
      },
    };
  });
