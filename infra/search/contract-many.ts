import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SearchWorld, someEntries, sorts } from './contract-entries.ts';
import { bruteForce, countsOf } from './contract-oracle.ts';
import { InvalidCursor, type SearchEntry, type SearchFilters, type SearchQuery, type SearchSort } from './port.ts';

const facetNames = ['category', 'tag', 'kind', 'worksWith', 'price', 'rating'] as const;

const filtersArbitrary: fc.Arbitrary<SearchFilters> = fc.record(
  {
    category: fc.subarray(['sales', 'support', 'finance', 'nowhere']),
    tag: fc.subarray(['tag-1', 'tag-2', 'tag-3', 'tag-4'], { maxLength: 3 }),
    kind: fc.subarray(['n8n-workflow', 'ai-agent']),
    worksWith: fc.subarray(['Slack', 'Gmail']),
    vendorId: fc.constantFrom('vendor-1', 'vendor-2'),
    minPrice: fc.constantFrom(0, 1, 600),
    maxPrice: fc.constantFrom(1900, 5000),
    currency: fc.constantFrom('USD', 'EUR'),
    minRating: fc.constantFrom(2, 4.5),
  },
  { requiredKeys: [] },
);

/** Against brute force over some hundred entries. */
export const manyEntriesContract = (open: () => Promise<SearchWorld>): void => {
  describe('over many entries', () => {
    const entries = someEntries(400);
    const words = ['baba', 'keba', 'tiba', 'lukes', 'senke'];
    let world: SearchWorld;
    beforeAll(async () => {
      world = await open();
      await world.write(entries);
    });
    afterAll(() => world.close());

    it('finds and counts exactly what brute force does, each facet without its own filter', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.subarray(words, { maxLength: 2 }),
          filtersArbitrary,
          fc.constantFrom(...sorts),
          async (text, filters, sort) => {
            const answer = await world.search.query({
              text: text.join(' '),
              filters,
              sort,
              limit: 1000,
              exact: true,
            });
            const expected = bruteForce(entries, text, filters);
            expect([...answer.ids].sort()).toEqual(expected.ids);
            expect(answer.total).toBe(expected.ids.length);
            for (const facet of facetNames) {
              const counted = countsOf(answer.facets?.[facet] ?? []);
              // Facets of many values list the most frequent ones.
              const listed = [...expected.counts[facet]].filter(
                ([value]) => counted.has(value) || expected.counts[facet].size <= 20,
              );
              expect(new Map(listed)).toEqual(counted);
            }
          },
        ),
        { numRuns: 150 },
      );
    });

    it('sorts as asked', async () => {
      const byId = new Map(entries.map((each) => [each.id, each]));
      const sortedBy = async (sort: SearchSort, value: (each: SearchEntry) => number): Promise<void> => {
        const { ids } = await world.search.query({ filters: {}, sort, limit: 1000 });
        const values = ids.flatMap((id) => byId.get(id) ?? []).map(value);
        expect(values).toEqual(values.toSorted((a, b) => b - a));
      };
      await sortedBy('newest', (each) => each.publishedAt);
      await sortedBy('relevance', (each) => each.publishedAt);
      await sortedBy('price', (each) => -each.price);
      await sortedBy('-price', (each) => each.price);
      await sortedBy('rating', (each) => each.rating);
      await sortedBy('bestselling', (each) => each.sold);
    });

    it('puts titles before descriptions', async () => {
      const { ids } = await world.search.query({ text: 'keba', filters: {}, sort: 'relevance', limit: 1000 });
      const titled = ids.map((id) =>
        entries
          .find((each) => each.id === id)
          ?.title.split(' ')
          .includes('keba'),
      );
      expect(titled.indexOf(false)).toBe(titled.filter(Boolean).length);
      expect(titled.filter(Boolean).length).toBeGreaterThan(3);
    });

    it('answers hostile text like any other, without an error', async () => {
      const hostile = [
        'c++',
        'foo-bar',
        'a"b',
        'AND',
        'OR NOT',
        '(',
        '*',
        'title:baba',
        'NEAR(a b)',
        '"',
        "'; drop table x",
        '\u0000',
        '^baba',
        '{a} : b',
        '-baba',
        '😀',
      ];
      for (const text of hostile) await world.search.query({ text, filters: {}, sort: 'relevance', limit: 5 });
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
          await world.search.query({ text, filters: { category: [text] }, sort: 'relevance', limit: 5 });
          await world.search.suggest(text, 5);
        }),
        { numRuns: 200 },
      );
    });

    it('finds nothing for a text without a word, and everything for none', async () => {
      expect((await world.search.query({ text: '+++', filters: {}, sort: 'relevance', limit: 5 })).total).toBe(0);
      const everything = entries.filter((each) => each.listed).length;
      expect((await world.search.query({ text: '  ', filters: {}, sort: 'relevance', limit: 5 })).total).toBe(
        everything,
      );
    });

    it('refuses a cursor that is broken or of another search', async () => {
      const query: SearchQuery = { text: 'baba', filters: {}, sort: 'relevance', limit: 2 };
      const { nextCursor = '' } = await world.search.query(query);
      const asked = (more: Partial<SearchQuery>) => world.search.query({ ...query, cursor: nextCursor, ...more });
      await expect(asked({ limit: 7 })).resolves.toBeDefined();
      await expect(asked({ sort: 'newest' })).rejects.toThrow(InvalidCursor);
      await expect(asked({ text: 'keba' })).rejects.toThrow(InvalidCursor);
      await expect(asked({ filters: { minPrice: 1 } })).rejects.toThrow(InvalidCursor);
      for (const cursor of ['', 'x', '💥', nextCursor.slice(2), btoa('{"v":2}'), btoa('null')])
        await expect(asked({ cursor })).rejects.toThrow(InvalidCursor);
    });
  });
};
