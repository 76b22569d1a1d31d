import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { usageError } from './exit-codes.ts';
import { fileTrouble } from './unreadable.ts';
import type { CatalogueLine } from './workflow-of-line.ts';

/** A line of the file that says something: as it stands there, and as it is sent. */
export type FileLine = {
  /** As an editor counts, from 1. */
  readonly number: number;
  readonly text: string;
  /** What the workflow is made of; undefined: it is no product, as the server will say. */
  readonly product: CatalogueLine | undefined;
};

const productOf = (value: unknown): CatalogueLine | undefined =>
  value instanceof Object && 'title' in value && typeof value.title === 'string'
    ? { ...value, title: value.title }
    : undefined;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the server names what is wrong with it
  }
};

/**
 * A line without a `ref` gets one of its content (and how often it came before), so that the same file again, or one with
 * other lines mended, finds the same products.
 */
const named = (text: string, seen: Map<string, number>): { readonly text: string; readonly value: unknown } => {
  const value = parsed(text);
  if (!(value instanceof Object) || Array.isArray(value) || 'ref' in value) return { text, value };
  const content = createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
  const times = (seen.get(content) ?? 0) + 1;
  seen.set(content, times);
  return { text: JSON.stringify({ ref: times === 1 ? content : `${content}-${times}`, ...value }), value };
};

/** @throws CommandFailed when it can't be read: there is none, it is a folder, it is somebody else's */
export const checkReadable = async (file: string): Promise<void> => {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw usageError(fileTrouble(error) ?? String(error));
  });
  try {
    if ((await handle.stat()).isDirectory()) throw usageError(`${file} is a folder, not a file`);
  } finally {
    await handle.close();
  }
};

/** The lines of a JSON-lines file, empty ones left out. */
export async function* linesOfFile(file: string): AsyncGenerator<FileLine> {
  const seen = new Map<string, number>();
  let number = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (text.trim() === '') continue;
    const line = named(text, seen);
    yield { number, text: line.text, product: productOf(line.value) };
  }
}
