import { describe, expect, it } from 'vitest';
import { compareSemver, isSemver } from './semver.ts';

describe('a version', () => {
  it.each([
    '0.0.0',
    '1.2.3',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-0.3.7',
    '1.0.0-x-y-z.--',
    '1.0.0+20130313',
    '1.0.0-b+e.2',
  ])('%s is one', (text) => expect(isSemver(text)).toBe(true));
  it.each([
    '',
    '1',
    '1.0',
    'v1.0.0',
    '01.0.0',
    '1.0.0-',
    '1.0.0-01',
    '1.0.0+',
    '1.0.0-a..b',
    ' 1.0.0',
    '1.0.0\n',
    `1.0.${'1'.repeat(70)}`,
  ])('%j is none', (text) => expect(isSemver(text)).toBe(false));
});

describe('precedence', () => {
  it('is that of the specification', () => {
    const ascending = [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '1.0.1',
      '1.2.0',
      '1.10.0',
      '2.0.0-0',
      '2.0.0',
      '9007199254740993.0.0',
      '9007199254740994.0.0',
    ];
    for (const [i, a] of ascending.entries())
      for (const [j, b] of ascending.entries())
        expect([a, b, Math.sign(compareSemver(a, b))]).toEqual([a, b, Math.sign(i - j)]);
  });
  it('does not look at build metadata', () => expect(compareSemver('1.0.0+a', '1.0.0+b')).toBe(0));
  it('is not asked of what is no version', () => expect(() => compareSemver('1.0.0', 'x')).toThrow('not a version: x'));
});
