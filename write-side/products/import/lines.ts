import type { DomainError } from '../../../domain/errors.ts';
import { domainError } from '../../../domain/errors.ts';

/** One line of an import: what it holds, or why it holds nothing. `line` counts from 1. */
export type ImportLine = { readonly line: number } & ({ readonly value: unknown } | { readonly error: DomainError });

export const longestLine = 65_536;
export const mostLines = 10_000;

export const tooManyLines = (line: number): ImportLine => ({
  line,
  error: domainError(
    'PAYLOAD_TOO_LARGE',
    `An import has at most ${mostLines} lines; this one and what follows is left out.`,
  ),
});
export const tooLong = (): DomainError => domainError('PAYLOAD_TOO_LARGE', `A line has at most ${longestLine} bytes.`);

const newline = 10;

/** The bytes between line ends; a line that is too long comes as undefined, without ever being in memory. */
async function* byteLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array | undefined> {
  let parts: Uint8Array[] = [];
  let size = 0;
  const taken = (): Uint8Array | undefined => {
    const line = size > longestLine ? undefined : Buffer.concat(parts);
    parts = [];
    size = 0;
    return line;
  };
  const keep = (part: Uint8Array): void => {
    size += part.byteLength;
    if (size > longestLine) parts = [];
    else parts.push(part);
  };
  for await (const chunk of source) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      keep(chunk.subarray(start, end));
      yield taken();
      start = end + 1;
    }
    keep(chunk.subarray(start));
  }
  if (size > 0) yield taken();
}

const parsed = (line: number, bytes: Uint8Array | undefined): ImportLine | undefined => {
  if (bytes === undefined) return { line, error: tooLong() };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.trim() === '' ? undefined : { line, value: JSON.parse(text) };
  } catch {
    return { line, error: domainError('INVALID_JSON', 'The line is not JSON in UTF-8.') };
  }
};

/** The lines of an NDJSON stream; empty ones are counted and left out. After the last one allowed comes one refusal. */
export async function* jsonLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<ImportLine> {
  let line = 0;
  for await (const bytes of byteLines(source)) {
    line += 1;
    if (line > mostLines) return yield tooManyLines(line);
    const found = parsed(line, bytes);
    if (found !== undefined) yield found;
  }
}
