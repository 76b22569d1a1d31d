import { once } from 'node:events';
import type PDFDocument from 'pdfkit';

export type PaperTable = {
  readonly heading: string;
  /** Widths in points; the page has 483. Numbers stand right. */
  readonly columns: readonly { readonly title: string; readonly width: number; readonly right?: boolean }[];
  readonly rows: readonly (readonly string[])[];
};

/** A document of A4 pages: a title, facts with their names, tables. */
export type Paper = {
  readonly title: string;
  /** RFC 3339: the one time that the file holds. */
  readonly createdAt: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly tables: readonly PaperTable[];
};

const margin = 56;
const rowHeight = 16;
/** What the built-in fonts can show beside Latin-1. */
const beyondLatin1 = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';

/** Characters that the built-in fonts do not have show as a question mark, never as another character. */
const shown = (text: string): string =>
  [...text.normalize('NFC')]
    .map((char) =>
      (char >= ' ' && char <= '~') || (char >= '\u00a0' && char <= '\u00ff') || beyondLatin1.includes(char)
        ? char
        : '?',
    )
    .join('');

type Page = InstanceType<typeof PDFDocument>;

const roomFor = (page: Page, height: number): void => {
  if (page.y + height > page.page.height - margin) page.addPage();
};

const drawRow = (page: Page, { columns }: PaperTable, cells: readonly string[], font: string): void => {
  roomFor(page, rowHeight);
  page.font(font).fontSize(8);
  const top = page.y;
  let left = margin;
  for (const [index, { width, right }] of columns.entries()) {
    const place = { width: width - 6, height: rowHeight, lineBreak: false, ellipsis: true } as const;
    page.text(shown(cells[index] ?? ''), left, top, { ...place, align: right === true ? 'right' : 'left' });
    left += width;
  }
  page.x = margin;
  page.y = top + rowHeight;
};

const drawTable = (page: Page, table: PaperTable): void => {
  roomFor(page, 4 * rowHeight);
  page.moveDown(1).font('Helvetica-Bold').fontSize(11).text(shown(table.heading), margin);
  page.moveDown(0.5);
  drawRow(
    page,
    table,
    table.columns.map(({ title }) => title),
    'Helvetica-Bold',
  );
  for (const row of table.rows) drawRow(page, table, row, 'Helvetica');
};

/**
 * The paper as PDF. The same paper is the same bytes, on every call and every machine: no clock, no chance, nothing
 * compressed, no fonts but the built-in ones. The library is loaded for the first paper: most processes write none.
 */
export const pdfOf = async ({ title, createdAt, facts, tables }: Paper): Promise<Buffer> => {
  const { default: Document } = await import('pdfkit');
  const page = new Document({
    size: 'A4',
    margin,
    compress: false,
    info: { Title: shown(title), Producer: 'Autopilot', Creator: 'Autopilot', CreationDate: new Date(createdAt) },
  });
  const parts: Buffer[] = [];
  page.on('data', (part: Buffer) => parts.push(part));
  const ended = once(page, 'end');
  page.font('Helvetica-Bold').fontSize(18).text(shown(title)).moveDown(0.5);
  for (const [name, value] of facts) {
    roomFor(page, rowHeight);
    page
      .fontSize(9)
      .font('Helvetica-Bold')
      .text(shown(`${name}: `), { continued: true });
    page.font('Helvetica').text(shown(value));
  }
  for (const table of tables) drawTable(page, table);
  page.end();
  await ended;
  return Buffer.concat(parts);
};
