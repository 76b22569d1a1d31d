import { idFrom } from '../../../write-side/handling/ids.ts';
import { encodeCursor, fingerprintOf } from '../../search/sqlite/cursor.ts';
import { categoryAt, priceAt, productIdAt } from '../seed/products.ts';
import { wordAt } from '../seed/words.ts';

/** A kind of request, asked in two ways. */
export type Question = {
  readonly name: string;
  /** The one that is asked again and again. */
  readonly again: string;
  /** The n-th of a series in which no two are the same, whatever the scale. */
  readonly nth: (n: number, products: number) => string;
};

const api = '/api/v1';
const sorts = ['price', '-price'] as const;
const fingerprints = sorts.map((sort) => fingerprintOf({ filters: {}, sort, limit: 20, exact: true }));

/** Behind the price of one product, as the page before would have said; the id makes it another cursor each time. */
const pageBehind = (n: number, products: number): string => {
  const price = priceAt((n * 31) % products);
  const key = n % 2 === 0 ? -price : price;
  const cursor = encodeCursor({
    v: 1,
    q: fingerprints[n % 2] ?? '',
    k: [key, 0, idFrom('bench', 'behind', n)],
    r: undefined,
  });
  return `${api}/products?sort=${sorts[n % 2]}&limit=20&cursor=${cursor}`;
};

/** Letters of an id that are needed for 2,048 spellings. */
const manyLetters = 11;
const spellable = new Map<number, readonly string[]>();

/** Ids with enough letters to be written in many ways. */
const idsToSpell = (products: number): readonly string[] => {
  const known = spellable.get(products);
  if (known !== undefined) return known;
  const all = Array.from({ length: products }, (_, n) => productIdAt(n));
  const ids = all.filter((id) => id.replaceAll(/[^a-f]/g, '').length >= manyLetters);
  spellable.set(products, ids);
  return ids;
};

/** A product's id in other capitals each time: found in the same way, asked for by another address. */
const spelled = (n: number, products: number): string => {
  const ids = idsToSpell(products);
  let bits = Math.floor(n / ids.length) + 1;
  return (ids[(n * 7) % ids.length] ?? '').replaceAll(/[a-f]/g, (letter) => {
    const upper = bits % 2 === 1;
    bits = Math.floor(bits / 2);
    return upper ? letter.toUpperCase() : letter;
  });
};

/** A price that everything is below: a filter that lets all through, another one each time. */
const anyPrice = (n: number): string => `maxPrice=${1_000_000 + n}`;

export const listPages: Question = {
  name: 'list',
  again: `${api}/products?limit=20`,
  nth: pageBehind,
};
export const filteredLists: Question = {
  name: 'filtered list',
  again: `${api}/products?limit=20&category=category-3&sort=price&maxPrice=5000`,
  nth: (n) => {
    const sort = ['newest', 'price', '-price', 'rating', 'bestselling'][n % 5];
    return `${api}/products?limit=20&category=${encodeURIComponent(categoryAt(n))}&sort=${sort}&${anyPrice(n)}`;
  },
};
export const productPages: Question = {
  name: 'product page',
  again: `${api}/products/${productIdAt(17)}`,
  nth: (n, products) => `${api}/products/${spelled(n, products)}`,
};

/** What people type: a common word, two words, a rare one. */
export const wordsAt = (n: number): string => {
  switch (n % 3) {
    case 0:
      return wordAt(n % 40);
    case 1:
      return `${wordAt((n * 7) % 60)} ${wordAt((n * 13) % 200)}`;
    default:
      return wordAt(1_000 + ((n * 17) % 2_500));
  }
};
export const searches: Question = {
  name: 'search',
  again: `${api}/search?q=${wordAt(3)}&limit=20`,
  nth: (n) => `${api}/search?q=${encodeURIComponent(wordsAt(n))}&exact=true&limit=20&${anyPrice(n)}`,
};
