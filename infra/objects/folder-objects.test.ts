import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { manualClock } from '../clock/manual-clock.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { objectStoreContract } from './contract.ts';
import { folderObjects } from './folder-objects.ts';

const random = () => seededRandom(7, manualClock(0));

const filesIn = async (dir: string): Promise<string[]> =>
  (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const emptyFolder = () => mkdtemp(join(tmpdir(), 'objects-'));

objectStoreContract('folder', async () => {
  const dir = await emptyFolder();
  return {
    store: await folderObjects({ dir, random: random() }),
    stored: async () => (await filesIn(dir)).length,
    close: () => rm(dir, { recursive: true }),
  };
});

test('objects outlive the process, parts of them do not', async () => {
  const dir = await emptyFolder();
  const before = await folderObjects({ dir, random: random() });
  await before.write('kept', new TextEncoder().encode('kept'));
  await mkdir(join(dir, 'incoming'), { recursive: true });
  await writeFile(join(dir, 'incoming', 'part'), 'left by a killed process');

  const after = await folderObjects({ dir, random: random() });
  expect(await after.size('kept')).toBe(4);
  expect(await filesIn(dir)).toHaveLength(1);
  await rm(dir, { recursive: true });
});

test('the folder is made, and objects lie two levels down', async () => {
  const dir = await emptyFolder();
  const nested = join(dir, 'a', 'b');
  const store = await folderObjects({ dir: nested, random: random() });
  await store.write('files/x', new Uint8Array([1]));
  const [file = ''] = await filesIn(nested);
  expect(file.slice(nested.length)).toMatch(/^[\\/][0-9a-f]{2}[\\/][0-9a-f]{2}[\\/]files~x$/);
  await rm(dir, { recursive: true });
});
