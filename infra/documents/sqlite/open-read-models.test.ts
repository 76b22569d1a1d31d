import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { documentsContract, type ReadModelWorld } from '../contract.ts';
import { openSqliteReadModels } from './open-read-models.ts';

const folder = mkdtempSync(join(tmpdir(), 'read-models-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

const worldOn = (file: string): ReadModelWorld => {
  const opened = openSqliteReadModels({ file });
  return {
    documents: opened.documents,
    sink: opened.sink,
    reopen: async () => {
      opened.close();
      return worldOn(file);
    },
    close: async () => opened.close(),
  };
};
documentsContract('SQLite', async () => worldOn(join(folder, `${++files}.db`)));

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
});
