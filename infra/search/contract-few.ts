import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entry, type SearchWorld } from './contract-entries.ts';
import type { SearchAnswer, SearchQuery } from './port.ts';

/** Rules that a handful of entries show. */
export const fewEntriesContract = (open: () => Promise<SearchWorld>): void => {
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

    it('leaves out the vendors named, from hits, totals and facets, also in the middle of paging', async () => {
      const of = (id: string, vendorId: string) => entry(id, 'Alpha', '', { vendorId, category: vendorId });
      await world.write([of('1', 'a'), of('2', 'b'), of('3', 'a'), of('4', 'c')]);
      const answer = await find('alpha', { filters: { exceptVendors: ['b', 'nobody'] } });
      expect([answer.total, answer.ids.toSorted()]).toEqual([3, ['1', '3', '4']]);
      expect(answer.facets?.category.map(({ value }) => value)).toEqual(['a', 'c']);
      const first = await find('alpha', { limit: 1, sort: 'price' });
      const rest = { sort: 'price', cursor: first.nextCursor ?? '', filters: { exceptVendors: ['a'] } } as const;
      expect((await find('alpha', rest)).ids).toEqual(['2', '4']);
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
};
