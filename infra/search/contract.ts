import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { someEntries } from './contract-entries.ts';
import { bruteForce, countsOf } from './contract-oracle.ts';
import {
  InvalidCursor,
  type Search,
  type SearchAnswer,
  type SearchEntry,
  type SearchFilters,
  type SearchQuery,
  type SearchSort,
} from './port.ts';

export type SearchWorld = {
  readonly search: Search;
  /** Visible to `search` once it resolves. */
  write(puts: readonly SearchEntry[], removes?: readonly string[]): Promise<void>;
  close(): Promise<void>;
};

const sorts: readonly SearchSort[] = ['relevance', 'newest', 'price', '-price', 'rating', 'bestselling'];
const entry = (id: string, title: string, description = '', more: Partial<SearchEntry> = {}): SearchEntry => ({
  ...{
    id,
    title,
    description,
    vendorId: 'v',
    category: 'c',
    categoryLabel: 'C',
    tags: [],
    kind: 'other',
    worksWith: [],
  },
  ...{ price: 0, currency: 'USD', rating: 0, sold: 0, publishedAt: 0, listed: true },
  ...more,
});
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

/** What every search must do. */
export const searchContract = (name: string, open: () => Promise<SearchWorld>): void => {
  describe(`search: ${name}`, () => {
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

    describe('over a few entries', () => {
      let world: SearchWorld;
      beforeEach(async () => {
        world = await open();
      });
      afterEach(() => world.close());
      const find = (text: string, more: Partial<SearchQuery> = {}): Promise<SearchAnswer> =>
        world.search.query({ text, filters: {}, sort: 'relevance', limit: 10, ...more });

      it('sees neither case nor accents', async () => {
        await world.write([entry('1', 'Café Übersicht')]);
        for (const text of ['cafe', 'CAFÉ', 'ubersicht', 'Cafe\u0301']) expect((await find(text)).ids).toEqual(['1']);
      });

      it('wants all words, anywhere, and the most fitting first', async () => {
        await world.write([
          entry('1', 'Invoices', 'reads mail'),
          entry('2', 'Mail', 'sorts mail, mail and mail'),
          entry('3', 'Reports', `mail ${'and much else '.repeat(30)}`),
          entry('4', 'Reports', 'mail mail mail'),
        ]);
        expect((await find('mail')).ids).toEqual(['2', '4', '1', '3']);
        expect((await find('mail invoices')).ids).toEqual(['1']);
      });

      it('corrects a word that nothing holds by one edit or swap, unless told not to', async () => {
        await world.write([entry('1', 'Telegram bot'), entry('2', 'Telegraph')]);
        for (const typo of ['telegrm', 'telegramm', 'telagram', 'telegarm', 'TELEGARM']) {
          const answer = await find(`${typo} bot`);
          expect(answer.ids).toEqual(['1']);
          expect(answer.correction).toEqual({ from: `${typo} bot`, to: 'telegram bot' });
          expect(await find(`${typo} bot`, { exact: true })).toMatchObject({ ids: [], correction: undefined });
        }
        expect((await find('telegram')).correction).toBeUndefined();
        expect(await find('tlgrm')).toMatchObject({ ids: [], correction: undefined });
      });

      it('corrects to words that came later, and not to words that are gone', async () => {
        await world.write([entry('1', 'Telegram')]);
        expect((await find('discrod')).total).toBe(0);
        await world.write([entry('2', 'Discord')]);
        expect((await find('discrod')).ids).toEqual(['2']);
        await world.write([], ['2']);
        expect(await find('discrod')).toMatchObject({ ids: [], correction: undefined });
      });

      it('completes the last word, the most used first', async () => {
        await world.write([entry('1', 'Slack'), entry('2', 'Slack slate'), entry('3', 'Slow', '', { listed: false })]);
        expect(await world.search.suggest('send to Sl', 5)).toEqual(['slack', 'slate']);
        expect(await world.search.suggest('sl', 1)).toEqual(['slack']);
        expect(await world.search.suggest('', 5)).toEqual([]);
      });

      it('shows an entry while it is listed, as it is now', async () => {
        await world.write([entry('1', 'Alpha', '', { category: 'old' })]);
        await world.write([entry('1', 'Beta', '', { category: 'new' })]);
        expect((await find('alpha', { exact: true })).total).toBe(0);
        expect((await find('beta')).facets?.category).toEqual([{ value: 'new', label: 'C', count: 1 }]);
        await world.write([entry('1', 'Beta', '', { listed: false })]);
        expect((await find('beta', { exact: true })).total).toBe(0);
        await world.write([entry('1', 'Beta')]);
        expect((await find('beta')).total).toBe(1);
        await world.write([], ['1']);
        expect((await find('')).total).toBe(0);
      });

      it('lists a chosen value even where it counts nothing', async () => {
        await world.write([entry('1', 'Alpha', '', { category: 'a' }), entry('2', 'Beta', '', { category: 'b' })]);
        const { facets } = await find('alpha', { filters: { category: ['b'] } });
        expect(facets?.category).toMatchObject([
          { value: 'a', count: 1 },
          { value: 'b', count: 0 },
        ]);
        expect((await find('alpha', { facets: false })).facets).toBeUndefined();
      });
    });

    it('pages without skipping or repeating what stays as it is, whatever is written in between', async () => {
      const entries = someEntries(120, 7);
      const others = someEntries(400, 11).slice(120);
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...sorts),
          fc.constantFrom('', 'baba', 'keba tiba', 'tiba'),
          fc.integer({ min: 1, max: 9 }),
          fc.array(fc.tuple(fc.nat(119), fc.constantFrom('remove', 'revise', 'add')), { maxLength: 12 }),
          async (sort, text, limit, between) => {
            const writes = [...between];
            const world = await open();
            await world.write(entries);
            const query: SearchQuery = { text, filters: {}, sort, limit, exact: true };
            const before = await world.search.query({ ...query, limit: 1000 });
            const touched = new Set<string>();
            const seen: string[] = [];
            let cursor: string | undefined;
            do {
              const page = await world.search.query({ ...query, ...(cursor !== undefined && { cursor }) });
              seen.push(...page.ids);
              cursor = page.nextCursor;
              const [n, what] = writes.pop() ?? [0, undefined];
              const old = entries[n];
              const other = others[n];
              if (what === undefined || old === undefined || other === undefined) continue;
              touched.add(what === 'add' ? other.id : old.id);
              if (what === 'add') await world.write([other]);
              else if (what === 'remove') await world.write([], [old.id]);
              else await world.write([{ ...other, id: old.id }]);
            } while (cursor !== undefined);
            const untouched = (ids: readonly string[]) => ids.filter((id) => !touched.has(id));
            expect(untouched(seen)).toEqual(untouched(before.ids));
            await world.close();
          },
        ),
        { numRuns: 60 },
      );
    });
  });
};
