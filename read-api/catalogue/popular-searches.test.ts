import { describe, expect, it } from 'vitest';
import { localCounters } from '../../infra/cache/local-counters.ts';
import { manualClock } from '../../infra/clock/manual-clock.ts';
import type { Facets, FacetValue } from '../../infra/search/port.ts';
import { popularSearches } from './popular-searches.ts';

const values = (...slugs: readonly string[]): FacetValue[] => slugs.map((value) => ({ value, label: value, count: 1 }));
const facets: Facets = {
  ...{ tag: values('crm', 'mail'), category: values('lead-generation'), worksWith: values('slack') },
  ...{ kind: [], price: [], rating: [] },
};

const market = () => {
  const clock = manualClock(Date.parse('2026-11-21T10:00:00.000Z'));
  const popular = popularSearches(clock, localCounters(clock));
  const searched = async (text: string, times: number, from = 'caller'): Promise<void> => {
    for (let i = 0; i < times; i += 1) await popular.searched(text, `${from}-${i}`);
  };
  return { clock, searched, top: (limit = 8) => popular.top(facets, limit) };
};

describe('popular searches', () => {
  it('are the tags that most products carry, while nobody has searched', () => {
    expect(market().top()).toEqual(['crm', 'mail']);
  });

  it('are what most people searched for, however they wrote it; tags fill the rest', async () => {
    const { searched, top } = market();
    await searched('Slack', 2);
    await searched('  lead GENERATION ', 3);
    expect(top()).toEqual(['lead generation', 'slack', 'crm', 'mail']);
    expect(top(1)).toEqual(['lead generation']);
  });

  it('never show what is no word of the catalogue, however often it was typed', async () => {
    const { searched, top } = market();
    await searched('jane.doe@example.test', 50);
    expect(top()).toEqual(['crm', 'mail']);
  });

  it('count one caller once an hour', async () => {
    const { clock, searched, top } = market();
    for (let i = 0; i < 10; i += 1) await searched('slack', 1);
    await searched('mail', 2);
    expect(top(2)).toEqual(['mail', 'slack']);
    for (let i = 0; i < 2; i += 1) {
      await clock.advance(3_600_000);
      await searched('slack', 1);
    }
    expect(top(2)).toEqual(['slack', 'mail']);
  });

  it('fade: half the weight each day', async () => {
    const { clock, searched, top } = market();
    await searched('slack', 3);
    await clock.advance(48 * 3_600_000);
    await searched('mail', 1, 'other');
    expect(top(2)).toEqual(['mail', 'slack']);
    await clock.advance(30 * 24 * 3_600_000);
    expect(top()).toEqual(['crm', 'mail']);
  });

  it('keep a thousand texts at most, those searched last', async () => {
    const { searched, top } = market();
    await searched('slack', 2);
    for (let i = 0; i < 1_000; i += 1) await searched(`text ${i}`, 1);
    expect(top()).toEqual(['crm', 'mail']);
  });
});
