import { expect, it } from 'vitest';
import { type Paper, pdfOf } from './paper.ts';

const paper: Paper = {
  title: 'Statement 2026-11',
  createdAt: '2026-12-01T00:00:00.000Z',
  facts: [['Vendor', 'Café 日本']],
  tables: [
    {
      heading: 'USD',
      columns: [
        { title: 'What', width: 200 },
        { title: 'Amount', width: 80, right: true },
      ],
      rows: Array.from({ length: 120 }, (_, row) => [`row ${row}`, '19.99']),
    },
  ],
};

it('is the same bytes on every call, dated as it says', async () => {
  const [first, second] = [await pdfOf(paper), await pdfOf(paper)];
  expect(first.equals(second)).toBe(true);
  const text = first.toString('latin1');
  expect(text.startsWith('%PDF-')).toBe(true);
  expect(text).toContain('(D:20261201000000Z)');
});

it('goes on on a further page, and shows what the font has not as a question mark', async () => {
  const text = (await pdfOf(paper)).toString('latin1');
  expect(text).toMatch(/\/Count [3-9]\b/);
  const glyphs = text.replaceAll(/> -?[\d.]+ </g, ''); // without the kerning between them
  expect(glyphs).toContain(Buffer.from('Café ??', 'latin1').toString('hex'));
});
