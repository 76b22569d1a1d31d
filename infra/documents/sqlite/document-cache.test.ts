import { expect, it } from 'vitest';
import { documentCache } from './document-cache.ts';

const kept = (cache: ReturnType<typeof documentCache>, ...ids: readonly string[]): readonly boolean[] =>
  ids.map((id) => cache.get(1, id) !== undefined);

it('lets go what nobody asked for while half of it was filled, over all generations', () => {
  const cache = documentCache(8);
  const fill = (id: string): void => cache.set(1, id, {}, 2);
  cache.set(2, 'passed over', {}, 2);
  fill('asked for');
  fill('a');
  expect(kept(cache, 'asked for')).toEqual([true]);
  fill('b');
  expect(kept(cache, 'asked for', 'a', 'b')).toEqual([true, true, true]);
  expect(cache.get(2, 'passed over')).toBeUndefined();
});

it('never holds more text than its capacity, and what came last in any case', () => {
  const cache = documentCache(100);
  const ids = Array.from({ length: 50 }, (_, n) => `${n}`);
  for (const id of ids) cache.set(1, id, { id }, 10);
  const held = kept(cache, ...ids.toReversed());
  expect(held.slice(0, 5)).toEqual([true, true, true, true, true]);
  expect(held.filter(Boolean).length).toBeLessThanOrEqual(10);
});

it('counts what is replaced or forgotten no more', () => {
  const cache = documentCache(20);
  for (let n = 0; n < 5; n += 1) cache.set(1, 'a', { n }, 4);
  cache.set(1, 'b', { n: 0 }, 4);
  expect(cache.get(1, 'a')).toEqual({ n: 4 });
  cache.forget(1, 'a');
  cache.set(1, 'c', { n: 0 }, 6);
  expect(kept(cache, 'a', 'b', 'c')).toEqual([false, true, true]);
});
