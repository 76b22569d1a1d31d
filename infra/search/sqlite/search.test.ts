import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteReadModels } from '../../documents/sqlite/open-read-models.ts';
import { searchContract } from '../contract.ts';
import { type SearchWorld, someEntries } from '../contract-entries.ts';
import type { SearchEntry } from '../port.ts';
import { withinOneEdit } from './words.ts';

const ref = { projection: 'search', generation: 1 };

const openWorld = async (file = ':memory:'): Promise<SearchWorld> => {
  const readModels = openSqliteReadModels({ file });
  const [known] = await readModels.sink.generations('search');
  if (known === undefined)
    await readModels.sink.create({ ...ref, version: 1, kind: 'search', indexes: [], state: 'live', bornAt: undefined });
  let after = known?.checkpoint;
  return {
    search: readModels.search('search'),
    write: async (entries: readonly SearchEntry[], removes = []) => {
      const checkpoint = (after ?? 0n) + 1n;
      const puts = entries.map((document) => ({ id: document.id, document, position: checkpoint }));
      await readModels.sink.write(ref, { puts, removes, deadLetters: [], after, checkpoint });
      after = checkpoint;
    },
    close: async () => readModels.close(),
  };
};

searchContract('SQLite FTS5', openWorld);

describe('SQLite search', () => {
  const folder = mkdtempSync(join(tmpdir(), 'search-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('answers the same after a reopening as before it', async () => {
    const file = join(folder, 'search.db');
    const entries = someEntries(60);
    const world = await openWorld(file);
    await world.write(entries);
    await world.search.suggest('ba', 1);
    await world.write(
      entries.slice(0, 20).map((each) => ({ ...each, title: 'baba once more' })),
      [entries[30]?.id ?? ''],
    );
    const query = { text: 'baba', filters: {}, sort: 'relevance', limit: 10 } as const;
    const [answer, words] = [await world.search.query(query), await world.search.suggest('ba', 3)];
    await world.close();
    const again = await openWorld(file);
    expect(await again.search.query(query)).toEqual(answer);
    expect((await again.search.suggest('ba', 3))[0]).toEqual(words[0]);
    expect(answer.total).toBeGreaterThan(10);
    await again.close();
  });

  it.each([
    ['abc', 'abc', true],
    ['abc', 'ab', true],
    ['abc', 'xabc', true],
    ['abc', 'axc', true],
    ['abc', 'acb', true],
    ['abcd', 'badc', false],
    ['abc', 'cba', false],
    ['abc', 'a', false],
    ['aab', 'ab', true],
  ])('%s and %s are within one edit: %s', (a, b, expected) => {
    expect(withinOneEdit(a, b)).toBe(expected);
    expect(withinOneEdit(b, a)).toBe(expected);
  });
});
