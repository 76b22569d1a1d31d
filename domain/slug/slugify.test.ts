import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categorySlug, labelSlug, slugCandidate, slugify } from './slugify.ts';

describe('slugify', () => {
  it.each([
    ['Invoice sorter', 'invoice-sorter'],
    ['  Größe & Maß: Übersicht  ', 'grosse-and-mass-ubersicht'],
    ['Crème brûlée — œuvre', 'creme-brulee-oeuvre'],
    ['Łódź Ærø', 'lodz-aero'],
    ["Don't stop", 'dont-stop'],
    ['ﬁle № 5', 'file-no-5'],
    ['発票整理', 'item'],
    ['!!!', 'item'],
    ['2024', 'item-2024'],
    ['0190a1b2-0000-7000-8000-000000000001', 'item-0190a1b2-0000-7000-8000-000000000001'],
  ])('%s → %s', (title, slug) => expect(slugify(title)).toBe(slug));

  it('cuts at a word within 80 characters', () => {
    const slug = slugify(Array.from({ length: 20 }, () => 'seven77').join(' '));
    expect(slug).toBe(Array.from({ length: 10 }, () => 'seven77').join('-'));
  });

  it('cuts one endless word hard', () => expect(slugify('a'.repeat(200))).toBe('a'.repeat(80)));

  it('is always a usable slug', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (title) => {
        const slug = slugify(title);
        expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(slug).not.toMatch(/^\d+$/);
        expect(slug.length).toBeLessThanOrEqual(80);
      }),
    );
  });
});

describe('slugCandidate', () => {
  it('counts from the slug itself', () =>
    expect([1, 2, 3].map((n) => slugCandidate('x', n))).toEqual(['x', 'x-2', 'x-3']));
  it('stays within 80 characters', () => expect(slugCandidate('a'.repeat(80), 12)).toBe(`${'a'.repeat(77)}-12`));
});

describe('labels and categories', () => {
  it('are slugs of their text', () => expect(categorySlug('Lead Generation')).toBe('lead-generation'));
  it('keep the letters of another script', () => expect(labelSlug('営業 支援')).toBe('営業-支援'));
  it('fall back when nothing is left', () => expect([labelSlug('***'), categorySlug('***')]).toEqual(['', 'other']));
});
