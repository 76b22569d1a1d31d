import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteReadModels, type ReadModels } from '../../documents/sqlite/open-read-models.ts';
import { someEntries } from '../contract-entries.ts';
import type { SearchEntry } from '../port.ts';

const of = (generation: number) => ({ projection: 'search', generation });
const entries = someEntries(5_000).map((each) => ({ ...each, listed: true }));
const query = { filters: {}, sort: 'newest', limit: 100 } as const;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('an index that is read into memory', () => {
  let folder = '';
  let models: ReadModels;
  const open = (): void => {
    models = openSqliteReadModels({ file: join(folder, 'search.db'), durable: false });
  };
  const create = (generation: number, state: 'live' | 'building') =>
    models.sink.create({ ...of(generation), version: 1, kind: 'search', indexes: [], state, bornAt: undefined });
  const write = (
    generation: number,
    puts: readonly SearchEntry[],
    after?: bigint,
    removes: readonly string[] = [],
  ): Promise<void> => {
    const checkpoint = (after ?? 0n) + 1n;
    const documents = puts.map((document) => ({ id: document.id, document, position: checkpoint }));
    return models.sink.write(of(generation), { puts: documents, removes, deadLetters: [], after, checkpoint });
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'filling-'));
    open();
    await create(1, 'live');
    await write(1, entries);
    models.close();
    open();
  });
  afterEach(() => {
    models.close();
    rmSync(folder, { recursive: true });
  });

  it('lets others go on, and has what they wrote meanwhile', async () => {
    let turns = 0;
    let answered = false;
    const answer = models
      .search('search')
      .query(query)
      .finally(() => {
        answered = true;
      });
    const [first, last] = [entries[0], entries.at(-1)];
    if (first === undefined || last === undefined) throw new Error('there are no entries');
    const newest = { ...last, id: 'newest', publishedAt: Number.MAX_SAFE_INTEGER };
    const wrote = write(1, [{ ...first, publishedAt: Number.MAX_SAFE_INTEGER - 1 }, newest], 1n, [last.id]);
    for (; !answered; turns += 1) await turn();
    await wrote;
    expect(turns).toBeGreaterThan(1);
    const { ids, total } = await answer;
    expect([ids.slice(0, 2), total]).toEqual([['newest', first.id], 5_000]);
    models.close();
    open();
    expect(await models.search('search').query(query)).toEqual({ ...(await answer) });
  });

  it('is not needed any more when readers were switched to another one and it was dropped', async () => {
    const answer = models.search('search').query(query);
    await create(2, 'building');
    await write(2, entries.slice(0, 7));
    await models.sink.activate(of(2));
    await models.sink.drop(of(1));
    expect((await answer).total).toBe(7);
  });
});
