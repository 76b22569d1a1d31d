import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { documentsContract, type ReadModelWorld } from '../contract.ts';
import { openSqliteReadModels, type ReadModelFiles } from './open-read-models.ts';

const folder = mkdtempSync(join(tmpdir(), 'read-models-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

const worldOn = (files: ReadModelFiles): ReadModelWorld => {
  const opened = openSqliteReadModels(files);
  return {
    documents: opened.documents,
    sink: opened.sink,
    reopen: async () => {
      opened.close();
      return worldOn(files);
    },
    close: async () => opened.close(),
  };
};
const path = (): string => join(folder, `${++files}.db`);
documentsContract('SQLite', async () => worldOn({ file: path() }));
for (const projections of [['things'], ['others']])
  documentsContract(`SQLite, ${projections} in a file of their own`, async () =>
    worldOn({ file: path(), personal: { file: path(), projections } }),
  );

describe('SQLite read models', () => {
  it('rolls back the whole batch when a part of it cannot be written', async () => {
    const { sink, documents, close } = openSqliteReadModels({ file: ':memory:' });
    const ref = { projection: 'search', generation: 1 };
    await sink.create({ ...ref, version: 1, kind: 'search', indexes: [], state: 'live', bornAt: undefined });
    const notAnEntry = { id: 'a', document: { title: 'no entry' }, position: 1n };
    await expect(
      sink.write(ref, { puts: [notAnEntry], removes: [], deadLetters: [], after: undefined, checkpoint: 1n }),
    ).rejects.toThrow();
    expect(await documents.position('search')).toBeUndefined();
    expect(await documents.get('search', 'a')).toBeUndefined();
    close();
  });

  const marked = (text: string, id = 'a') => ({ id, document: { text }, position: 1n });
  const bytesOf = (file: string): string =>
    readdirSync(folder)
      .filter((name) => name.startsWith(basename(file)))
      .map((name) => readFileSync(join(folder, name), 'latin1'))
      .join('');
  const begun = { version: 1, kind: 'documents', indexes: [], state: 'live', bornAt: undefined } as const;

  it('erases from the file of the personal ones, and writes no other anew', async () => {
    const [file, own] = [path(), path()];
    const personal = { file: own, projections: ['people'] };
    const { sink, documents, erasure, close } = openSqliteReadModels({ file, personal });
    for (const projection of ['people', 'things']) {
      await sink.create({ ...begun, projection, generation: 1 });
      const puts = [marked(`first of ${projection}`), marked(`second of ${projection}`, 'b')];
      const batch = { puts, removes: [], deadLetters: [], after: undefined, checkpoint: 1n };
      await sink.write({ projection, generation: 1 }, batch);
    }
    const before = [documents.changes(['people']), documents.changes(['things'])];
    await erasure.remove('people', 'a');
    expect([documents.changes(['people']), documents.changes(['things'])]).toEqual([(before[0] ?? 0) + 1, before[1]]);
    expect([await erasure.allReached('people', 1n), await erasure.allReached('people', 2n)]).toEqual([true, false]);
    await erasure.scrub();
    expect(bytesOf(own)).not.toContain('first of people');
    expect(bytesOf(own)).toContain('second of people');
    expect(bytesOf(file)).not.toContain('of people');
    expect(bytesOf(file)).toContain('first of things');
    await expect(erasure.remove('things', 'a')).rejects.toThrow('not kept where people are erased');
    await expect(erasure.allReached('things', 1n)).rejects.toThrow('not kept where people are erased');
    close();
  });

  it('takes people out of the one file that had everything, with their bytes; their numbers go on', async () => {
    const [file, own] = [path(), path()];
    const old = openSqliteReadModels({ file });
    const of = (projection: string, generation: number) => ({ projection, generation });
    await old.sink.create({ ...begun, ...of('things', 1) });
    await old.sink.create({ ...begun, ...of('people', 1), state: 'building' });
    await old.sink.drop(of('people', 1));
    await old.sink.create({ ...begun, ...of('people', 2) });
    for (const ref of [of('things', 1), of('people', 2)])
      await old.sink.write(ref, {
        ...{ puts: [marked(`text of ${ref.projection}`)], removes: [], after: undefined, checkpoint: 1n },
        deadLetters: [
          {
            ...{ ...ref, id: `letter of ${ref.projection}`, position: 1n, stream: 's', revision: 0n, eventId: 'e' },
            ...{ eventType: 'T', documentId: null, reason: 'r', parkedAt: 1 },
          },
        ],
      });
    old.close();
    for (let starts = 0; starts < 2; starts += 1) {
      const { sink, documents, close } = openSqliteReadModels({
        file,
        personal: { file: own, projections: ['people'] },
      });
      const states = (await sink.generations()).map(({ projection, generation, state }) => [
        projection,
        generation,
        state,
      ]);
      expect(states).toEqual([
        ['people', 1, 'dropped'],
        ['people', 2, 'dropped'],
        ['things', 1, 'live'],
      ]);
      expect(await documents.get('people', 'a')).toBeUndefined();
      expect(await documents.get('things', 'a')).toEqual({ text: 'text of things' });
      expect((await sink.deadLetters({ limit: 9 })).map(({ id }) => id)).toEqual(['letter of things']);
      expect(bytesOf(file)).not.toContain('of people');
      close();
    }
  });

  it('writes the file anew at the next start when it crashed before', () => {
    const [file, own] = [path(), path()];
    openSqliteReadModels({ file }).close();
    const crashed = new DatabaseSync(file);
    crashed.exec("CREATE TABLE gone (text TEXT); INSERT INTO gone VALUES ('text of people'); DROP TABLE gone");
    crashed.exec('PRAGMA user_version = 1');
    crashed.close();
    expect(bytesOf(file)).toContain('text of people');
    const rewritten = (): number => {
      openSqliteReadModels({ file, personal: { file: own, projections: ['people'] } }).close();
      return statSync(file).mtimeMs;
    };
    const first = rewritten();
    expect(bytesOf(file)).not.toContain('text of people');
    expect(rewritten()).toBe(first);
  });
});
