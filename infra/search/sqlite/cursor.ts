import { hash } from 'node:crypto';
import { z } from 'zod';
import { InvalidCursor, type SearchQuery } from '../port.ts';

/**
 * How the first page was ranked. The words and weights travel in the cursor, so that later writes, which change every word's
 * weight, do not change the order of what they did not touch.
 */
const ranking = z.object({
  words: z.array(z.string()).max(24),
  /** Weight of each word; 0: too common to be weighed. Empty: ranked by sales. */
  weights: z.array(z.number()),
  meanLength: z.number(),
});
export type Ranking = z.infer<typeof ranking>;

const cursor = z.object({
  v: z.literal(1),
  /** Fingerprint of the query. */
  q: z.string(),
  /** Sort keys (descending) and id (ascending) of the last hit. */
  k: z.tuple([z.number(), z.number(), z.string()]),
  r: ranking.optional(),
});
export type Cursor = z.infer<typeof cursor>;

const sorted = (values: readonly string[] | undefined): readonly string[] => [...new Set(values ?? [])].sort();

/** The same for queries that have the same hits in the same order. */
export const fingerprintOf = ({ text, filters, sort, exact }: SearchQuery): string => {
  const { category, tag, kind, worksWith, vendorId, minPrice, maxPrice, currency, minRating } = filters;
  const facets = [category, tag, kind, worksWith].map(sorted);
  const rest = [vendorId, minPrice, maxPrice, currency, minRating].map((value) => value ?? null);
  const content = JSON.stringify([text?.trim() ?? '', facets, rest, sort, exact === true]);
  return hash('sha256', content, 'base64url').slice(0, 16);
};

export const encodeCursor = (content: Cursor): string => Buffer.from(JSON.stringify(content)).toString('base64url');

/** @throws InvalidCursor when it is broken or of another query */
export const decodeCursor = (text: string, fingerprint: string): Cursor => {
  const parsed = cursor.safeParse(jsonOf(text));
  if (!parsed.success || parsed.data.q !== fingerprint)
    throw new InvalidCursor('the cursor does not belong to this search');
  return parsed.data;
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined; // no JSON: no cursor
  }
};
