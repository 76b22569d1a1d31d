import { labelSlug } from '../../domain/slug/slugify.ts';
import type { Counters } from '../../infra/cache/port.ts';
import type { Clock } from '../../infra/clock/port.ts';
import type { Facets } from '../../infra/search/port.ts';

const dayMs = 24 * 3_600_000;
const hourMs = 3_600_000;
/** Texts that are counted at a time; the one that was searched least recently makes room. */
const capacity = 1_000;

export type PopularSearches = {
  /** Counts a search that found something, once an hour for one caller. */
  searched(text: string, caller: string): Promise<void>;
  /**
   * At most `limit` words for the first page: those searched most that are tags, categories or integrations of products on sale,
   * so that nobody is shown what only a stranger typed; then the tags that most products carry.
   */
  top(facets: Facets | undefined, limit: number): readonly string[];
};

/**
 * What people search for, in this process's memory: each day a count weighs half of what it did the day before. Nothing is written
 * down; after a restart the tags stand in until people have searched again.
 */
export const popularSearches = (clock: Clock, counters: Counters): PopularSearches => {
  const counts = new Map<string, number>();
  let halvedAt = clock.now();

  const halve = (): void => {
    const days = Math.floor((clock.now() - halvedAt) / dayMs);
    if (days <= 0) return;
    halvedAt += days * dayMs;
    for (const [slug, count] of counts)
      if (count / 2 ** days < 0.1) counts.delete(slug);
      else counts.set(slug, count / 2 ** days);
  };

  return {
    searched: async (text, caller) => {
      const slug = labelSlug(text);
      if (slug === '' || (await counters.hit(`searched ${slug} ${caller}`, hourMs)).count > 1) return;
      halve();
      const count = (counts.get(slug) ?? 0) + 1;
      counts.delete(slug);
      counts.set(slug, count);
      const [oldest] = counts.keys();
      if (counts.size > capacity && oldest !== undefined) counts.delete(oldest);
    },
    top: (facets, limit) => {
      halve();
      if (facets === undefined) return [];
      const known = new Set([...facets.tag, ...facets.category, ...facets.worksWith].map(({ value }) => value));
      const searched = [...counts]
        .toReversed()
        .filter(([slug]) => known.has(slug))
        .toSorted((a, b) => b[1] - a[1]);
      const all = [...searched.map(([slug]) => slug), ...facets.tag.map(({ value }) => value)];
      return [...new Set(all)].slice(0, limit).map((slug) => slug.replaceAll('-', ' '));
    },
  };
};
