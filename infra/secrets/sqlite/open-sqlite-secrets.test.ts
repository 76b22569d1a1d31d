import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../clock/manual-clock.ts';
import { seededRandom } from '../../random/seeded-random.ts';
import { secretStoreContract } from '../contract.ts';
import { openSqliteSecrets } from './open-sqlite-secrets.ts';

const random = seededRandom(1, manualClock(0));
const masterKey = random.bytes(32);
const openIn = (folder: string, key = masterKey) =>
  openSqliteSecrets({ file: join(folder, 'secrets.sqlite'), masterKey: key, random });

const newFolder = () => mkdtemp(join(tmpdir(), 'secrets-'));

secretStoreContract('SQLite', async () => {
  const folder = await newFolder();
  let store = openIn(folder);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = openIn(folder);
      return store;
    },
    dispose: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});

describe('the secrets file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** All bytes of all files of the folder, as Latin-1. */
  const rawBytes = async (): Promise<string> =>
    (await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'latin1')))).join('');
  /** What stands in the file for each secret now: pieces of the wrapped bytes, by `kind/id`. */
  const wrapped = (): Map<string, string> => {
    const db = new DatabaseSync(join(folder, 'secrets.sqlite'), { readOnly: true });
    const rows = db.prepare('SELECT kind, id, bytes FROM secret JOIN slot ON number = slot').all();
    db.close();
    return new Map(
      rows.map(({ kind, id, bytes }) => [
        `${kind}/${id}`,
        Buffer.from(bytes instanceof Uint8Array ? bytes : []).toString('latin1', 0, 60),
      ]),
    );
  };

  it('holds no value in clear', async () => {
    const store = openIn(folder);
    await store.put('password', 'ada', Buffer.from('correct horse battery staple'), 'absent');
    await store.close();
    expect(await rawBytes()).toContain('ada');
    expect(await rawBytes()).not.toContain('horse battery');
  });

  it('holds nothing of a secret, not even wrapped, once it was removed or replaced', async () => {
    const store = openIn(folder);
    const value = (i: number) => new Uint8Array((i * 37) % 700).fill(i);
    for (let i = 0; i < 150; i += 1)
      await store.put(`kind${i % 3}`, random.uuid().slice(-12), value(i), 'absent', {
        owner: `o${i % 10}`,
        expiresAt: i,
      });
    const before = wrapped();
    const raw = await rawBytes();
    expect([...before.values()].every((piece) => raw.includes(piece))).toBe(true);

    for (const [i, name] of [...before.keys()].entries()) {
      const [kind = '', id = ''] = name.split('/');
      if (i % 3 === 0) await store.remove(kind, id);
      if (i % 3 === 1) await store.put(kind, id, value(i + 1), 1);
    }
    await store.removeByOwner('o4');
    await store.removeExpired(50);

    const after = wrapped();
    const gone = [...before].filter(([name, piece]) => after.get(name) !== piece);
    const rawAfter = await rawBytes();
    expect(gone.length).toBeGreaterThan(100);
    expect(gone.filter(([, piece]) => rawAfter.includes(piece))).toEqual([]);
    expect([...after.values()].every((piece) => rawAfter.includes(piece))).toBe(true);
    await store.close();
  });

  it('uses the room of removed secrets again', async () => {
    const store = openIn(folder);
    const sizeAfter = async (round: number): Promise<number> => {
      for (let i = 0; i < 30; i += 1) await store.put('session', `${round}-${i}`, new Uint8Array(200), 'absent');
      for (let i = 0; i < 30; i += 1) await store.remove('session', `${round}-${i}`);
      return (await stat(join(folder, 'secrets.sqlite'))).size;
    };
    const first = await sizeAfter(1);
    expect(await sizeAfter(2)).toBe(first);
    expect(await sizeAfter(3)).toBe(first);
    await store.close();
  });

  it('does not open with another master key, and says so', async () => {
    await openIn(folder).close();
    expect(() => openIn(folder, new Uint8Array(32))).toThrow('MASTER_KEY is not the key');
    await openIn(folder).close();
  });

  it('refuses a value that was moved to another secret', async () => {
    const store = openIn(folder);
    await store.put('password', 'ada', Buffer.from('a'), 'absent');
    await store.put('password', 'bob', Buffer.from('b'), 'absent');
    const db = new DatabaseSync(join(folder, 'secrets.sqlite'));
    db.exec("UPDATE secret SET slot = (SELECT slot FROM secret WHERE id = 'ada')");
    db.close();
    expect((await store.get('password', 'ada'))?.value).toEqual(new Uint8Array(Buffer.from('a')));
    await expect(store.get('password', 'bob')).rejects.toThrow();
    await store.close();
  });

  it('is readable by its owner only', async () => {
    await openIn(folder).close();
    expect((await stat(join(folder, 'secrets.sqlite'))).mode & 0o777).toBe(0o600);
  });
});
