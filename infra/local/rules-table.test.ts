import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const text = readFileSync(new URL('docs/rules.md', root), 'utf8');

/** How many rules each part has. */
const parts: Readonly<Record<string, number>> = {
  Money: 12,
  Orders: 5,
  'Products, licences, reviews': 6,
  'People and access': 6,
  HTTP: 6,
  'Design: money, sagas, trust': 8,
};

const sections = text
  .split('\n## ')
  .slice(1)
  .map((section) => {
    const [name = '', ...lines] = section.split('\n');
    const rows = lines.map((line) => line.split(' | ')).filter((cells) => cells.length >= 3);
    return { name, rows: rows.slice(2) };
  });
const named = sections.flatMap(({ rows }) =>
  rows.flatMap((cells) =>
    (cells.at(-1) ?? '').split('<br>').map((test) => {
      const [, file = '', title = ''] = /`([^`]+)` › (.*?)\s*\|?$/.exec(test.trim()) ?? [];
      return { file, title };
    }),
  ),
);

describe('the table of the rules', () => {
  it('has a row for each rule, each with a test', () => {
    expect(Object.fromEntries(sections.map(({ name, rows }) => [name, rows.length]))).toEqual(parts);
    expect(named.length).toBeGreaterThan(80);
  });

  it('names tests that exist', () => {
    const missing = named.filter(({ file, title }) => {
      const path = new URL(file, root);
      return title === '' || !existsSync(path) || !readFileSync(path, 'utf8').includes(title);
    });
    expect(missing).toEqual([]);
  });
});
