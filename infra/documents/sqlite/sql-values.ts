import type { SQLOutputValue } from 'node:sqlite';

/** Readers of column values; they throw when a column holds something else than its schema says. */
type Column = SQLOutputValue | undefined;

const refuse = (expected: string, value: Column): never => {
  throw new Error(`expected ${expected} in the read models, found ${typeof value}`);
};

export const asText = (value: Column): string => (typeof value === 'string' ? value : refuse('text', value));

export const asNumber = (value: Column): number =>
  typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : refuse('a number', value);

/** For columns selected as text, since a position may pass 2^53. */
export const asPosition = (value: Column): bigint | undefined => (value === null ? undefined : BigInt(asText(value)));
