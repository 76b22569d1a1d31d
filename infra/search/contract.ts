import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SearchWorld, someEntries, sorts } from './contract-entries.ts';
import { fewEntriesContract } from './contract-few.ts';
import { manyEntriesContract } from './contract-many.ts';
import type { SearchQuery } from './port.ts';

/** What every search must do. */
export const searchContract = (name: string, open: () => Promise<SearchWorld>): void => {
  describe(`search: ${name}`, () => {
    manyEntriesContract(open);
    fewEntriesContract(open);

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
