import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mutate } from './mutate.ts';
import { mutations } from './mutations.ts';

const root = new URL('../../../', import.meta.url);

describe('the mutations', () => {
  it.each(mutations)('$name changes one place of $file', ({ file, ...mutation }) => {
    const before = readFileSync(new URL(file, root), 'utf8');
    expect(mutate(before, mutation)).not.toBe(before);
  });
  it('have names of their own', () => {
    expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
  });
  it('are refused where the place is not there, or there twice', () => {
    expect(() => mutate('a', { find: 'b', put: 'c' })).toThrow('0 times');
    expect(() => mutate('a a', { find: 'a', put: 'c' })).toThrow('2 times');
  });
});
