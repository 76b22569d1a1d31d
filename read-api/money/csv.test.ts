import { expect, it } from 'vitest';
import { csvRecord } from './csv.ts';

it('a record ends with CRLF', () => expect(csvRecord(['a', -1, ''])).toBe('a,-1,\r\n'));
it.each(['a,b', 'a"b', 'a\nb', 'a\rb'])('%j is quoted', (text) =>
  expect(csvRecord([text])).toBe(`"${text.replace('"', '""')}"\r\n`),
);
