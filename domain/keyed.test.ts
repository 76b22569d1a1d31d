import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Keyed, nothingKeyed, valueAt, valuesIn, withValue } from './keyed.ts';

const of = (entries: Iterable<readonly [string, number]>): Keyed<number> => {
  let keyed: Keyed<number> = nothingKeyed;
  for (const [key, value] of entries) keyed = withValue(keyed, key, value);
  return keyed;
};
const key = fc.oneof(fc.integer({ min: 0, max: 300 }).map(String), fc.uuid(), fc.constantFrom('', 'constructor'));
const entries = fc.array(fc.tuple(key, fc.nat()), { maxLength: 400, size: 'max' });

describe('a keyed map', () => {
  it('holds what a Map holds', () => {
    fc.assert(
      fc.property(entries, key, (some, other) => {
        const [keyed, map] = [of(some), new Map(some)];
        for (const one of [...map.keys(), other]) expect(valueAt(keyed, one)).toBe(map.get(one));
        expect([...valuesIn(keyed)].sort()).toEqual([...map.values()].sort());
      }),
    );
  });

  it('stays as it was when another is made from it', () => {
    fc.assert(
      fc.property(entries, entries, (some, more) => {
        const keyed = of(some);
        const before = JSON.stringify(keyed);
        more.reduce((grown, [one, value]) => withValue(grown, one, value), keyed);
        expect(JSON.stringify(keyed)).toBe(before);
      }),
    );
  });

  it('keeps apart keys of one hash, however many', () => {
    const fnv = (text: string): number =>
      [...text].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 0x01000193), 0x811c9dc5);
    // each pair has one effect on what FNV-1a made of those before it: 16 keys of one hash
    const twins = [
      ['osqh3', 'x8nrl'],
      ['h3d28', 'svxpv'],
      ['kv0re', '0suv4'],
      ['ukh8k', 'm9qlx'],
    ];
    const keys = twins.reduce((known, pair) => known.flatMap((key) => pair.map((next) => key + next)), ['']);
    expect(new Set(keys.map((one) => fnv(one))).size).toBe(1);
    const keyed = of(keys.map((one, index): [string, number] => [one, index]));
    expect(keys.map((one) => valueAt(keyed, one))).toEqual(keys.map((_, index) => index));
    expect([...valuesIn(keyed)]).toHaveLength(16);
  });
});
