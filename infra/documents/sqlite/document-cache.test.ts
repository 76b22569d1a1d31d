import { expect, it } from 'vitest';
import { documentCache } from './document-cache.ts';

const kept = (cache: ReturnType<typeof documentCache>, ...ids: readonly string[]): readonly boolean[] =>
  ids.map((id) => cache.get(1, id) !== undefined);

it('never holds more text than its capacity, over all generations', () => {
  const cache = documentCache(10);
  cache.set(1, 'a', { n: 1 }, 4);
  cache.set(2, 'b', { n: 2 }, 4);
  expect(cache.get(2, 'b')).toEqual({ n: 2 });
  cache.set(1, 'c', { n: 3 }, 4);
  expect(kept(cache, 'a', 'c')).toEqual([false, true]);
  expect(cache.get(2, 'b')).toBeUndefined();
});

it('counts what is replaced or forgotten no more', () => {
  const cache = documentCache(10);
  for (let n = 0; n < 5; n += 1) cache.set(1, 'a', { n }, 4);
  cache.set(1, 'b', { n: 0 }, 4);
  expect(kept(cache, 'a', 'b')).toEqual([true, true]);
  cache.forget(1, 'a');
  cache.set(1, 'c', { n: 0 }, 6);
  expect(kept(cache, 'a', 'b', 'c')).toEqual([false, true, true]);
});
