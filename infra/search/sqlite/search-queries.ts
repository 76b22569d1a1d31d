import type { GenerationRegister } from '../../documents/sqlite/generations.ts';
import type { Facets, Search, SearchAnswer } from '../port.ts';
import { decodeCursor, encodeCursor, fingerprintOf } from './cursor.ts';
import { filterAndCount } from './facets.ts';
import { bestAfter, factOrder } from './ranking.ts';
import { rankingOf, relevanceOrder } from './relevance.ts';
import type { SearchIndex } from './search-index.ts';
import type { SearchTables } from './search-tables.ts';
import { queryWords, type Word, wordsOf } from './words.ts';

const noFacets: Facets = { category: [], tag: [], kind: [], worksWith: [], price: [], rating: [] };
const nothing = (facets: boolean): SearchAnswer => ({
  ids: [],
  nextCursor: undefined,
  total: 0,
  facets: facets ? noFacets : undefined,
  correction: undefined,
});

const wordOf = (folded: string): Word => ({ typed: folded, folded });

/** Words that nothing holds, each replaced by the one most used within one edit, if there is one. */
const corrected = (index: SearchIndex, words: readonly Word[]): readonly Word[] =>
  words.map((word) => {
    if (index.has(word)) return word;
    const better = index
      .vocabulary()
      .near(word.folded)
      .find((candidate) => index.has(wordOf(candidate)));
    return better === undefined ? word : wordOf(better);
  });

/** The live index, whole. It takes a while the first time, so another generation may be live then. */
const liveIndex = async (
  tables: SearchTables,
  generations: GenerationRegister,
  projection: string,
): Promise<SearchIndex | undefined> => {
  for (;;) {
    const key = generations.liveKey(projection);
    if (key === undefined) return undefined;
    try {
      const index = await tables.index(key);
      if (generations.liveKey(projection) === key) return index;
    } catch (error) {
      if (generations.liveKey(projection) === key) throw error;
    }
  }
};

/** Search over the live generation of the projection named; without one it finds nothing. */
export const searchQueries = (tables: SearchTables, generations: GenerationRegister, projection: string): Search => ({
  query: async (query) => {
    const { filters, sort, limit, facets: withFacets = true } = query;
    // 1. The page asked for, and the words: as typed, as on the first page, or corrected.
    const fingerprint = fingerprintOf(query);
    const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor, fingerprint);
    const text = query.text?.trim() ?? '';
    const typed = queryWords(text);
    const index = await liveIndex(tables, generations, projection);
    if (index === undefined || (text !== '' && typed.length === 0)) return nothing(withFacets);
    const words =
      cursor?.r !== undefined
        ? cursor.r.words.flatMap((word) => queryWords(word))
        : query.exact === true
          ? typed
          : corrected(index, typed);
    const changed = words.some((word, n) => word.folded !== typed[n]?.folded);

    // 2. What matches, what of it passes the filters, and the counts; undefined: everything does, and nothing is counted.
    const everything = words.length === 0 && !withFacets && Object.keys(filters).length === 0;
    const found = everything ? undefined : filterAndCount(index.columns, index.matching(words), filters, withFacets);
    const total = found === undefined ? index.columns.entries() : found.hits.length;

    // 3. The page: ranked by words only where words were asked for.
    const byWords = sort === 'relevance' && words.length > 0;
    const ranking = cursor?.r ?? rankingOf(index, words, total);
    const facts = sort === 'relevance' ? 'newest' : sort;
    const order = byWords ? relevanceOrder(index, words, ranking) : factOrder(index.columns, facts);
    const page =
      found === undefined
        ? index.pageOfAll(facts, cursor?.k, limit + 1)
        : bestAfter(index.columns, found.hits, order, cursor?.k, limit + 1);
    const shown = page.slice(0, limit);
    const last = shown.at(-1);
    return {
      ids: shown.map((each) => each.id),
      nextCursor:
        page.length <= limit || last === undefined
          ? undefined
          : encodeCursor({
              v: 1,
              q: fingerprint,
              k: [last.first, last.second, last.id],
              r: words.length > 0 ? ranking : undefined,
            }),
      total,
      facets: found?.facets,
      correction: changed ? { from: text, to: words.map((word) => word.typed).join(' ') } : undefined,
    };
  },

  suggest: async (text, limit) => {
    const last = wordsOf(text).at(-1);
    const index = last === undefined ? undefined : await liveIndex(tables, generations, projection);
    if (index === undefined || last === undefined) return [];
    const found: string[] = [];
    for (const word of index.vocabulary().startingWith(last.folded)) {
      if (found.length >= limit) break;
      if (index.has(wordOf(word))) found.push(word);
    }
    return found;
  },
});
