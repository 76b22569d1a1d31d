import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fillWhole, finishFilling } from './filled-folder.ts';

let dir: string;
const folder = { path: (name: string) => join(dir, name) };
const write = (name: string, content: string): void => writeFileSync(folder.path(name), content);
const content = (name: string): string => readFileSync(folder.path(name), 'utf8');

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'filled-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('a filling', () => {
  it('comes in whole, over the empty files of an earlier start, whose master key it keeps', async () => {
    write('log.sqlite', 'empty');
    write('log.sqlite-wal', 'of the empty one');
    write('master.key', 'theirs');
    await fillWhole(folder, async (inside) => {
      expect(readFileSync(inside.path('master.key'), 'utf8')).toBe('theirs');
      writeFileSync(inside.path('log.sqlite'), 'filled');
      mkdirSync(inside.path('objects'));
      writeFileSync(join(inside.path('objects'), 'one'), 'a file');
    });
    expect(readdirSync(dir).sort()).toEqual(['log.sqlite', 'master.key', 'objects']);
    expect([content('log.sqlite'), content('objects/one')]).toEqual(['filled', 'a file']);
  });

  it('that fails leaves nothing', async () => {
    const filling = fillWhole(folder, async (inside) => {
      writeFileSync(inside.path('log.sqlite'), 'half');
      throw new Error('no');
    });
    await expect(filling).rejects.toThrow('no');
    expect(readdirSync(dir)).toEqual([]);
  });

  it('that was killed is gone at the next start', () => {
    mkdirSync(folder.path('demo.filling'));
    write('demo.filling/log.sqlite', 'half');
    finishFilling(folder);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('that was killed while it was moved in is moved in by the next start, the log last', async () => {
    await fillWhole(folder, async (inside) => {
      for (const name of ['demo.json', 'log.sqlite', 'secrets.sqlite']) writeFileSync(inside.path(name), name);
    });
    // As it was before the second file was moved.
    mkdirSync(folder.path('demo.filled'));
    for (const name of ['log.sqlite', 'secrets.sqlite'])
      renameSync(folder.path(name), folder.path(`demo.filled/${name}`));
    finishFilling(folder);
    expect(readdirSync(dir).sort()).toEqual(['demo.json', 'log.sqlite', 'secrets.sqlite']);
    expect(existsSync(folder.path('demo.filled'))).toBe(false);
    finishFilling(folder);
    expect(content('log.sqlite')).toBe('log.sqlite');
  });
});
