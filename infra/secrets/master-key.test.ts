import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../clock/manual-clock.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { masterKeyFrom } from './master-key.ts';

const random = seededRandom(4, manualClock(0));
const key = Buffer.from(random.bytes(32));

describe('the master key', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'master-key-'));
    file = join(folder, 'data', 'master.key');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    ['hex', key.toString('hex')],
    ['base64', key.toString('base64')],
    ['base64url', key.toString('base64url')],
    ['hex with a line end', `${key.toString('hex')}\n`],
  ])('comes from the configuration in %s, and no file is made', async (_, env) => {
    expect(Buffer.from(await masterKeyFrom({ env, file, random }))).toEqual(key);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['empty', ''],
    ['too short', key.toString('hex').slice(2)],
    ['too long', `${key.toString('hex')}00`],
    ['no key', 'please'],
  ])('is refused when it is %s', async (_, env) => {
    await expect(masterKeyFrom({ env, file, random })).rejects.toThrow('MASTER_KEY is not 32 bytes');
  });

  it('is made once and kept in a file that its owner alone can read', async () => {
    const made = await masterKeyFrom({ file, random });
    expect(made).toHaveLength(32);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await masterKeyFrom({ file, random })).toEqual(made);
    expect(await readdir(join(folder, 'data'))).toEqual(['master.key']);
  });

  it('is one key when two processes start at once', async () => {
    const [a, b] = await Promise.all([masterKeyFrom({ file, random }), masterKeyFrom({ file, random })]);
    expect(a).toEqual(b);
  });

  it('is never replaced when its file is damaged', async () => {
    await masterKeyFrom({ file, random });
    await writeFile(file, 'half a k');
    await expect(masterKeyFrom({ file, random })).rejects.toThrow('the master key file is not 32 bytes');
    expect(await readFile(file, 'utf8')).toBe('half a k');
  });
});
