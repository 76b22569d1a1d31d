import type { Found } from '../../documents/port.ts';
import { bruteForce } from '../../search/contract-oracle.ts';
import { searchEntryOf } from '../../search/entry.ts';
import { InvalidCursor, type Search, type SearchEntry } from '../../search/port.ts';

const wordsOf = (text: string): readonly string[] => text.toLowerCase().split(/\W+/).filter(Boolean);

/**
 * Search over what a search projection holds: the same entries as the real one finds word by word, in order of id, and no facets. How well hits
 * are ranked, corrected and counted is no matter of crashes and disorder: the search adapters' own contract tests that.
 */
export const memorySearch = (found: () => Iterable<Found>): Search => ({
  query: async ({ text = '', filters, limit, cursor }) => {
    if (cursor !== undefined && !/^[0-9]+$/.test(cursor)) throw new InvalidCursor('the cursor is broken');
    const entries: readonly SearchEntry[] = [...found()].map(({ document }) => searchEntryOf(document));
    const ids = bruteForce(entries, wordsOf(text), filters).ids.toSorted();
    const from = Number(cursor ?? 0);
    return {
      ids: ids.slice(from, from + limit),
      nextCursor: from + limit < ids.length ? String(from + limit) : undefined,
      total: ids.length,
      facets: undefined,
      correction: undefined,
    };
  },
  suggest: async () => [],
});
