import type { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import { domainError } from '../../../domain/errors.ts';
import { type ImportLine, longestLine, mostLines, tooManyLines } from './lines.ts';

const row = z.array(z.string());

const refused = (path: string, message: string) =>
  domainError('INVALID_INPUT', `${path}: ${message}`, { errors: [{ path, message }] });

const listOf = (cell: string): readonly string[] =>
  cell
    .split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '');
/** A number as JSON writes it; anything else stays text, and is refused as that. */
const numberOf = (cell: string): unknown => (/^-?\d+(?:\.\d+)?$/.test(cell) ? Number(cell) : cell);
const jsonOf = (cell: string): unknown => {
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
};

/** What a column says of a product, as a body has it; an empty cell says nothing. */
const columns: Readonly<Record<string, (cell: string) => unknown>> = {
  ...{ ref: String, title: String, summary: String, description: String, kind: String, category: String },
  ...{ tags: listOf, integrations: listOf, amount: numberOf, currency: String, licenseTiers: jsonOf, stock: numberOf },
};

const bodyOf = (header: readonly string[], cells: readonly string[]): unknown => {
  const said = header.flatMap((name, place) => {
    const cell = cells[place] ?? '';
    return cell === '' ? [] : [[name, columns[name]?.(cell)] as const];
  });
  const { amount, currency, ...body } = Object.fromEntries(said);
  const price = amount === undefined && currency === undefined ? {} : { price: { amount, currency } };
  return { tags: [], ...body, ...price };
};

const badHeader = (header: readonly string[]) => {
  const unknown = header.find((name) => !Object.hasOwn(columns, name));
  if (unknown !== undefined)
    return refused(unknown, `is not a column; the columns are ${Object.keys(columns).join(', ')}`);
  const twice = header.find((name, place) => header.indexOf(name) !== place);
  return twice === undefined ? undefined : refused(twice, 'is there twice');
};

/**
 * The rows of a CSV stream (RFC 4180, UTF-8, a header first: the columns of `columns`, `tags` and `integrations` parted by
 * `;`, `licenseTiers` as JSON, price as `amount` and `currency`). `line` counts records, the header is 1. After a broken
 * header or quote nothing that follows can be trusted: one refusal, and the end.
 */
export async function* csvLines(source: Readable): AsyncGenerator<ImportLine> {
  const parser = parse({ bom: true, max_record_size: longestLine, relax_column_count: true, skip_empty_lines: true });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let header: readonly string[] | undefined;
  let line = 0;
  try {
    for await (const record of parser) {
      const cells = row.parse(record);
      line += 1;
      if (header === undefined) {
        header = cells.map((name) => name.trim());
        const error = badHeader(header);
        if (error !== undefined) return yield { line, error };
      } else if (line > mostLines) return yield tooManyLines(line);
      else if (cells.some((cell) => cell.includes('\uFFFD'))) yield { line, error: refused('(line)', 'is not UTF-8') };
      else if (cells.length !== header.length)
        yield { line, error: refused('(line)', `has ${cells.length} fields, the header has ${header.length}`) };
      else yield { line, value: bodyOf(header, cells) };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    yield { line: line + 1, error: refused('(line)', `is not CSV: ${error.message}`) };
  } finally {
    source.unpipe(parser);
    parser.destroy();
  }
}
