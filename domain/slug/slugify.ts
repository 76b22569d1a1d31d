const MAX = 80;
/** Letters that Unicode doesn't take apart into an ASCII letter and a mark. */
const SPELT: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  '&': ' and ',
};
const UUID_SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const cutAtWord = (slug: string, max: number): string => {
  if (slug.length <= max) return slug;
  const end = slug.lastIndexOf('-', max);
  return slug.slice(0, end > 0 ? end : max);
};

const ascii = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[ßæœøđðłþħı&]/g, (letter) => SPELT[letter] ?? '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f'’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/**
 * The slug of a title: `[a-z0-9-]`, 1–80 characters, cut at a word. Never only digits and never shaped like an id,
 * because pages are found by either. A title without any Latin letter or digit gives `item`.
 */
export const slugify = (title: string): string => {
  const slug = cutAtWord(ascii(title), MAX);
  if (slug === '') return 'item';
  return /^\d+$/.test(slug) || UUID_SHAPE.test(slug) ? cutAtWord(`item-${slug}`, MAX) : slug;
};

/** The n-th slug to try (n from 1) when those before are taken: `x`, `x-2`, `x-3`; also within 80 characters. */
export const slugCandidate = (slug: string, n: number): string => {
  if (n <= 1) return slug;
  const suffix = `-${n}`;
  return `${cutAtWord(slug, MAX - suffix.length)}${suffix}`;
};

/**
 * The slug of a label (tag, category): Latin as in `slugify`; a label in another script keeps its own letters, so that
 * two of them stay apart. Empty when nothing is left.
 */
export const labelSlug = (label: string): string => {
  const latin = ascii(label);
  if (latin !== '') return cutAtWord(latin, MAX);
  const own = label
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  return cutAtWord(own, MAX).replace(/[\uD800-\uDBFF]$/, '');
};

/** The slug of a category's free text; `other` when nothing is left. */
export const categorySlug = (text: string): string => labelSlug(text) || 'other';
