import type { Search, SearchEntry, SearchSort } from './port.ts';

export type SearchWorld = {
  readonly search: Search;
  /** Visible to `search` once it resolves. */
  write(puts: readonly SearchEntry[], removes?: readonly string[]): Promise<void>;
  close(): Promise<void>;
};

export const sorts: readonly SearchSort[] = ['relevance', 'newest', 'price', '-price', 'rating', 'bestselling'];

/** Numbers in [0, 1) that repeat for a seed. */
const sequence = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

const syllables = ['ba', 'ke', 'ti', 'mor', 'lu', 'sen', 'dra', 'pho', 'wi', 'gan'];
const categories = ['sales', 'support', 'finance', 'ops'];
const kinds = ['n8n-workflow', 'ai-agent', 'template'];
const services = ['Slack', 'Gmail', 'Sheets'];

const word = (n: number): string =>
  `${syllables[n % 10]}${syllables[Math.floor(n / 10) % 10]}${n % 7 === 0 ? 's' : ''}`;

/** Entries that repeat for a seed: some words common, most rare. */
export const someEntries = (count: number, seed = 1): readonly SearchEntry[] => {
  const random = sequence(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const text = (words: number): string =>
    Array.from({ length: words }, () => word(Math.floor(random() ** 3 * 90))).join(' ');
  const some = (from: readonly string[]): readonly string[] => from.filter(() => random() < 0.4);
  return Array.from({ length: count }, (_, n) => {
    const category = categories[below(4)] ?? 'ops';
    return {
      id: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`,
      title: text(1 + below(5)),
      description: text(5 + below(30)),
      vendorId: `vendor-${below(5)}`,
      category,
      categoryLabel: category.toUpperCase(),
      tags: [...new Set(Array.from({ length: below(6) }, () => `tag-${below(30)}`))],
      kind: kinds[below(3)] ?? 'template',
      worksWith: some(services),
      price: [0, 500, 1900, 4900, 12_000][below(5)] ?? 0,
      currency: below(5) === 0 ? 'EUR' : 'USD',
      rating: below(11) / 2,
      sold: below(20),
      publishedAt: 1_700_000_000_000 + below(50) * 1000,
      listed: below(12) !== 0,
    };
  });
};

/** One entry, with what matters to a test. */
export const entry = (id: string, title: string, description = '', more: Partial<SearchEntry> = {}): SearchEntry => ({
  ...{
    id,
    title,
    description,
    vendorId: 'v',
    category: 'c',
    categoryLabel: 'C',
    tags: [],
    kind: 'other',
    worksWith: [],
  },
  ...{ price: 0, currency: 'USD', rating: 0, sold: 0, publishedAt: 0, listed: true },
  ...more,
});
