import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Random } from '../random/port.ts';

const keyBytes = 32;

const parseKey = (text: string, from: string): Uint8Array => {
  const trimmed = text.trim();
  const key = /^[0-9a-f]{64}$/i.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : /^[\w+/-]{43}=?$/.test(trimmed)
      ? Buffer.from(trimmed, 'base64')
      : undefined;
  if (key?.length !== keyBytes) throw new Error(`${from} is not 32 bytes in hex or base64`);
  return key;
};

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** Whole or not at all, also at `kill -9`: written beside, then linked to its name. Another maker who was first wins. */
const makeFile = async (file: string, random: Random): Promise<void> => {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${random.uuid()}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${Buffer.from(random.bytes(keyBytes)).toString('hex')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  await syncFolder(dirname(file));
};

/**
 * The master key (32 bytes): `env` in hex or base64 when it is configured, otherwise the one kept in `file`, which
 * is made with mode 0600, durably, when it is missing. @throws Error when what is there is no key
 */
export const masterKeyFrom = async (options: {
  readonly env?: string | undefined;
  readonly file: string;
  readonly random: Random;
}): Promise<Uint8Array> => {
  const { env, file, random } = options;
  if (env !== undefined) return parseKey(env, 'MASTER_KEY');
  const read = async (): Promise<Uint8Array> => parseKey(await readFile(file, 'utf8'), 'the master key file');
  try {
    return await read();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  await makeFile(file, random);
  return read();
};
