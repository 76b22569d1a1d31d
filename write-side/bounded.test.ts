import { expect, it } from 'vitest';
import { boundedMap } from './bounded.ts';

it('never holds more than its limit, and lets the oldest go first', () => {
  const map = boundedMap<number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);
  expect([map.get('a'), map.get('b')]).toEqual([3, 2]);
  map.set('c', 4);
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, 2, 4]);
  map.delete('b');
  map.set('d', 5);
  expect([map.get('b'), map.get('c'), map.get('d')]).toEqual([undefined, 4, 5]);
  map.clear();
  expect([map.get('c'), map.get('d')]).toEqual([undefined, undefined]);
});
