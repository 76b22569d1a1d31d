import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Columns, type Facts } from './columns.ts';
import { bestAfter, factOrder } from './ranking.ts';
import { sortedRows } from './sorted-rows.ts';

const sorts = ['newest', 'price', '-price', 'rating', 'bestselling'] as const;

const factsOf = (row: number, n: number): Facts => ({
  ...{ id: `id-${row}`, vendorId: 'v', category: 'c', categoryLabel: 'C', tags: [], kind: 'k', worksWith: [] },
  ...{ price: n % 7, currency: 'USD', rating: n % 3, sold: n % 5, publishedAt: n % 11, length: 1 },
});

it('pages as looking at every entry would, whatever comes, changes and goes', () => {
  const change = fc.record({ row: fc.nat(30), n: fc.option(fc.nat(1_000)) });
  fc.assert(
    fc.property(fc.constantFrom(...sorts), fc.array(change, { maxLength: 60 }), fc.nat(20), (sort, changes, begin) => {
      const columns = new Columns();
      for (let row = 0; row < begin; row += 1) columns.put(row, factsOf(row, row * 13));
      const order = factOrder(columns, sort);
      const sorted = sortedRows(columns, order);
      for (const { row, n } of changes)
        sorted.around(row, () => (n === null ? columns.remove(row) : columns.put(row, factsOf(row, n))));
      let after: [number, number, string] | undefined;
      for (let pages = 0; pages < 10; pages += 1) {
        const page = sorted.page(after, 5);
        expect(page).toEqual(bestAfter(columns, columns.rows(), order, after, 5));
        const last = page.at(-1);
        if (last === undefined) break;
        after = [last.first, last.second, last.id];
      }
    }),
  );
});

it('takes a cursor whose entry is gone', () => {
  const columns = new Columns();
  for (let row = 0; row < 5; row += 1) columns.put(row, { ...factsOf(row, 0), price: row });
  const sorted = sortedRows(columns, factOrder(columns, 'price'));
  sorted.around(2, () => columns.remove(2));
  expect(sorted.page([-2, 0, 'id-2'], 2).map(({ row }) => row)).toEqual([3, 4]);
});
