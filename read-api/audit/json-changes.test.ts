import { expect, it } from 'vitest';
import { jsonChanges } from './json-changes.ts';

it('names the deepest fields that differ, in objects and in lists', () => {
  expect(jsonChanges({ a: 1, b: { c: [1, 2] }, same: [] }, { a: 2, b: { c: [1, 3, 4] }, same: [] })).toEqual([
    { path: 'a', before: 1, after: 2 },
    { path: 'b.c.1', before: 2, after: 3 },
    { path: 'b.c.2', after: 4 },
  ]);
});

it('tells what came and what went as a whole', () => {
  expect(jsonChanges({ gone: { x: 1 } }, { come: [1], none: null })).toEqual([
    { path: 'gone', before: { x: 1 } },
    { path: 'come', after: [1] },
    { path: 'none', after: null },
  ]);
  expect(jsonChanges({ a: [1] }, { a: { 0: 1 } })).toEqual([{ path: 'a', before: [1], after: { 0: 1 } }]);
  expect(jsonChanges(1, 2)).toEqual([{ path: '', before: 1, after: 2 }]);
});
