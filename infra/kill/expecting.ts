import { isDeepStrictEqual } from 'node:util';

/** A promise of the system that does not hold; the message says which, what was expected and what was found. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each));
  return text === undefined ? String(value) : text.slice(0, 2_000);
};

/** @throws Broken when `found` is not as `expected` */
export const same = (found: unknown, expected: unknown, about: string): void => {
  if (!isDeepStrictEqual(found, expected))
    throw new Broken(`${about}: expected ${shown(expected)}, found ${shown(found)}`);
};

/** @throws Broken when it does not hold */
export const holds = (condition: boolean, about: string): void => {
  if (!condition) throw new Broken(about);
};
