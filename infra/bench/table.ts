import type { Row } from './figures.ts';

const shown = (value: number | null): string => {
  if (value === null) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
};

const titles = ['what', 'products', 'value', 'unit', 'reference', 'ratio', 'goal', 'met'] as const;

const cells = (row: Row): readonly string[] => [
  row.name,
  row.scale.toLocaleString('en-US'),
  shown(row.value),
  row.unit,
  shown(row.reference),
  row.ratio === null ? '–' : row.ratio.toFixed(2),
  row.goal ?? '–',
  row.met === null ? '–' : row.met ? 'yes' : 'NO',
];

/** The rows as a Markdown table, columns aligned. */
export const tableOf = (rows: readonly Row[]): string => {
  const lines: readonly (readonly string[])[] = [titles, ...rows.map(cells)];
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = titles, ...body] = lines;
  return [text(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(text)].join('\n');
};
